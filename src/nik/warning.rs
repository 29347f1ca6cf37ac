use core::fmt;
use core::ops::RangeInclusive;

/// Something about a NIK that makes a typing error likely. A real NIK may draw any of them: village
/// software gave out temporary numbers, clerks made mistakes, and codes change. So none is a reason
/// to refuse a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// No province has or had that code.
    ProvinceUnknown,
    /// No regency or city of the province has or had that number.
    RegencyUnknown,
    /// The number of the district is 00; the first that is given out is 01.
    DistrictZero,
    /// The number of the district is beyond the highest that the regency or city has.
    DistrictUnknown,
    /// The day is none of 01 to 31 (men) and 41 to 71 (women).
    DayImpossible,
    /// The month is not 01 to 12.
    MonthImpossible,
    /// The month does not have so many days.
    DateImpossible,
    /// 29 February of a year that is a leap year in no century.
    LeapDayImpossible,
    /// Whatever the century, the day has not come yet.
    DateInFuture,
    /// The serial is 0000; the first that is given out is 0001.
    SerialZero,
    /// The serial is 0100 or above, on a date that few people share.
    SerialHigh,
    /// Read as the number of a family card (No. KK), which carries the date of its recording
    /// instead of a birth date: a man born in the last 25 years.
    FamilyCard,
    /// The number ends in zeros as if a spreadsheet had cut it to fifteen digits, which makes 0000
    /// of the serials 0001 to 0009.
    Rounded,
}

/// How much a warning weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
pub enum Severity {
    /// No number that follows the rules looks so.
    Strong,
    /// Some numbers that follow the rules look so.
    Soft,
}

impl Severity {
    /// The stable name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Soft => "soft",
        }
    }
}

impl Warning {
    /// All warnings, in the order of the digits that they are about.
    pub const ALL: [Self; 13] = [
        Self::ProvinceUnknown,
        Self::RegencyUnknown,
        Self::DistrictZero,
        Self::DistrictUnknown,
        Self::DayImpossible,
        Self::MonthImpossible,
        Self::DateImpossible,
        Self::LeapDayImpossible,
        Self::DateInFuture,
        Self::SerialZero,
        Self::SerialHigh,
        Self::FamilyCard,
        Self::Rounded,
    ];

    /// The stable name, for programs and for the text files.
    pub fn code(self) -> &'static str {
        match self {
            Self::ProvinceUnknown => "province_unknown",
            Self::RegencyUnknown => "regency_unknown",
            Self::DistrictZero => "district_zero",
            Self::DistrictUnknown => "district_unknown",
            Self::DayImpossible => "day_impossible",
            Self::MonthImpossible => "month_impossible",
            Self::DateImpossible => "date_impossible",
            Self::LeapDayImpossible => "leap_day_impossible",
            Self::DateInFuture => "date_in_future",
            Self::SerialZero => "serial_zero",
            Self::SerialHigh => "serial_high",
            Self::FamilyCard => "family_card",
            Self::Rounded => "rounded",
        }
    }

    /// The digits that may be wrong, counted from 1. Of a code that is unknown, those before it
    /// count as well: 3299 may be a wrong 3201 and a wrong 1299.
    pub fn positions(self) -> RangeInclusive<u8> {
        match self {
            Self::ProvinceUnknown => 1..=2,
            Self::RegencyUnknown => 1..=4,
            Self::DistrictZero => 5..=6,
            Self::DistrictUnknown => 1..=6,
            Self::DayImpossible => 7..=8,
            Self::MonthImpossible => 9..=10,
            Self::DateImpossible => 7..=10,
            Self::LeapDayImpossible | Self::DateInFuture => 7..=12,
            Self::SerialZero | Self::SerialHigh => 13..=16,
            Self::Rounded => 16..=16,
            Self::FamilyCard => 1..=16,
        }
    }

    /// How much it weighs. New districts are founded every year, so that a district beyond the
    /// highest known breaks no rule.
    pub fn severity(self) -> Severity {
        match self {
            Self::DistrictUnknown | Self::SerialHigh | Self::FamilyCard => Severity::Soft,
            _ => Severity::Strong,
        }
    }
}

/// A set of warnings.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Warnings(u16);

impl Warnings {
    /// No warning.
    pub fn none() -> Self {
        Self::default()
    }

    /// With another one, if it applies.
    #[must_use]
    pub fn with(self, warning: Warning, applies: bool) -> Self {
        Self(self.0 | u16::from(applies) << warning as u16)
    }

    /// With another one, if there is one.
    #[must_use]
    pub fn with_some(self, warning: Option<Warning>) -> Self {
        warning.map_or(self, |warning| self.with(warning, true))
    }

    /// Whether it is among them.
    pub fn contains(self, warning: Warning) -> bool {
        self.0 >> warning as u16 & 1 == 1
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// All of them, in the order of the digits that they are about.
    pub fn iter(self) -> impl Iterator<Item = Warning> {
        let mut rest = self.0;
        core::iter::from_fn(move || {
            let lowest = rest.trailing_zeros() as usize;
            let warning = Warning::ALL.get(lowest)?;
            rest &= rest - 1;
            Some(*warning)
        })
    }
}

impl fmt::Debug for Warnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_warning_is_in_the_list_once_and_at_its_place() {
        for (place, warning) in Warning::ALL.into_iter().enumerate() {
            assert_eq!(warning as usize, place);
            let one = Warnings::none().with(warning, true);
            assert!(one.iter().eq([warning]));
        }
    }
}
