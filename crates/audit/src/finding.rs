//! Findings: the rules that a site breaks.

use serde::Serialize;

use cek_nik::nik::{Date, masked};

use crate::sentence::{Sentence, Value, say};
use crate::traces::encodings::find_all;

/// Severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Readers get no answer or a wrong one, or people are exposed.
    Wrong,
    /// The publisher should look and decide.
    Warning,
    /// Good to know.
    Note,
}

/// Rule that a site can break, see [`rules`](crate::rules).
#[derive(Debug, Serialize)]
pub struct Rule {
    /// The severity of its findings.
    pub severity: Severity,
    /// The stable name, for programs.
    pub code: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    pub next: &'static str,
}

/// Finding: a rule that the site breaks, and where.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The rule.
    #[serde(flatten)]
    pub rule: &'static Rule,
    /// The data set concerned.
    pub dataset: Option<String>,
    /// The file concerned, relative to the site.
    pub file: Option<String>,
    /// The observation: one sentence without the data set and the file, and without any number that
    /// was found.
    pub what: Sentence,
}

impl Finding {
    /// A finding about the whole site.
    pub fn new(rule: &'static Rule, what: impl Into<Sentence>) -> Self {
        Self {
            rule,
            dataset: None,
            file: None,
            what: what.into(),
        }
    }

    /// Narrows the finding to a data set.
    #[must_use]
    pub fn of_dataset(mut self, id: &str) -> Self {
        self.dataset = Some(id.to_owned());
        self
    }

    /// Narrows the finding to a file.
    #[must_use]
    pub fn of_file(mut self, name: &str) -> Self {
        self.file = Some(name.to_owned());
        self
    }

    /// Masks numbers that read as NIKs: names of files and fields are repeated as they are.
    pub(super) fn hide_numbers(&mut self, today: Date) {
        let names = [self.dataset.as_mut(), self.file.as_mut()];
        for text in names.into_iter().flatten() {
            *text = hidden(text, today);
        }
        if reads_as_a_nik(&self.what.to_string(), today) {
            self.what = self.what.clone().masked();
        }
    }
}

/// A name that may be shown: its digits are masked if it reads as a NIK.
pub fn hidden(name: &str, today: Date) -> String {
    if reads_as_a_nik(name, today) {
        masked(name)
    } else {
        name.to_owned()
    }
}

fn reads_as_a_nik(text: &str, today: Date) -> bool {
    !find_all(text.as_bytes(), today).is_empty()
}

/// The most files, prefixes or locations that a finding names.
pub const SHOWN: usize = 5;

/// Names the first few of many, and says how many more there are.
pub fn first_few(names: &[String]) -> Value {
    let shown = names.get(..SHOWN).unwrap_or(names).join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => Value::from(shown),
        more => say!(
            "{names}, and {more} more",
            names = shown,
            more = more.to_string()
        )
        .into(),
    }
}

/// Number of findings by severity.
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
    /// Counts the findings.
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
