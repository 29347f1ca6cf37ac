//! Fields of a data set for people: the words beside an answer.

use alloc::string::String;
use alloc::vec::Vec;

use super::json_access::{Json, whole};

/// Text in both languages, empty where the catalogue has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

/// Fields for people of one data set. A field of another type than the format names counts as
/// missing (`docs/FORMAT.md`, 5.1), and the other fields keep their values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ForPeople {
    /// The name for readers. Not serialised: programs use the id.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub title: Text,
    /// The day on which this edition was built, `YYYY-MM-DD`; empty if missing.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "String::is_empty"))]
    pub built: String,
    /// The number of rows that could not be used. People in them get
    /// [`NonMember`](crate::check::Outcome::NonMember), too.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "is_zero"))]
    pub rows_refused: u64,
}

impl ForPeople {
    /// Reads the fields of every data set, in the order of the file. `json` must be accepted by
    /// [`Catalogue::from_json`](super::Catalogue::from_json).
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
