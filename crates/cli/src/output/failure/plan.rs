//! Failures of a plan, and risks that a build refuses.

use cek_nik_publisher::config::error::ConfigError;
use cek_nik_publisher::input::spoilt::Loss;
use cek_nik_publisher::plan::accuracy::PLAUSIBLE_NIKS;
use cek_nik_publisher::plan::anonymity_set::SMALL_CROWD;
use cek_nik_publisher::plan::choice::PlanError;
use cek_nik_publisher::plan::cost::Rent;
use cek_nik_publisher::plan::lost_rows::LostRows;
use cek_nik_publisher::plan::risk::{MOST_UNSTRETCHED, Risk};
use cek_nik_publisher::preflight::refused::Why;

use super::{Failure, of_path};
use crate::output::sanitize;
use crate::output::texts::Texts;

impl Failure for PlanError {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn words(&self, texts: Texts) -> Option<String> {
        Some(match self {
            Self::NotARate => texts.text("/failure/plan/rate").to_owned(),
            Self::NotACertainty => texts.text("/failure/plan/certainty").to_owned(),
            Self::NoPopulation => texts.text("/failure/plan/no_population").to_owned(),
            Self::NoRows => texts.text("/failure/plan/no_rows").to_owned(),
            Self::TooLarge { bits, bytes, limit } => {
                let values = [
                    ("bits", &*bits.to_string()),
                    ("size", &*texts.bytes(*bytes)),
                    ("limit", &*texts.bytes(*limit)),
                ];
                texts.fill("/failure/plan/too_large", &values)
            }
            Self::EmptyShards {
                bits,
                shards,
                distinct,
                most,
            } => {
                let values = [
                    ("bits", &*bits.to_string()),
                    ("shards", &*texts.number((*shards).into())),
                    ("distinct", &*texts.number(*distinct)),
                    ("most", &*most.to_string()),
                ];
                texts.fill("/failure/plan/empty_shards", &values)
            }
        })
    }
}

impl Failure for ConfigError {
    fn code(&self) -> &'static str {
        self.code()
    }

    /// Errors in a description are of its fields, whose names are English.
    fn words(&self, texts: Texts) -> Option<String> {
        match self {
            Self::Unreadable(error) => error.words(texts),
            Self::InFile { path, source } => {
                let words = source.words(texts)?;
                Some(format!("{}: {words}", sanitize::path(path)))
            }
            Self::In { name, source } => Some(format!("{name}: {}", source.words(texts)?)),
            Self::NoDataset => Some(texts.text("/failure/config/no_dataset").to_owned()),
            Self::UnusedNameColumn => {
                Some(texts.text("/failure/config/unused_name_column").to_owned())
            }
            Self::CertaintyAndRate => {
                Some(texts.text("/failure/config/certainty_and_rate").to_owned())
            }
            Self::InvalidSalt => Some(texts.text("/failure/config/invalid_salt").to_owned()),
            Self::CostWithoutArgon2 => {
                Some(texts.text("/failure/config/cost_without_argon2").to_owned())
            }
            Self::InvalidId(id) => Some(texts.fill("/failure/config/invalid_id", &[("id", id)])),
            Self::IdHoldsDigits => Some(texts.text("/failure/config/id_holds_digits").to_owned()),
            Self::Plan(error) => error.words(texts),
            Self::Column(error) => error.words(texts),
            _ => None,
        }
    }
}

impl Failure for Risk {
    fn code(&self) -> &'static str {
        Risk::code(*self)
    }

    fn words(&self, texts: Texts) -> Option<String> {
        Some(match self {
            Self::SmallCrowd {
                bits,
                people,
                nearby,
            } => {
                let values = [
                    ("bits", &*bits.to_string()),
                    ("people", &*texts.number(*people as u64)),
                    ("nearby", &*texts.digits(format!("{nearby:.1}"))),
                    ("limit", &*texts.number(SMALL_CROWD as u64)),
                ];
                texts.fill("/failure/risk/small_crowd", &values)
            }
            Self::Enumeration { rows, kdf } => {
                let hours = Rent::of(PLAUSIBLE_NIKS, *kdf).hours;
                let values = [
                    ("kdf", &*kdf.to_string()),
                    ("time", &*texts.rent_time(hours)),
                    ("rows", &*texts.number(*rows)),
                    ("limit", &*texts.number(MOST_UNSTRETCHED)),
                ];
                texts.fill("/failure/risk/enumeration", &values)
            }
        })
    }
}

impl Failure for Why {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn words(&self, texts: Texts) -> Option<String> {
        Some(match self {
            Self::MostlyNoNiks(list) => of_path(texts, "/failure/list/mostly_no_niks", list),
            Self::MostlyNoNames(list) => of_path(texts, "/failure/list/mostly_no_names", list),
            Self::LostDigits(list, lost) => {
                let text = match lost.loss {
                    Loss::SerialZero => "/failure/list/lost_digits/serial_zero",
                    Loss::FifteenDigits => "/failure/list/lost_digits/fifteen_digits",
                    Loss::Even => "/failure/list/lost_digits/even",
                };
                let numbers = [
                    ("numbers", &*texts.number(lost.numbers)),
                    ("of", &*texts.number(lost.of)),
                ];
                let values = [
                    ("path", &*sanitize::path(list)),
                    ("lost", &*texts.fill(text, &numbers)),
                ];
                texts.fill("/failure/list/lost_digits/refused", &values)
            }
            Self::LostRows(lost) => lost_rows(texts, lost),
            Self::NoNik => texts.text("/failure/list/no_nik").to_owned(),
        })
    }
}

fn lost_rows(texts: Texts, lost: &LostRows) -> String {
    let text = if lost.lost == lost.lost_for_name {
        "/failure/list/lost_names"
    } else {
        "/failure/list/lost_rows"
    };
    let values = [
        ("lost", &*texts.number(lost.lost)),
        ("rows", &*texts.number(lost.rows)),
    ];
    texts.fill(text, &values)
}
