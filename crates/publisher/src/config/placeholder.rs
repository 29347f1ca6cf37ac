//! Texts of the template that a publisher has not replaced.

use serde::Deserialize;

use super::TEMPLATE;
use crate::site::catalogue_document::Publisher;

#[derive(Deserialize)]
struct Template {
    publisher: Publisher,
}

/// The texts of `publisher` that are still those of the template, as lines of `catalogue.toml`.
pub fn placeholders(publisher: &Publisher) -> Vec<String> {
    // A test proves that the template has them.
    let Ok(Template {
        publisher: template,
    }) = toml::from_str(TEMPLATE)
    else {
        return Vec::new();
    };
    let fields = [
        ("name", &publisher.name, &template.name),
        ("contact", &publisher.contact, &template.contact),
        ("url", &publisher.url, &template.url),
    ];
    fields
        .iter()
        .filter(|(_, text, placeholder)| text == placeholder)
        .map(|(field, text, _)| format!("{field} = \"{text}\""))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_of_the_template_are_placeholders() {
        let publisher = |name: &str, contact: &str| Publisher {
            name: name.to_owned(),
            contact: contact.to_owned(),
            url: String::new(),
        };
        assert_eq!(
            placeholders(&publisher("Nama organisasi Anda", "redaksi@example.org")),
            [
                "name = \"Nama organisasi Anda\"",
                "contact = \"redaksi@example.org\""
            ]
        );
        assert!(placeholders(&publisher("Redaksi", "redaksi@example.com")).is_empty());
        assert!(placeholders(&Publisher::default()).is_empty());
    }
}
