//! Decoding: the reading of a NIK, and its warnings alone.

use super::date::Date;
use super::fields::Fields;
use super::reading::Reading;
use super::warning::Warnings;
use super::{Nik, NikError};

/// Result of decoding a text: the reading of a NIK, or the reason why the text is not one.
/// `docs/NIK.md` describes its JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify), tsify(missing_as_null))]
pub enum Decoded {
    /// The text is a NIK.
    Reading(Reading),
    /// The text is not a NIK.
    Error(NikError),
}

impl Decoded {
    /// Decodes a text as it was typed. `today` decides which centuries are possible.
    pub fn of_text(text: &str, today: Date) -> Self {
        match Nik::parse(text) {
            Ok(nik) => Self::Reading(nik.decode(today)),
            Err(error) => Self::Error(error),
        }
    }
}

impl Nik {
    /// Decodes the number. `today` decides which centuries are possible.
    pub fn decode(&self, today: Date) -> Reading {
        let fields = Fields::of(self);
        let birth = fields.birth(today);
        Reading {
            place: fields.place(),
            sex: fields.sex(),
            serial: fields.serial,
            warnings: fields.warnings(&birth, today),
            birth,
        }
    }

    /// The warnings of [`Reading::warnings`] without the rest, for long lists.
    pub fn warnings(&self, today: Date) -> Warnings {
        let fields = Fields::of(self);
        fields.warnings(&fields.birth(today), today)
    }
}
