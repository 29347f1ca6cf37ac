//! Findings: what is not as it should be.

use serde::Serialize;

use super::traces::encodings::find_all;
use cek_nik::nik::{Date, masked};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Readers get no answer or a wrong one, or somebody is exposed.
    Wrong,
    /// The publisher should look at it and decide.
    Warning,
    /// Good to know.
    Note,
}

/// A rule that a site can break, see [`super::rules`].
#[derive(Debug, Serialize)]
pub struct Rule {
    /// How much it weighs.
    pub severity: Severity,
    /// The stable name, for programs.
    pub code: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    pub next: &'static str,
}

/// A finding: a rule, and where the site breaks it.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The rule.
    #[serde(flatten)]
    pub rule: &'static Rule,
    /// The data set that it is about.
    pub dataset: Option<String>,
    /// The file that it is about, relative to the site.
    pub file: Option<String>,
    /// What is there, in one sentence without the data set and the file. It holds no number that
    /// was found.
    pub what: String,
}

impl Finding {
    /// About the site as a whole.
    pub fn new(rule: &'static Rule, what: impl Into<String>) -> Self {
        Self {
            rule,
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

/// A name that may be shown: without digits where it reads as a NIK.
pub fn hidden(name: &str, today: Date) -> String {
    if find_all(name.as_bytes(), today).is_empty() {
        name.to_owned()
    } else {
        masked(name)
    }
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// [`Severity::Wrong`].
    pub wrong: u64,
    /// [`Severity::Warning`].
    pub warnings: u64,
    /// [`Severity::Note`].
    pub notes: u64,
}

impl Counts {
    /// Counts findings.
    pub fn of(findings: &[Finding]) -> Self {
        let of = |severity| {
            let such = findings.iter().filter(|f| f.rule.severity == severity);
            such.count() as u64
        };
        Self {
            wrong: of(Severity::Wrong),
            warnings: of(Severity::Warning),
            notes: of(Severity::Note),
        }
    }
}
