//! Edition of a site: its number, and how long its answers hold (`docs/FORMAT.md`, 5.3).
//!
//! ```
//! use cek_nik::edition::{Age, Validity};
//! use cek_nik::nik::Date;
//!
//! let day = |text: &str| text.parse::<Date>().unwrap();
//! let validity = Validity::new(day("2026-12-01"), day("2027-03-01")).unwrap();
//! assert_eq!(validity.age(day("2027-03-01")), Age::Current);
//! assert_eq!(validity.age(day("2027-03-02")), Age::Expired);
//! assert_eq!(validity.age(day("2027-06-01")), Age::TooOld);
//! ```

use crate::catalogue::json_access::Json;
use crate::nik::Date;
pub use crate::outcome::EditionError;

/// Period for which the publisher vouches for an edition: both days, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    published: Date,
    expires: Date,
}

/// Age of an edition on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Not after the last day of the period. Also the age of an edition without a period.
    Current,
    /// The clock shows a day before the publication, so it is wrong and tells nothing. The
    /// edition counts as current.
    ClockBehind,
    /// After the period, by no more than its length. An answer must say so.
    Expired,
    /// Later still. There is no answer.
    TooOld,
}

impl Validity {
    /// A period from the day of publication to a later day; `None` for any other day.
    pub fn new(published: Date, expires: Date) -> Option<Self> {
        (published < expires).then_some(Self { published, expires })
    }

    /// A period of so many days after the day of publication; `None` for zero days, or beyond the
    /// year 9999.
    pub fn of_days(published: Date, days: u32) -> Option<Self> {
        Self::new(published, published.plus_days(days)?)
    }

    /// The fields `published` and `expires` of a catalogue; `Some(None)` if it has neither. `None`
    /// for one field alone, and for fields that are not two days in this order.
    pub(crate) fn from_json(json: &impl Json) -> Option<Option<Self>> {
        let day = |json: Option<_>| -> Option<Date> { Json::text(&json?)?.parse().ok() };
        match (json.field("published"), json.field("expires")) {
            (None, None) => Some(None),
            (published, expires) => Self::new(day(published)?, day(expires)?).map(Some),
        }
    }

    /// The day of publication.
    pub fn published(self) -> Date {
        self.published
    }

    /// The last day of the period.
    pub fn expires(self) -> Date {
        self.expires
    }

    /// The length of the period in days, at least 1.
    pub fn days(self) -> u32 {
        self.published.days_until(self.expires)
    }

    /// The age of the edition on a day in UTC.
    pub fn age(self, today: Date) -> Age {
        if today < self.published {
            Age::ClockBehind
        } else if today <= self.expires {
            Age::Current
        } else if self.expires.days_until(today) <= self.days() {
            Age::Expired
        } else {
            Age::TooOld
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn an_edition_ages_by_its_own_period() {
        let validity = Validity::of_days(day("2028-02-28"), 2).unwrap();
        assert_eq!(validity.expires(), day("2028-03-01"));
        assert_eq!(validity.days(), 2);
        for (today, age) in [
            ("0001-01-01", Age::ClockBehind),
            ("2028-02-27", Age::ClockBehind),
            ("2028-02-28", Age::Current),
            ("2028-03-01", Age::Current),
            ("2028-03-02", Age::Expired),
            ("2028-03-03", Age::Expired),
            ("2028-03-04", Age::TooOld),
            ("9999-12-31", Age::TooOld),
        ] {
            assert_eq!(validity.age(day(today)), age, "{today}");
        }
    }

    #[test]
    fn a_period_has_at_least_one_day() {
        let published = day("2026-12-01");
        for expires in ["2026-12-01", "2026-11-30"] {
            assert_eq!(Validity::new(published, day(expires)), None, "{expires}");
        }
        assert_eq!(Validity::of_days(published, 0), None);
        assert_eq!(Validity::of_days(day("9999-12-31"), 1), None);
        assert_eq!(Validity::of_days(published, u32::MAX), None);
        assert_eq!(Validity::of_days(published, 1).unwrap().days(), 1);
    }
}
