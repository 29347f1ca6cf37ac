//! Failures in the language of the output: the message of an error, and the hint for its code.
//!
//! The libraries write English. The errors that volunteers meet have Indonesian words in
//! `texts/failures.id.json`; the others stay English.

mod audit;
pub mod build;
mod input;
mod pack;
mod plan;

use std::io::{self, ErrorKind};
use std::path::Path;

use super::hints;
use super::sanitize;
use super::texts::{Language, Texts};

/// An error with a stable code.
pub trait Failure: std::error::Error + Send + Sync + Sized + 'static {
    /// The stable name.
    fn code(&self) -> &'static str;

    /// The words in the language of `texts`, which is not English; `None` if there are none.
    fn words(&self, texts: Texts) -> Option<String>;
}

/// An error in the language of the output, with the hint for its code.
pub fn failed(texts: Texts, error: impl Failure) -> anyhow::Error {
    let code = error.code();
    match words(texts, &error) {
        None => hints::hinted(texts, code, error),
        Some(words) => anyhow::anyhow!(hints::with_hint(texts, code, &words)),
    }
}

/// An error of the command line's own: the English words, or the text at `path`.
pub fn own(texts: Texts, path: &str, english: &str) -> String {
    texts.find(path).unwrap_or(english).to_owned()
}

/// The message of an error in the language of the output, without a hint.
pub fn message(texts: Texts, error: &impl Failure) -> String {
    words(texts, error).unwrap_or_else(|| chain(error))
}

fn words(texts: Texts, error: &impl Failure) -> Option<String> {
    match texts.language() {
        Language::En => None,
        Language::Id => error.words(texts),
    }
}

/// An English error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// A file that the command line could not write.
pub fn unwritable(texts: Texts, path: &Path, error: io::Error) -> anyhow::Error {
    let shown = sanitize::path(path);
    match texts.language() {
        Language::En => anyhow::Error::new(error).context(format!("cannot write {shown}")),
        Language::Id => {
            let values = [("path", &*shown), ("cause", &*io_words(texts, &error))];
            anyhow::anyhow!(texts.fill("/failure/path/write", &values))
        }
    }
}

/// The words of the operating system.
pub fn io_words(texts: Texts, error: &io::Error) -> String {
    let path = match error.kind() {
        ErrorKind::NotFound => "/failure/io/not_found",
        ErrorKind::PermissionDenied => "/failure/io/permission_denied",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "/failure/io/full_disk",
        ErrorKind::ReadOnlyFilesystem => "/failure/io/read_only",
        ErrorKind::IsADirectory => "/failure/io/is_a_directory",
        ErrorKind::NotADirectory => "/failure/io/not_a_directory",
        _ => return error.to_string(),
    };
    texts.text(path).to_owned()
}

/// A text with a path as its only value.
fn of_path(texts: Texts, text: &str, path: &Path) -> String {
    texts.fill(text, &[("path", &sanitize::path(path))])
}

impl Failure for cek_nik_publisher::io_action::PathError {
    fn code(&self) -> &'static str {
        "file_system"
    }

    fn words(&self, texts: Texts) -> Option<String> {
        use cek_nik_publisher::io_action::IoAction;
        let path = match self.action {
            IoAction::Read => "/failure/path/read",
            IoAction::Write => "/failure/path/write",
            IoAction::WriteIn => "/failure/path/write_in",
            IoAction::Remove => "/failure/path/remove",
            IoAction::Lock => "/failure/path/lock",
        };
        let values = [
            ("path", &*sanitize::path(&self.path)),
            ("cause", &*io_words(texts, &self.source)),
        ];
        Some(texts.fill(path, &values))
    }
}

impl Failure for cek_nik_publisher::staging::overwrite_guard::CannotReplace {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn words(&self, texts: Texts) -> Option<String> {
        Some(match self {
            Self::NoDirectory { path, directory } => {
                let values = [
                    ("path", &*sanitize::path(path)),
                    ("directory", &*sanitize::path(directory)),
                ];
                texts.fill("/failure/output/no_directory", &values)
            }
            Self::WouldOverwrite { path, expected } => {
                let values = [
                    ("path", &*sanitize::path(path)),
                    ("command", &*expected.to_string()),
                ];
                texts.fill("/failure/output/would_overwrite", &values)
            }
            Self::SymbolicLink { path } => of_path(texts, "/failure/output/link", path),
            Self::Directory { path } => of_path(texts, "/failure/output/directory", path),
            Self::Special { path } => of_path(texts, "/failure/output/special", path),
            Self::Unreadable { .. } => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use cek_nik::catalogue::CatalogueError;
    use cek_nik::check::{FetchError, Reason};
    use cek_nik::key::Kdf;
    use cek_nik::pack::PackError;
    use cek_nik::shard::ShardError;
    use cek_nik_audit::error::AuditError;
    use cek_nik_audit::verify::error::VerifyError;
    use cek_nik_publisher::config::error::ConfigError;
    use cek_nik_publisher::error::{BuildError, CheckpointRows};
    use cek_nik_publisher::input::columns::{ColumnNames, Field, LayoutError, Profiles, Spoilt};
    use cek_nik_publisher::input::formats::decode_error::DecodeError;
    use cek_nik_publisher::input::{Changed, InputError};
    use cek_nik_publisher::io_action::{IoAction, PathError};
    use cek_nik_publisher::key_file::error::{Flaw, KeyFileError};
    use cek_nik_publisher::pack::error::{NextStep, PackingError, ShardName};
    use cek_nik_publisher::plan::choice::PlanError;
    use cek_nik_publisher::plan::lost_rows::LostRows;
    use cek_nik_publisher::plan::risk::Risk;
    use cek_nik_publisher::preflight::refused::Why;
    use cek_nik_publisher::staging::error::StagingError;
    use cek_nik_publisher::staging::overwrite_guard::{CannotReplace, Writer};

    use super::*;

    /// The Indonesian words, which have no gap and no English.
    fn whole(error: impl Failure) -> String {
        let words = error.words(Texts::new(Language::Id));
        let words = words.unwrap_or_else(|| panic!("no words for {error}"));
        assert!(!words.contains(['{', '}']), "{words}");
        for english in [" the ", " is ", " cannot ", "/failure", "/cli", "/reason"] {
            assert!(!words.contains(english), "{words}");
        }
        assert_ne!(words, error.to_string());
        words
    }

    fn here() -> PathBuf {
        PathBuf::from("tempat")
    }

    fn io(kind: ErrorKind) -> io::Error {
        kind.into()
    }

    fn path_error(action: IoAction) -> PathError {
        PathError {
            action,
            path: here(),
            source: io(ErrorKind::PermissionDenied),
        }
    }

    #[test]
    fn files_that_cannot_be_used_are_named() {
        for action in [
            IoAction::Read,
            IoAction::Write,
            IoAction::WriteIn,
            IoAction::Remove,
            IoAction::Lock,
        ] {
            assert!(whole(path_error(action)).contains("tempat"));
        }
        for error in [
            CannotReplace::NoDirectory {
                path: here(),
                directory: here(),
            },
            CannotReplace::WouldOverwrite {
                path: here(),
                expected: Writer::Plan,
            },
            CannotReplace::SymbolicLink { path: here() },
            CannotReplace::Directory { path: here() },
            CannotReplace::Special { path: here() },
        ] {
            assert!(whole(error).contains("tempat"));
        }
        for kind in [
            ErrorKind::NotFound,
            ErrorKind::StorageFull,
            ErrorKind::ReadOnlyFilesystem,
            ErrorKind::IsADirectory,
            ErrorKind::NotADirectory,
        ] {
            whole(InputError::Io {
                path: here(),
                source: io(kind),
            });
        }
    }

    #[test]
    fn lists_that_cannot_be_read_are_explained() {
        let field = || Field {
            index: 1,
            title: Some("NIK".to_owned()),
        };
        let found = || ColumnNames {
            columns: 2,
            names: vec!["NAMA".to_owned()],
        };
        let none = || Profiles(Vec::new());
        let mut errors = vec![
            LayoutError::NoSuchColumn {
                wanted: "X".to_owned(),
                found: found(),
            },
            LayoutError::NoNikColumn {
                found: found(),
                numbers: none(),
            },
            LayoutError::TwoColumns {
                name: "NIK".to_owned(),
                columns: none(),
            },
            LayoutError::NoNameColumn { found: found() },
            LayoutError::NoNames,
            LayoutError::Unclear {
                columns: 3,
                numbers: none(),
            },
            LayoutError::HeadingWidth {
                line: 1,
                names: 2,
                fields: 3,
            },
            LayoutError::DecimalComma,
            LayoutError::NoColumnZero,
            LayoutError::NoColumns,
        ];
        let spoilt = [
            Spoilt::LastDigits,
            Spoilt::Digits,
            Spoilt::Empty,
            Spoilt::OtherThings,
        ];
        errors.extend(spoilt.map(|why| LayoutError::NikSpoilt {
            column: field(),
            why,
            others: none(),
        }));
        for source in errors {
            whole(InputError::Layout {
                path: here(),
                source,
            });
        }
        for source in [
            DecodeError::MixedEncodings { offset: 1, line: 2 },
            DecodeError::ZeroBytes { offset: 1, line: 2 },
            DecodeError::HalfCharacter { offset: 1 },
            DecodeError::Compressed {
                format: "gzip",
                source: io(ErrorKind::InvalidData),
            },
            DecodeError::Json { line: 2 },
            DecodeError::Workbook,
            DecodeError::EmptyWorkbook,
            DecodeError::SeveralSheets {
                sheets: "1, 2".to_owned(),
            },
            DecodeError::Parquet,
        ] {
            whole(InputError::Decode {
                path: here(),
                source,
            });
        }
        let (path, line) = (here(), 7);
        whole(InputError::SwallowedRow { path, line });
        whole(InputError::OtherHeading {
            path: here(),
            first: None,
            second: 9,
        });
        whole(InputError::OpenQuote {
            path: here(),
            line,
            limit: 9,
        });
    }

    #[test]
    fn plans_and_lists_that_are_refused_are_explained() {
        for error in [
            PlanError::NotARate,
            PlanError::NotACertainty,
            PlanError::NoPopulation,
            PlanError::NoRows,
            PlanError::TooLarge {
                bits: 1,
                bytes: 1 << 30,
                limit: 1 << 20,
            },
            PlanError::EmptyShards {
                bits: 9,
                shards: 512,
                distinct: 7,
                most: 0,
            },
        ] {
            whole(ConfigError::Plan(error));
        }
        for error in [
            ConfigError::NoDataset,
            ConfigError::UnusedNameColumn,
            ConfigError::CertaintyAndRate,
            ConfigError::InvalidSalt,
            ConfigError::CostWithoutArgon2,
            ConfigError::InvalidId("A".to_owned()),
            ConfigError::IdHoldsDigits,
        ] {
            whole(error);
        }
        whole(Risk::SmallCrowd {
            bits: 13,
            people: 35_194.0,
            nearby: 3.5,
        });
        let (rows, kdf) = (300_000, Kdf::Sha256);
        whole(Risk::Enumeration { rows, kdf });
        for lost_for_name in [0, 6] {
            whole(Why::LostRows(LostRows {
                list: 0,
                lost: 6,
                lost_for_name,
                rows: 14,
            }));
        }
        whole(Why::MostlyNoNiks(here()));
        whole(Why::MostlyNoNames(here()));
        whole(Why::NoNik);
    }

    #[test]
    fn a_build_that_fails_says_how_it_continues() {
        let (site, id) = (here, || "x".to_owned());
        for error in [
            BuildError::DatasetTwice { id: id() },
            BuildError::UndescribedDataset {
                site: site(),
                id: id(),
            },
            BuildError::NoSite(site()),
            BuildError::DatasetExists {
                site: site(),
                id: id(),
            },
            BuildError::NoSuchDataset {
                site: site(),
                id: id(),
                ids: vec![id()],
            },
            BuildError::LastDataset {
                site: site(),
                id: id(),
            },
            BuildError::ExistingCatalogue {
                path: here(),
                reason: Some(CatalogueError::NewerVersion),
            },
            BuildError::ExistingCatalogue {
                path: here(),
                reason: None,
            },
            BuildError::OutOfMemory,
        ] {
            whole(error);
        }
        let unfinished = |error, expected| {
            whole(BuildError::Unfinished {
                error: Box::new(error),
                checkpoint: CheckpointRows {
                    directory: here(),
                    rows: 1_234,
                    expected,
                },
            })
        };
        let full = BuildError::Partition(io(ErrorKind::StorageFull));
        let words = unfinished(full, Some(5_000));
        for part in [
            "tempat di disk habis",
            "Kosongkan tempat",
            "1.234 dari 5.000",
        ] {
            assert!(words.contains(part), "{words}");
        }
        let words = unfinished(BuildError::Changed(Changed(here())), None);
        assert!(words.contains("kembali seperti semula"), "{words}");
        for flaw in [
            Flaw::NotAKeyFile,
            Flaw::NewerVersion,
            Flaw::Unfinished,
            Flaw::WrongLength,
            Flaw::Damaged,
        ] {
            let path = here();
            whole(KeyFileError::Flaw { path, flaw });
        }
        for error in [
            StagingError::NoDirectory(here()),
            StagingError::NotASite(here()),
            StagingError::OtherBuild(here()),
            StagingError::Link(here()),
            StagingError::NotADirectory(here()),
            StagingError::Foreign {
                directory: here(),
                name: "x".into(),
            },
            StagingError::OtherDisk {
                path: here(),
                source: io(ErrorKind::CrossesDevices),
            },
            StagingError::NoPermission {
                path: here(),
                source: io(ErrorKind::PermissionDenied),
            },
            StagingError::ReadOnlyDisk {
                path: here(),
                source: io(ErrorKind::ReadOnlyFilesystem),
            },
            StagingError::AmongDamagedShards(here()),
        ] {
            assert!(whole(error).contains("tempat"));
        }
    }

    #[test]
    fn sites_and_packs_that_cannot_be_read_are_explained() {
        whole(AuditError::CatalogueIsNoFile { site: here() });
        whole(AuditError::ReadCatalogue {
            site: here(),
            source: io(ErrorKind::PermissionDenied),
        });
        whole(VerifyError::NotAnAddress("x".to_owned()));
        whole(VerifyError::Host {
            address: "https://example.org/".to_owned(),
            reason: Reason::CatalogueFetch(FetchError::NotFound),
        });
        let reasons = [
            Reason::Pack(PackError::NotAPack),
            Reason::Pack(PackError::NewerVersion),
            Reason::Pack(PackError::WrongLength),
            Reason::Pack(PackError::Damaged),
            Reason::CatalogueFetch(FetchError::Unreadable),
            Reason::Catalogue(CatalogueError::NewerVersion),
        ];
        for (reason, is_directory) in reasons.iter().flat_map(|r| [(*r, false), (*r, true)]) {
            let site = "tempat".to_owned();
            let words = whole(PackingError::Site {
                site,
                is_directory,
                reason,
            });
            assert!(words.contains("tempat"));
        }
        for next in [NextStep::CopyFile, NextStep::MendSite] {
            whole(PackingError::Shard {
                shard: ShardName::Inside {
                    file: "x".to_owned(),
                    dataset: "y".to_owned(),
                    prefix: "0000".to_owned(),
                },
                reason: Reason::Shard(ShardError::Damaged),
                next,
            });
        }
        whole(PackingError::TooLargeForAPage { bytes: 9, most: 8 });
        whole(PackingError::OtherPage(here()));
        whole(PackingError::FullDisk {
            path: here(),
            needed: 9,
            source: io(ErrorKind::StorageFull),
        });
        whole(PackingError::NotWritten(here()));
        whole(PackingError::NotVerified(here()));
    }
}
