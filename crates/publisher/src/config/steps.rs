//! Next steps for readers: `[[steps]]` of `catalogue.toml`, the publisher's changes to those of the
//! widget.
//!
//! Errors are found during deserialization, so that they have the line of the file.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::config::text::Bilingual;
use crate::site::catalogue_document::StepDocument;
use cek_nik::catalogue::is_dataset_id;
use cek_nik::nik::Date;

/// The widget's own steps. A catalogue cannot change the first one.
const BUILT_IN: &str = include_str!("../../texts/steps.json");

// Widgets ignore more steps and longer texts.
const MOST_STEPS: usize = 12;
const LONGEST_SITUATION: usize = 100;
const LONGEST_WHAT: usize = 400;

/// The publisher's changes to the widget's next steps.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(try_from = "Vec<StepTable>")]
pub struct Steps(Vec<StepDocument>);

impl Steps {
    /// The steps as `catalogue.json` has them.
    pub fn documents(&self) -> &[StepDocument] {
        &self.0
    }

    /// The change that each step makes.
    pub fn changes(&self) -> impl Iterator<Item = (&str, Change)> {
        let built_in = built_in();
        self.0.iter().map(move |step| match step {
            StepDocument::Hidden { id, .. } => (id.as_str(), Change::Hidden),
            StepDocument::Told { id, .. } if built_in.contains(id) => {
                (id.as_str(), Change::Replaced)
            }
            StepDocument::Told { id, .. } => (id.as_str(), Change::Added),
        })
    }
}

/// A change to the widget's steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new step before the widget's own.
    Added,
    /// A step instead of one of the widget's own.
    Replaced,
    /// One of the widget's own steps is hidden.
    Hidden,
}

impl TryFrom<Vec<StepTable>> for Steps {
    type Error = String;

    fn try_from(tables: Vec<StepTable>) -> Result<Self, String> {
        if tables.len() > MOST_STEPS {
            return Err(format!(
                "these are {} steps: the widget shows {MOST_STEPS} at most",
                tables.len()
            ));
        }
        let mut steps: Vec<StepDocument> = Vec::new();
        for StepTable(step) in tables {
            if steps.iter().any(|other| other.id() == step.id()) {
                return Err(format!("two steps are called \"{}\"", step.id()));
            }
            steps.push(step);
        }
        Ok(Self(steps))
    }
}

#[derive(Deserialize)]
#[serde(try_from = "Fields")]
struct StepTable(StepDocument);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    #[serde(deserialize_with = "id")]
    id: String,
    #[serde(default, deserialize_with = "date")]
    checked: Option<String>,
    situation: Option<Bilingual<LONGEST_SITUATION>>,
    what: Option<Bilingual<LONGEST_WHAT>>,
    #[serde(default)]
    hidden: bool,
}

impl TryFrom<Fields> for StepTable {
    type Error = String;

    fn try_from(fields: Fields) -> Result<Self, String> {
        let Fields { id, hidden, .. } = fields;
        match (hidden, fields.checked, fields.situation, fields.what) {
            (true, None, None, None) if built_in().contains(&id) => {
                Ok(Self(StepDocument::Hidden { id, hidden }))
            }
            (true, None, None, None) => Err(format!(
                "the widget has no step \"{id}\" to hide: it has {}",
                built_in().join(", ")
            )),
            (true, ..) => Err(format!(
                "the step \"{id}\" is hidden: write nothing else about it, or leave out \"hidden\""
            )),
            (false, Some(checked), Some(situation), Some(what)) => Ok(Self(StepDocument::Told {
                id,
                checked,
                situation: situation.into(),
                what: what.into(),
            })),
            (false, ..) => Err(format!(
                "the step \"{id}\" needs checked, situation and what, or hidden = true"
            )),
        }
    }
}

/// The ids of the widget's own steps that a catalogue can change.
fn built_in() -> Vec<String> {
    ids().skip(1).collect()
}

fn ids() -> impl Iterator<Item = String> {
    let Ok(steps) = serde_json::from_str::<Vec<StepDocument>>(BUILT_IN) else {
        unreachable!("the widget's own steps are valid");
    };
    steps.into_iter().map(|step| step.id().to_owned())
}

fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let id = String::deserialize(deserializer)?;
    if !is_dataset_id(&id) {
        return Err(D::Error::custom(format!(
            "\"{id}\" cannot be the id of a step: use 1 to 64 characters a-z, 0-9 and hyphen, not \
             beginning with a hyphen"
        )));
    }
    if ids().next().as_ref() == Some(&id) {
        return Err(D::Error::custom(format!(
            "the step \"{id}\" is the widget's own and stays as it is: choose another id for yours"
        )));
    }
    Ok(id)
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let rest = match text.len() {
        4 => "-01-01",
        7 => "-01",
        _ => "",
    };
    match format!("{text}{rest}").parse::<Date>() {
        Ok(_) => Ok(Some(text)),
        Err(_) => Err(D::Error::custom(format!(
            "\"{text}\" is not a date: write when this was checked as YYYY, YYYY-MM or YYYY-MM-DD"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TEMPLATE;

    #[derive(Debug, Deserialize)]
    struct File {
        steps: Steps,
    }

    const HOTLINE: &str = "[[steps]]\nid = \"hotline\"\nchecked = \"2026-11\"\n\
        situation = { id = \"Ada pertanyaan?\", en = \"Any questions?\" }\n\
        what = { id = \"Hubungi redaksi.\", en = \"Ask the editors.\" }\n";

    fn read(text: &str) -> Result<Steps, String> {
        let file: Result<File, _> = toml::from_str(text);
        file.map(|file| file.steps).map_err(|e| e.to_string())
    }

    #[test]
    fn adds_replaces_and_hides() {
        let replacing = HOTLINE.replace("hotline", "bpjs");
        let steps = read(&format!(
            "{HOTLINE}{replacing}[[steps]]\nid = \"party\"\nhidden = true\n"
        ))
        .unwrap();
        let changes: Vec<_> = steps.changes().collect();
        assert_eq!(
            changes,
            [
                ("hotline", Change::Added),
                ("bpjs", Change::Replaced),
                ("party", Change::Hidden)
            ]
        );
        let json = serde_json::to_value(steps.documents()).unwrap();
        assert_eq!(
            json[2],
            serde_json::json!({ "id": "party", "hidden": true })
        );
        let text = |id: &str, en: &str| serde_json::json!({ "id": id, "en": en });
        assert_eq!(
            json[0],
            serde_json::json!({
                "id": "hotline",
                "checked": "2026-11",
                "situation": text("Ada pertanyaan?", "Any questions?"),
                "what": text("Hubungi redaksi.", "Ask the editors."),
            })
        );
        let again: Vec<StepDocument> = serde_json::from_value(json).unwrap();
        assert_eq!(again, steps.documents());
    }

    #[test]
    fn says_what_is_wrong_and_in_which_line() {
        let long = "a".repeat(101);
        let longer = "é".repeat(401);
        for (line, from, to, message) in [
            (2, "hotline", "Hot line", "cannot be the id of a step"),
            (2, "hotline", "first", "stays as it is"),
            (3, "2026-11", "November", "is not a date"),
            (3, "2026-11", "2026-13", "is not a date"),
            (3, "2026-11", "2026-02-30", "is not a date"),
            (3, "2026-11", "2026-11-01-01", "is not a date"),
            (3, "\"2026-11\"", "2026", "expected a string"),
            (4, "Ada pertanyaan?", " ", "empty"),
            (4, "Ada pertanyaan?", &long, "101 characters"),
            (5, ", en = \"Ask the editors.\"", "", "missing field `en`"),
            (4, "en =", "fr =", "unknown field `fr`"),
            (5, "Ask the editors.", &longer, "401 characters"),
            (5, "what", "what_to_do", "unknown field `what_to_do`"),
            (1, "checked = \"2026-11\"\n", "", "needs checked"),
            (1, "checked", "hidden = true\nchecked", "is hidden"),
        ] {
            let text = HOTLINE.replace(from, to);
            assert_ne!(text, HOTLINE);
            let error = read(&text).unwrap_err();
            assert!(error.contains(&format!("line {line},")), "{error}");
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn hides_only_what_there_is() {
        for wrong in ["hotline", "partai"] {
            let error = read(&format!("[[steps]]\nid = \"{wrong}\"\nhidden = true\n")).unwrap_err();
            assert!(error.contains("loans, sim, money"), "{error}");
        }
    }

    #[test]
    fn refuses_two_of_a_name_and_more_than_are_shown() {
        let twice = read(&HOTLINE.repeat(2)).unwrap_err();
        assert!(
            twice.contains("two steps are called \"hotline\""),
            "{twice}"
        );
        let numbered = |count: usize| -> String {
            let step = |number| HOTLINE.replace("hotline", &format!("s{number}"));
            (0..count).map(step).collect()
        };
        assert!(read(&numbered(MOST_STEPS)).is_ok());
        let many = read(&numbered(MOST_STEPS + 1)).unwrap_err();
        assert!(many.contains("12 at most"), "{many}");
    }

    #[test]
    fn takes_a_date_as_precise_as_is_known() {
        for date in ["2026", "2026-11", "2024-02-29"] {
            assert!(read(&HOTLINE.replace("2026-11", date)).is_ok(), "{date}");
        }
    }

    #[test]
    fn as_many_characters_as_are_shown_are_taken() {
        let longest = HOTLINE.replace("Hubungi redaksi.", &"é".repeat(LONGEST_WHAT));
        assert!(read(&longest).is_ok());
    }

    #[test]
    fn the_examples_of_the_template_are_steps_and_it_names_all_there_are() {
        let (_, rest) = TEMPLATE.split_once("# [[steps]]").unwrap();
        let (examples, _) = rest.split_once("\n\n").unwrap();
        let examples = examples.replace("\n# ", "\n").replace("\n#\n", "\n");
        let steps = read(&format!("[[steps]]{examples}")).unwrap();
        let changes: Vec<Change> = steps.changes().map(|(_, change)| change).collect();
        assert_eq!(changes, [Change::Added, Change::Hidden]);
        let words = TEMPLATE.replace("\n# ", " ");
        assert!(words.contains(&format!(": {}.", built_in().join(", "))));
    }
}
