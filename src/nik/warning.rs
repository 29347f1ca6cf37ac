//! Warnings.

use core::fmt;
use core::ops::RangeInclusive;

/// Sign of a typing error in a NIK. A real NIK may have any of them: village software gave out
/// temporary numbers, clerks made mistakes, and codes change. So no warning is a reason to refuse a
/// number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "browser",
    derive(tsify::Tsify),
    tsify(rename = "WarningCode"),
    serde(rename_all = "snake_case")
)]
pub enum Warning {
    /// No province has or had that code.
    ProvinceUnknown,
    /// No regency or city of the province has or had that number.
    RegencyUnknown,
    /// The number of the district is 00; the first that is given out is 01.
    DistrictZero,
    /// The number of the district is beyond the highest of the regency or city.
    DistrictUnknown,
    /// The day is neither 01 to 31 (men) nor 41 to 71 (women).
    DayImpossible,
    /// The month is not 01 to 12.
    MonthImpossible,
    /// The month has no such day.
    DateImpossible,
    /// The day is 29 February, and the year is a leap year in no century.
    LeapDayImpossible,
    /// The day is in the future in each century.
    DateInFuture,
    /// The serial is 0000; the first that is given out is 0001.
    SerialZero,
    /// The serial is 0100 or above, and few people share the date.
    SerialHigh,
    /// The number may be that of a family card (No. KK), which has the date of its recording
    /// instead of a birth date: it reads as a man born in the last 25 years.
    FamilyCard,
    /// A spreadsheet may have cut the number to fifteen digits, which turns the serials 0001 to
    /// 0009 into 0000.
    Rounded,
}

/// Severity of a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify))]
pub enum Severity {
    /// No number that follows the rules has the sign.
    Strong,
    /// Some numbers that follow the rules have the sign.
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
    /// All warnings, in the order of their digits.
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

    /// The digits that may be wrong, counted from 1. For an unknown code they include the codes
    /// before it: 3299 may be a wrong 3201 or a wrong 1299.
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

    /// The severity. A district beyond the highest known one breaks no rule, since new districts
    /// are founded every year.
    pub fn severity(self) -> Severity {
        match self {
            Self::DistrictUnknown | Self::SerialHigh | Self::FamilyCard => Severity::Soft,
            _ => Severity::Strong,
        }
    }
}

/// Set of warnings.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Warnings(u16);

impl Warnings {
    /// No warning.
    #[inline]
    pub fn none() -> Self {
        Self::default()
    }

    /// The set, and one more warning if `applies`.
    #[must_use]
    #[inline]
    pub fn with(self, warning: Warning, applies: bool) -> Self {
        Self(self.0 | u16::from(applies) << warning as u16)
    }

    /// The warnings of both sets.
    #[must_use]
    #[inline]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The warnings of this set that are not in the other.
    #[must_use]
    #[inline]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The set as bits: bit n is the warning at index n of [`Warning::ALL`].
    #[inline]
    pub fn bits(self) -> u16 {
        self.0
    }

    /// Whether the set has a warning.
    pub fn contains(self, warning: Warning) -> bool {
        self.0 >> warning as u16 & 1 == 1
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// All warnings of the set, in the order of their digits.
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
    fn every_warning_is_in_the_list_once_and_at_its_index() {
        for (index, warning) in Warning::ALL.into_iter().enumerate() {
            assert_eq!(warning as usize, index);
            let one = Warnings::none().with(warning, true);
            assert!(one.iter().eq([warning]));
        }
    }
}
