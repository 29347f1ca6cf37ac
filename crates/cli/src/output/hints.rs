//! Hints: the command-line options that help after an error, by the code of the error.
//!
//! The libraries know no options. The hints are in `texts/hints.en.json`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static HINTS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../texts/hints.en.json")).expect("an object of strings")
});

/// A message, followed by the hint for its code, if there is one.
pub fn with_hint(code: &str, message: &str) -> String {
    match HINTS.get(code) {
        Some(hint) => format!("{}. {hint}", message.trim_end_matches('.')),
        None => message.to_owned(),
    }
}

/// An error with all its causes and the hint for its code, if there is one.
pub fn hinted(code: &str, error: impl Into<anyhow::Error>) -> anyhow::Error {
    let error = error.into();
    if HINTS.contains_key(code) {
        anyhow::anyhow!(with_hint(code, &format!("{error:#}")))
    } else {
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_follows_the_message() {
        assert_eq!(
            with_hint("no_columns", "no columns."),
            "no columns. Leave out --column."
        );
        assert_eq!(with_hint("unknown", "a message"), "a message");
    }
}
