//! Reading as JSON, for the browser: the same bytes as a serialiser writes with the feature
//! `serde`.
//!
//! The code is written by hand because a serialiser is too large for the browser's module. The
//! engine's own parser then makes the objects, faster than calls for each field would. All texts
//! are names, codes and numbers that need no escapes.

use alloc::string::String;

use zeroize::Zeroizing;

use super::date::Date;
use super::reading::{Place, Reading, RegencyKind, Region, Sex};
use super::warning::Warning;
use super::{Nik, NikError};

/// More than the longest reading needs. The text never grows, which would leave a part of it behind
/// in memory.
const CAPACITY: usize = 2048;

/// Decodes a number as typed into `{"reading": …}` or `{"error": …}`. `docs/NIK.md` describes the
/// fields.
pub fn decode_json(text: &str, today: Date) -> Zeroizing<String> {
    let mut json = Json(Zeroizing::new(String::with_capacity(CAPACITY)));
    json.object(|json| match Nik::parse(text) {
        Ok(nik) => json.key("reading").reading(&nik.decode(today)),
        Err(error) => json.key("error").error(error),
    });
    json.0
}

struct Json(Zeroizing<String>);

impl Json {
    fn error(&mut self, error: NikError) {
        self.object(|json| {
            json.key("code").text(error.code());
            match error {
                NikError::Empty => {}
                NikError::Length { digits } => json.key("digits").number(digits),
                NikError::NotADigit { position } => json.key("position").number(position),
            }
        });
    }

    fn reading(&mut self, reading: &Reading) {
        self.object(|json| {
            json.key("place").place(&reading.place);
            json.key("birth_dates")
                .list(reading.birth.dates(), Self::date);
            json.key("sex")
                .optional_text(reading.sex.map(|sex| match sex {
                    Sex::Male => "male",
                    Sex::Female => "female",
                }));
            json.key("serial")
                .quoted(|json| json.digits(reading.serial, 4));
            json.key("warnings")
                .list(reading.warnings.iter(), Self::warning);
        });
    }

    fn place(&mut self, place: &Place) {
        self.object(|json| match place {
            Place::Region(region) => {
                json.key("kind").text("region");
                json.region(region);
            }
            &Place::Abroad { country, mission } => {
                json.key("kind").text("abroad");
                json.key("country").quoted(|json| json.digits(country, 3));
                json.key("mission")
                    .quoted(|json| json.digits(mission.into(), 1));
            }
        });
    }

    fn region(&mut self, region: &Region) {
        let &Region {
            province,
            regency,
            district,
            ..
        } = region;
        self.key("province").object(|json| {
            json.key("code").code(&[province]);
            json.key("name").optional_text(region.province_name);
        });
        self.key("regency").object(|json| {
            json.key("code").code(&[province, regency]);
            json.key("kind")
                .optional_text(region.kind.map(|kind| match kind {
                    RegencyKind::Regency => "regency",
                    RegencyKind::City => "city",
                }));
            json.key("name").optional_text(region.regency_name);
            if let Some(now) = &region.recoded {
                json.key("now").object(|json| {
                    json.key("code").code(&[now.province, now.regency]);
                    json.key("province").optional_text(now.province_name);
                });
            }
        });
        self.key("district").object(|json| {
            json.key("code").code(&[province, regency, district]);
            json.key("known").raw(if region.district_known {
                "true"
            } else {
                "false"
            });
        });
    }

    fn date(&mut self, date: Date) {
        self.quoted(|json| {
            json.digits(date.year(), 4);
            json.raw("-");
            json.digits(date.month().into(), 2);
            json.raw("-");
            json.digits(date.day().into(), 2);
        });
    }

    fn warning(&mut self, warning: Warning) {
        self.object(|json| {
            json.key("code").text(warning.code());
            json.key("severity").text(warning.severity().name());
            json.key("positions")
                .list(warning.positions(), |json, position| {
                    json.number(position.into())
                });
        });
    }

    fn object(&mut self, fields: impl FnOnce(&mut Self)) {
        self.raw("{");
        fields(self);
        self.raw("}");
    }

    fn list<T>(&mut self, items: impl Iterator<Item = T>, write: impl Fn(&mut Self, T)) {
        self.raw("[");
        for item in items {
            self.separate();
            write(self, item);
        }
        self.raw("]");
    }

    fn key(&mut self, name: &str) -> &mut Self {
        self.separate();
        self.text(name);
        self.raw(":");
        self
    }

    /// Writes a comma, except at the beginning of an object or a list.
    fn separate(&mut self) {
        if !self.0.ends_with(['{', '[']) {
            self.raw(",");
        }
    }

    fn text(&mut self, text: &str) {
        self.quoted(|json| json.raw(text));
    }

    fn optional_text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.raw("null"),
        }
    }

    /// A code as the ministry writes it: two digits for each part, with points between them.
    fn code(&mut self, parts: &[u8]) {
        self.quoted(|json| {
            for (index, &part) in parts.iter().enumerate() {
                if index > 0 {
                    json.raw(".");
                }
                json.digits(part.into(), 2);
            }
        });
    }

    fn quoted(&mut self, write: impl FnOnce(&mut Self)) {
        self.raw("\"");
        write(self);
        self.raw("\"");
    }

    fn number(&mut self, number: usize) {
        if number >= 10 {
            self.number(number / 10);
        }
        self.digit((number % 10) as u8);
    }

    /// The last `count` digits of a number, with leading zeros.
    fn digits(&mut self, number: u16, count: u32) {
        for exponent in (0..count).rev() {
            self.digit((number / 10u16.pow(exponent) % 10) as u8);
        }
    }

    fn digit(&mut self, digit: u8) {
        self.0.push(char::from(b'0' + digit));
    }

    #[inline(never)]
    fn raw(&mut self, text: &str) {
        self.0.push_str(text);
    }
}
