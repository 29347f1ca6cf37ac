//! Serialisation of readings (feature `serde`), in their [shapes].

use serde::{Serialize, Serializer};

use super::date::Date;
use super::reading::{Birth, Place, Reading, Recoded, Region};
use super::shapes::{self, District, NewCode, Positions, Province, Regency, Text};
use super::warning::{Warning, Warnings};

impl Serialize for Reading {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        shapes::Reading {
            place: place(self.place),
            birth_dates: self.birth,
            sex: self.sex,
            serial: Text::new().digits(self.serial, 4),
            warnings: self.warnings,
        }
        .serialize(serializer)
    }
}

fn place(place: Place) -> shapes::Place {
    match place {
        Place::Region(region) => shapes::Place::Region {
            province: Province {
                code: code(&[region.province]),
                name: region.province_name,
            },
            regency: regency(region),
            district: District {
                code: code(&[region.province, region.regency, region.district]),
                known: region.district_known,
            },
        },
        Place::Abroad { country, mission } => shapes::Place::Abroad {
            country: Text::new().digits(country, 3),
            mission: Text::new().digits(mission.into(), 1),
        },
    }
}

fn regency(region: Region) -> Regency {
    Regency {
        code: code(&[region.province, region.regency]),
        kind: region.kind,
        name: region.regency_name,
        now: region.recoded.map(|now: Recoded| NewCode {
            code: code(&[now.province, now.regency]),
            province: now.province_name,
        }),
    }
}

/// A code as the ministry writes it: two digits for each part, with points between them.
fn code(parts: &[u8]) -> Text {
    let mut code = Text::new();
    for (index, &part) in parts.iter().enumerate() {
        if index > 0 {
            code = code.character(b'.');
        }
        code = code.digits(part.into(), 2);
    }
    code
}

/// Serialises a number of characters in 32 bits, which no text of a browser exceeds. 64 bits would
/// add their formatting to the module.
pub(super) fn count<S: Serializer>(count: &usize, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u32(u32::try_from(*count).unwrap_or(u32::MAX))
}

impl Serialize for Birth {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.dates())
    }
}

/// ISO 8601: `YYYY-MM-DD`.
impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Text::new()
            .digits(self.year(), 4)
            .character(b'-')
            .digits(self.month().into(), 2)
            .character(b'-')
            .digits(self.day().into(), 2)
            .serialize(serializer)
    }
}

impl Serialize for Warnings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        shapes::Warning {
            code: self.code(),
            severity: self.severity(),
            positions: Positions(*self),
        }
        .serialize(serializer)
    }
}
