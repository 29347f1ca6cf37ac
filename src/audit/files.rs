//! Every file below a directory.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// What lies in the site.
#[derive(Debug)]
pub struct SiteFile {
    /// Where it is, relative to the site, with slashes.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// How long it is; `None` of what is neither a file nor a directory.
    pub bytes: Option<u64>,
}

/// Lists all files, in the order of their names. Links are listed and not followed.
///
/// # Errors
///
/// A directory that cannot be read.
pub fn walk(site: &Path) -> Result<Vec<SiteFile>, walkdir::Error> {
    let mut files = Vec::new();
    for entry in WalkDir::new(site).sort_by_file_name() {
        let entry = entry?;
        let is_root_link = entry.depth() == 0;
        if is_root_link || entry.file_type().is_dir() {
            continue;
        }
        let relative = entry.path().strip_prefix(site).unwrap_or(entry.path());
        let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        let bytes = if entry.file_type().is_file() {
            Some(entry.metadata()?.len())
        } else {
            None
        };
        files.push(SiteFile {
            name: parts.join("/"),
            path: entry.into_path(),
            bytes,
        });
    }
    Ok(files)
}
