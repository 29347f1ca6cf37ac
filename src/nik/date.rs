use core::fmt;
use core::str::FromStr;

/// A day of the Gregorian calendar that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A text is not a date of the form `YYYY-MM-DD`, or no calendar has that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDate;

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date: write it as YYYY-MM-DD, such as 2026-11-23")
    }
}

impl core::error::Error for InvalidDate {}

impl Date {
    /// A day by year (1 to 9999), month (1 to 12) and day of the month; `None` where there is no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let exists = (1..=9999).contains(&year) && (1..=days(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }
}

/// How many days a month has; none where there is no such month.
fn days(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}

/// ISO 8601: `YYYY-MM-DD`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
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
