//! Pages that need nothing else: no script, no network, one style that the policy of each names by hash.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

pub mod plot;

const STYLE: &str = include_str!("../plan/page.css");

/// A whole page: a template with values and with the style.
pub fn page(template: &str, values: &[(&str, String)]) -> String {
    let hash = format!("sha256-{}", STANDARD.encode(Sha256::digest(STYLE)));
    let style = [("style_hash", hash), ("style", STYLE.to_owned())];
    fill(template, &[&style, values].concat())
}

/// A template with values in the places that it names in double braces. What stands in a value is not looked at.
pub fn fill(template: &str, values: &[(&str, String)]) -> String {
    let value = |wanted: &str| {
        let found = values.iter().find(|(name, _)| *name == wanted);
        found.map_or("", |(_, value)| value.as_str())
    };
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or_default();
        filled += before;
        filled += value(name);
        rest = after;
    }
    filled + rest
}

/// A sentence that begins with a capital.
pub fn first_upper(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// A text as it stands in HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
