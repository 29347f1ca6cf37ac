//! Dates.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::catalogue::decimal;

/// Day of the Gregorian calendar.
// One number for year, month and day: each row of a list compares dates, with one comparison.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(u32);

/// Error: a text is not a date of the form `YYYY-MM-DD`, or the calendar has no such day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDate;

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date: write it as YYYY-MM-DD, such as 2026-11-23")
    }
}

impl core::error::Error for InvalidDate {}

impl Date {
    /// A day by year (1 to 9999), month (1 to 12) and day of the month; `None` if there is no such
    /// day.
    #[inline]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let exists = (1..=9999).contains(&year) & (1..=days_of_month(year, month)).contains(&day);
        exists.then_some(Self(
            u32::from(year) << 9 | u32::from(month) << 5 | u32::from(day),
        ))
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> u16 {
        (self.0 >> 9) as u16
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        (self.0 >> 5 & 15) as u8
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        (self.0 & 31) as u8
    }

    /// `YYYY-MM-DD`, without the formatting of [`core::fmt`], which browsers would download.
    pub(crate) fn iso(self) -> String {
        let [year, month, day]: [u64; 3] =
            [self.year().into(), self.month().into(), self.day().into()];
        // A digit in front keeps the zeros of early years.
        let digits = decimal(((10_000 + year) * 100 + month) * 100 + day);
        let mut text = String::new();
        for (place, digit) in digits.chars().enumerate().skip(1) {
            if place == 5 || place == 7 {
                text.push('-');
            }
            text.push(digit);
        }
        text
    }

    /// The day so many days later; `None` beyond the year 9999.
    pub fn plus_days(self, days: u32) -> Option<Self> {
        let (mut days, mut month, mut year) = (days, self.month(), self.year());
        // Whole cycles of the calendar first, so that the steps are few.
        year = year.checked_add(u16::try_from(days / DAYS_OF_CYCLE * 400).ok()?)?;
        days = days % DAYS_OF_CYCLE + u32::from(self.day());
        loop {
            let of_month = u32::from(days_of_month(year, month));
            if days <= of_month {
                return Self::new(year, month, u8::try_from(days).ok()?);
            }
            days -= of_month;
            (year, month) = match month {
                12 => (year.checked_add(1)?, 1),
                _ => (year, month + 1),
            };
        }
    }

    /// The number of days from this day to `later`; 0 for an earlier day.
    pub fn days_until(self, later: Self) -> u32 {
        later.number().saturating_sub(self.number())
    }

    /// The number of the day, counted from 1 March of the year 0, in which a leap day is the last
    /// day of its year.
    fn number(self) -> u32 {
        let (year, month) = match self.month() {
            month @ (1 | 2) => (u32::from(self.year()) - 1, u32::from(month) + 9),
            month => (u32::from(self.year()), u32::from(month) - 3),
        };
        let days_before_month = (153 * month + 2) / 5;
        365 * year + year / 4 - year / 100 + year / 400 + days_before_month + u32::from(self.day())
    }

    /// Whether `other` is not later than `years` years after this day.
    #[inline]
    pub(super) fn reaches(self, other: Self, years: u16) -> bool {
        self.0 + (u32::from(years) << 9) >= other.0
    }
}

/// The days of 400 years, after which the calendar repeats.
const DAYS_OF_CYCLE: u32 = 146_097;

/// The number of days of a month; 0 if there is no such month. Without branches: years differ from
/// row to row of a list.
#[inline]
fn days_of_month(year: u16, month: u8) -> u8 {
    const DAYS: [u8; 13] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let leap = year.is_multiple_of(4) & (!year.is_multiple_of(100) | year.is_multiple_of(400));
    let days = DAYS.get(usize::from(month)).copied().unwrap_or(0);
    days + u8::from(leap & (month == 2))
}

/// ISO 8601: `YYYY-MM-DD`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        let number = |from, to, dash| {
            let digits: &str = text.get(from..to).ok_or(InvalidDate)?;
            let plain = digits.bytes().all(|b| b.is_ascii_digit());
            let ends = text.as_bytes().get(to).copied() == dash;
            let number = digits.parse::<u16>().map_err(|_| InvalidDate)?;
            (plain && ends).then_some(number).ok_or(InvalidDate)
        };
        let year = number(0, 4, Some(b'-'))?;
        let month = number(5, 7, Some(b'-'))?;
        let day = number(8, 10, None)?;
        // Two digits fit into a byte.
        Self::new(year, month as u8, day as u8).ok_or(InvalidDate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for text in ["2026-11-23", "2000-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn days_are_counted_across_months_leap_days_and_centuries() {
        let mut day = Date::new(1896, 1, 1).unwrap();
        let first = day;
        for count in 0..50_000 {
            assert_eq!(first.plus_days(count), Some(day));
            assert_eq!(first.days_until(day), count);
            let (year, month) = (day.year(), day.month());
            day = Date::new(year, month, day.day() + 1)
                .or(Date::new(year, month + 1, 1))
                .or(Date::new(year + 1, 1, 1))
                .unwrap();
        }
        assert_eq!(day.days_until(first), 0);
        let (start, end) = (
            Date::new(1, 1, 1).unwrap(),
            Date::new(9999, 12, 31).unwrap(),
        );
        assert_eq!(start.plus_days(start.days_until(end)), Some(end));
        assert_eq!(start.plus_days(start.days_until(end) + 1), None);
    }

    #[test]
    fn refuses_what_is_no_day() {
        for text in [
            "",
            "2026",
            "2026-11",
            "2026-11-31",
            "1900-02-29",
            "1800-02-29",
            "2026-00-10",
            "2026-13-01",
            "2026-01-00",
            "0000-01-01",
            "26-11-23",
            "2026-11-23 ",
            "2026/11/23",
            "2026-1-23",
            "+026-11-23",
            "2026-11-2é",
            "2026-011-3",
        ] {
            assert_eq!(text.parse::<Date>(), Err(InvalidDate), "{text}");
        }
    }
}
