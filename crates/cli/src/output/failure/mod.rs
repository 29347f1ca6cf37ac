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

/// The first failure of an action on a path.
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
