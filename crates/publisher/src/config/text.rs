//! Texts for readers in `catalogue.toml`: both languages, within a length.
//!
//! Errors are found during deserialization, so that they have the line of the file.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::site::catalogue_document::Text;

/// A text in both languages, of at most `LONGEST` characters each. Each reader must be able to read
/// all texts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bilingual<const LONGEST: usize> {
    #[serde(deserialize_with = "text::<_, LONGEST>")]
    id: String,
    #[serde(deserialize_with = "text::<_, LONGEST>")]
    en: String,
}

impl<const LONGEST: usize> From<Bilingual<LONGEST>> for Text {
    fn from(Bilingual { id, en }: Bilingual<LONGEST>) -> Self {
        Self { id, en }
    }
}

fn text<'de, D: Deserializer<'de>, const LONGEST: usize>(
    deserializer: D,
) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let length = text.chars().count();
    if text.trim().is_empty() {
        return Err(D::Error::custom(
            "this text is empty: write it in both languages",
        ));
    }
    if length > LONGEST {
        return Err(D::Error::custom(format!(
            "{length} characters: readers are shown {LONGEST} at most"
        )));
    }
    Ok(text)
}
