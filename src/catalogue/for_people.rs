//! The fields of a data set that are for people: what stands beside an answer.

use alloc::string::String;
use alloc::vec::Vec;

use super::json::{Json, whole};

/// A text in both languages. Empty where the catalogue says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

/// What a catalogue says to people about one data set. A field of another type than the format
/// names counts as missing (`docs/FORMAT.md`, 5.1), so that it takes no other field with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ForPeople {
    /// The name for readers. Not serialised: programs know the data set by its id.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub title: Text,
    /// The day on which this edition was built, `YYYY-MM-DD`; empty where it is missing.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "String::is_empty"))]
    pub built: String,
    /// How many rows were read and could not be taken. People in them are answered
    /// [`NonMember`](crate::check::Outcome::NonMember).
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "is_zero"))]
    pub rows_refused: u64,
}

impl ForPeople {
    /// Reads these fields of every data set, in the order of the file. `json` is one that
    /// [`Catalogue::from_json`](super::Catalogue::from_json) accepts.
    pub fn of_datasets(json: &impl Json) -> Vec<Self> {
        let datasets = json.field("datasets").and_then(|datasets| datasets.items());
        datasets
            .unwrap_or_default()
            .iter()
            .map(Self::of_dataset)
            .collect()
    }

    fn of_dataset(dataset: &impl Json) -> Self {
        let title = dataset.field("title");
        let title = |language| title.as_ref().map(|title| text(title, language));
        Self {
            title: Text {
                id: title("id").unwrap_or_default(),
                en: title("en").unwrap_or_default(),
            },
            built: text(dataset, "built"),
            rows_refused: dataset
                .field("rows_refused")
                .and_then(|rows| whole(&rows))
                .unwrap_or_default(),
        }
    }
}

fn text(json: &impl Json, name: &str) -> String {
    let text = json.field(name).and_then(|text| text.text());
    text.unwrap_or_default()
}

#[cfg(feature = "serde")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
