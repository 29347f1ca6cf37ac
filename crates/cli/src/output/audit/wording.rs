//! Sentences of findings in the language of the output.
//!
//! `texts/findings.id.json` has the Indonesian words for each English sentence of the audit.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cek_nik_audit::sentence::Wording;
use cek_nik_publisher::plan::cost::Rent;

use crate::output::texts::{Language, Texts};

static INDONESIAN: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../texts/findings.id.json"))
        .expect("an object of strings")
});

impl Wording for Texts {
    /// English words that have no translation stay English.
    fn words(&self, english: &'static str) -> &'static str {
        match self.language() {
            Language::En => english,
            Language::Id => INDONESIAN.get(english).map_or(english, String::as_str),
        }
    }

    fn number(&self, number: u64) -> String {
        Texts::number(self, number)
    }

    fn bytes(&self, bytes: u64) -> String {
        Texts::bytes(self, bytes)
    }

    fn decimal(&self, english: &str) -> String {
        self.digits(english.to_owned())
    }

    fn rent(&self, rent: Rent) -> String {
        self.rent_time(rent.hours)
    }
}

#[cfg(test)]
mod tests {
    use cek_nik_audit::{rules, verify};

    use super::*;

    #[test]
    fn every_rule_has_indonesian_words() {
        for rule in rules::ALL.iter().chain(verify::rules::ALL) {
            for english in [rule.why, rule.next] {
                let words = INDONESIAN.get(english);
                assert!(words.is_some_and(|w| !w.is_empty()), "{english}");
            }
        }
    }
}
