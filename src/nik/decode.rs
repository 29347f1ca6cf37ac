//! Decoding: the reading of a NIK, and its warnings alone.

use super::Nik;
use super::date::Date;
use super::fields::Fields;
use super::reading::Reading;
use super::warning::Warnings;

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
