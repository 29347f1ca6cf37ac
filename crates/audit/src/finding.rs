//! What an audit says is not as it should be.

use super::traces::encodings::find_all;
use cek_nik::nik::{Date, masked};

/// A name that may be shown: without digits where it reads as a NIK.
pub fn hidden(name: &str, today: Date) -> String {
    if find_all(name.as_bytes(), today).is_empty() {
        name.to_owned()
    } else {
        masked(name)
    }
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Readers get no answer or a wrong one, or somebody is exposed.
    Wrong,
    /// The publisher should look at it and decide.
    Warning,
    /// Good to know.
    Note,
}

impl Severity {
    /// The stable name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// What can be found, see [`super::kinds`].
#[derive(Debug)]
pub struct Kind {
    /// The stable name, for programs.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    pub next: &'static str,
}

/// One thing that was found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What kind of thing.
    pub kind: &'static Kind,
    /// The data set that it is about.
    pub dataset: Option<String>,
    /// The file that it is about, relative to the site.
    pub file: Option<String>,
    /// What is there, in one sentence without the data set and the file. It holds no number that was found.
    pub what: String,
}

impl Finding {
    /// About the site as a whole.
    pub fn new(kind: &'static Kind, what: impl Into<String>) -> Self {
        Self {
            kind,
            dataset: None,
            file: None,
            what: what.into(),
        }
    }

    /// About a data set.
    #[must_use]
    pub fn of_dataset(mut self, id: &str) -> Self {
        self.dataset = Some(id.to_owned());
        self
    }

    /// About a file.
    #[must_use]
    pub fn of_file(mut self, name: &str) -> Self {
        self.file = Some(name.to_owned());
        self
    }

    /// Without numbers that read as NIKs: names of files and fields are repeated as they are.
    pub(super) fn hide_numbers(&mut self, today: Date) {
        let names = [self.dataset.as_mut(), self.file.as_mut()];
        for text in names.into_iter().flatten().chain([&mut self.what]) {
            *text = hidden(text, today);
        }
    }
}
