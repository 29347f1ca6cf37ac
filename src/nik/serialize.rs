//! Serialisation of readings (feature `serde`), as `docs/NIK.md` describes it.
//!
//! All parts of the number are written through [`fmt::Display`], so that no copy is left in memory
//! here.

use core::fmt;

use serde::{Serialize, Serializer};

use super::date::Date;
use super::reading::{Birth, Place, Reading, Region};
use super::warning::{Severity, Warning, Warnings};
use super::{RegencyKind, Sex};

#[derive(Serialize)]
struct ReadingShape<'a> {
    place: &'a Place,
    birth_dates: Birth,
    sex: Option<Sex>,
    serial: Digits,
    warnings: Warnings,
}

impl Serialize for Reading {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ReadingShape {
            place: &self.place,
            birth_dates: self.birth,
            sex: self.sex,
            serial: Digits(self.serial, 4),
            warnings: self.warnings,
        }
        .serialize(serializer)
    }
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum PlaceShape<'a> {
    Region {
        province: Named<'a>,
        regency: RegencyShape<'a>,
        district: DistrictShape,
    },
    Abroad {
        country: Digits,
        mission: Digits,
    },
}

#[derive(Serialize)]
struct Named<'a> {
    code: Code<1>,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct RegencyShape<'a> {
    code: Code<2>,
    kind: Option<RegencyKind>,
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<RecodedShape<'a>>,
}

#[derive(Serialize)]
struct RecodedShape<'a> {
    code: Code<2>,
    province: Option<&'a str>,
}

#[derive(Serialize)]
struct DistrictShape {
    code: Code<3>,
    known: bool,
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Region(Region {
                province,
                province_name,
                regency,
                kind,
                regency_name,
                recoded,
                district,
                district_known,
            }) => PlaceShape::Region {
                province: Named {
                    code: Code([province]),
                    name: province_name,
                },
                regency: RegencyShape {
                    code: Code([province, regency]),
                    kind,
                    name: regency_name,
                    now: recoded.map(|now| RecodedShape {
                        code: Code([now.province, now.regency]),
                        province: now.province_name,
                    }),
                },
                district: DistrictShape {
                    code: Code([province, regency, district]),
                    known: district_known,
                },
            },
            Self::Abroad { country, mission } => PlaceShape::Abroad {
                country: Digits(country, 3),
                mission: Digits(mission.into(), 1),
            },
        }
        .serialize(serializer)
    }
}

impl Serialize for Birth {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.dates())
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Warnings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[derive(Serialize)]
struct WarningShape {
    code: &'static str,
    severity: Severity,
    positions: Positions,
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WarningShape {
            code: self.code(),
            severity: self.severity(),
            positions: Positions(*self),
        }
        .serialize(serializer)
    }
}

/// Positions of a warning, one by one.
struct Positions(Warning);

impl Serialize for Positions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.positions())
    }
}

/// A number with so many digits and leading zeros.
struct Digits(u16, usize);

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$}", self.0, width = self.1)
    }
}

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A code as the ministry writes it: two digits for each part, with points between them.
struct Code<const PARTS: usize>([u8; PARTS]);

impl<const PARTS: usize> fmt::Display for Code<PARTS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.0.iter().enumerate() {
            let point = if index == 0 { "" } else { "." };
            write!(f, "{point}{part:02}")?;
        }
        Ok(())
    }
}

impl<const PARTS: usize> Serialize for Code<PARTS> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
