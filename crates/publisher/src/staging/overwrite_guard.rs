//! Overwrite guard: a command replaces only files that the same command wrote.
//!
//! A user who mistypes a file name must not lose the only copy of a list.

use std::fmt;
use std::fs::{File, FileType};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::key_file::header as key_file;
use cek_nik::pack::MAGIC;
use cek_nik_reader::pack_file::PackFile;

/// A command that writes a file and may replace its own older one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// `cek-nik plan`, which writes a page with [`PLAN_MARK`].
    Plan,
    /// `cek-nik plan --report` and `cek-nik build --report`, which write an object that begins with
    /// [`REPORT_MARK`].
    ListReport,
    /// `cek-nik pack --out`, which writes a pack.
    PackOut,
    /// `cek-nik pack --html`, which writes a page with a pack inside.
    PackHtml,
    /// `cek-nik keys`, which writes a key file.
    Keys,
}

/// The text that marks a page of `cek-nik plan`, within its first 64 KiB.
pub const PLAN_MARK: &str = "<p class=\"kicker\">cek-nik plan, ";

/// The beginning of a list report.
pub const REPORT_MARK: &str = "{\n  \"format\": \"cek-nik list report\"";

/// The bytes of a page that are searched for [`PLAN_MARK`].
const PLAN_MARK_WITHIN: u64 = 64 << 10;

/// Why a file cannot be written under a name.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum CannotReplace {
    /// The parent directory does not exist.
    #[error("cannot write {path}: there is no directory {directory}; make it first")]
    NoDirectory { path: PathBuf, directory: PathBuf },
    /// Another command or program wrote the file.
    #[error(
        "{path} exists and was not written by `{expected}`; refusing to overwrite it. \
         Choose another file name, or move it away."
    )]
    WouldOverwrite { path: PathBuf, expected: Writer },
    /// A symbolic link, which a rename would replace without touching its target.
    #[error(
        "{path} is a symbolic link; refusing to replace it. \
         Give the name of the file that it points to, or remove the link."
    )]
    SymbolicLink { path: PathBuf },
    /// A directory.
    #[error("{path} is a directory; refusing to replace it. Choose another file name.")]
    Directory { path: PathBuf },
    /// A named pipe, a socket or a device.
    #[error("{path} is not a regular file; refusing to replace it. Choose another file name.")]
    Special { path: PathBuf },
    /// The file or its metadata cannot be read.
    #[error("cannot check that `{expected}` wrote {path}; choose another file name")]
    Unreadable {
        path: PathBuf,
        expected: Writer,
        source: io::Error,
    },
}

impl CannotReplace {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoDirectory { .. } => "no_parent_directory",
            Self::WouldOverwrite { .. } => "would_overwrite",
            Self::SymbolicLink { .. } => "output_is_link",
            Self::Directory { .. } | Self::Special { .. } => "output_not_a_file",
            Self::Unreadable { .. } => "output_unreadable",
        }
    }
}

/// Checks that `writer` may create or replace the file at `path`. Creates nothing.
pub fn check(path: &Path, writer: Writer) -> Result<(), CannotReplace> {
    if let Some(directory) = path.parent().filter(|parent| *parent != Path::new(""))
        && !directory.is_dir()
    {
        return Err(CannotReplace::NoDirectory {
            path: path.to_owned(),
            directory: directory.to_owned(),
        });
    }
    let path = path.to_owned();
    let written = match path.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => Err(error),
        Ok(metadata) if !metadata.is_file() => return Err(not_a_file(path, metadata.file_type())),
        Ok(_) => writer.wrote(&path),
    };
    let expected = writer;
    match written {
        Ok(true) => Ok(()),
        Ok(false) => Err(CannotReplace::WouldOverwrite { path, expected }),
        Err(source) => Err(CannotReplace::Unreadable {
            path,
            expected,
            source,
        }),
    }
}

fn not_a_file(path: PathBuf, file_type: FileType) -> CannotReplace {
    if file_type.is_symlink() {
        CannotReplace::SymbolicLink { path }
    } else if file_type.is_dir() {
        CannotReplace::Directory { path }
    } else {
        // A pipe must not be opened: reading it would wait for a writer.
        CannotReplace::Special { path }
    }
}

impl Writer {
    /// Whether the command wrote a regular file. A truncated pack counts.
    fn wrote(self, path: &Path) -> io::Result<bool> {
        let beginning = |bytes| {
            let mut beginning = Vec::new();
            File::open(path)?.take(bytes).read_to_end(&mut beginning)?;
            io::Result::Ok(beginning)
        };
        Ok(match self {
            Self::Plan => {
                let page = beginning(PLAN_MARK_WITHIN)?;
                memchr::memmem::find(&page, PLAN_MARK.as_bytes()).is_some()
            }
            Self::ListReport => beginning(REPORT_MARK.len() as u64)? == REPORT_MARK.as_bytes(),
            Self::PackOut => beginning(MAGIC.len() as u64)? == MAGIC,
            Self::Keys => beginning(key_file::MAGIC.len() as u64)? == key_file::MAGIC,
            Self::PackHtml => PackFile::open(path).is_ok_and(|file| file.page.is_some()),
        })
    }
}

impl fmt::Display for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plan => "cek-nik plan",
            Self::ListReport => "cek-nik --report",
            Self::PackOut => "cek-nik pack --out",
            Self::PackHtml => "cek-nik pack --html",
            Self::Keys => "cek-nik keys",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_plan_is_replaced_by_plan() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("list.csv");
        check(&path, Writer::Plan).unwrap();
        let page = format!("<!doctype html><style>p {{}}</style>{PLAN_MARK}2026-11-23</p>");
        std::fs::write(&path, &page).unwrap();
        check(&path, Writer::Plan).unwrap();
        let far = " ".repeat(PLAN_MARK_WITHIN as usize) + &page;
        for other in [
            "3201014107909001\n",
            "",
            "<p class=\"kicker\">cek-nik audit, ",
            &far,
        ] {
            std::fs::write(&path, other).unwrap();
            let error = check(&path, Writer::Plan).unwrap_err();
            assert_eq!(error.code(), "would_overwrite");
            assert_eq!(
                error.to_string(),
                format!(
                    "{} exists and was not written by `cek-nik plan`; refusing to overwrite it. \
                     Choose another file name, or move it away.",
                    path.display()
                )
            );
        }
    }

    #[test]
    fn a_directory_is_never_replaced_and_a_missing_one_is_named() {
        let directory = tempfile::tempdir().unwrap();
        for writer in [Writer::Plan, Writer::PackOut, Writer::PackHtml] {
            assert!(matches!(
                check(directory.path(), writer),
                Err(CannotReplace::Directory { .. })
            ));
            let missing = directory.path().join("none");
            let error = check(&missing.join("page.html"), writer).unwrap_err();
            assert_eq!(error.code(), "no_parent_directory");
            assert!(matches!(
                error,
                CannotReplace::NoDirectory { directory, .. } if directory == missing
            ));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_file_of_ones_own_is_not_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let (page, link) = (
            directory.path().join("page.html"),
            directory.path().join("link.html"),
        );
        std::fs::write(&page, PLAN_MARK).unwrap();
        std::os::unix::fs::symlink(&page, &link).unwrap();
        check(&page, Writer::Plan).unwrap();
        assert!(matches!(
            check(&link, Writer::Plan),
            Err(CannotReplace::SymbolicLink { .. })
        ));
    }
}
