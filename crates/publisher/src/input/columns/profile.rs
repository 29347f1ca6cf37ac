//! Profiles of columns: what the first rows of a list hold in each.

use std::fmt;

use cek_nik::nik::{Date, Severity, Warning};

use super::Field;
use crate::input::grouping::{self, GroupingError};
use crate::input::heading::Role;
use crate::input::rows::{Row, is_blank};
use crate::input::spoilt::DigitCounts;

/// What a column holds in the first rows of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnProfile {
    /// Which column.
    pub field: Field,
    /// What its name says.
    pub role: Role,
    /// Rows that were looked at.
    pub rows: u64,
    /// Rows in which it is not empty.
    pub filled: u64,
    /// Numbers of 16 digits.
    pub numbers: u64,
    /// Numbers that break the rules by which NIKs are given out.
    pub against_rules: u64,
    /// Numbers that look like family cards.
    pub family_cards: u64,
    /// Numbers that a spreadsheet has cut, such as 3.20101E+15.
    pub cut: u64,
    /// Numbers that are not those of the column that is read.
    pub differing: u64,
    digits: DigitCounts,
}

impl ColumnProfile {
    pub(super) fn of(field: Field, rows: &[SampleRow], today: Date) -> Self {
        let mut profile = Self {
            role: field.title.as_deref().map_or(Role::Unknown, Role::of),
            field,
            rows: rows.len() as u64,
            filled: 0,
            numbers: 0,
            against_rules: 0,
            family_cards: 0,
            cut: 0,
            differing: 0,
            digits: DigitCounts::default(),
        };
        for row in rows {
            #[expect(clippy::indexing_slicing, reason = "all these rows have the column")]
            let field = row.fields[profile.field.index].as_str();
            profile.filled += u64::from(!is_blank(field.as_bytes()));
            match grouping::read(field) {
                Ok(nik) => {
                    let warnings = nik.warnings(today);
                    let strong = warnings.iter().any(|w| w.severity() == Severity::Strong);
                    profile.numbers += 1;
                    profile.against_rules += u64::from(strong);
                    profile.family_cards += u64::from(warnings.contains(Warning::FamilyCard));
                    profile.digits.count(&nik);
                }
                Err(GroupingError::LostDigits) => profile.cut += 1,
                Err(_) => {}
            }
        }
        profile
    }

    /// Whether it holds numbers of 16 digits, or what is left of them.
    pub fn has_numbers(&self) -> bool {
        self.numbers + self.cut > 0
    }

    /// Whether most rows have a number that can be used.
    pub(super) fn is_clean(&self) -> bool {
        2 * self.numbers > self.rows && self.digits.finding().is_none()
    }

    /// Why it can hardly be the column with the NIK: `None` where it can.
    pub(super) fn spoilt(&self) -> Option<Spoilt> {
        if 2 * self.numbers > self.filled && 2 * self.filled > self.rows {
            return self.digits.finding().map(|_| Spoilt::LastDigits);
        }
        Some(if 2 * self.cut > self.filled && self.cut > 0 {
            Spoilt::Digits
        } else if 2 * self.filled <= self.rows {
            Spoilt::Empty
        } else {
            Spoilt::OtherThings
        })
    }
}

impl fmt::Display for ColumnProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.role == Role::Name {
            return self.field.fmt(f);
        }
        write!(
            f,
            "{}: {} of {} rows have 16 digits",
            self.field, self.numbers, self.rows
        )?;
        if self.numbers > 0 {
            let (against, cards) = (self.against_rules, self.family_cards);
            write!(
                f,
                ", {against} break the NIK rules, {cards} look like family cards"
            )?;
        }
        if self.cut > 0 {
            write!(f, ", {} have lost digits (3.2E+15)", self.cut)?;
        }
        match self.role {
            Role::OtherNik => f.write_str(", by its name of somebody else"),
            Role::FamilyCard => f.write_str(", by its name family cards"),
            Role::EmployeeNumber => f.write_str(", by its name employee numbers"),
            _ => Ok(()),
        }
    }
}

/// Why a column can hardly be the one with the NIK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoilt {
    /// Other software has lost the last digits of its numbers.
    LastDigits,
    /// A spreadsheet wrote its numbers with exponents.
    Digits,
    /// Most fields are empty.
    Empty,
    /// Most fields are something else.
    OtherThings,
}

impl fmt::Display for Spoilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LastDigits => "its last digits are lost",
            Self::Digits => "its digits are lost (3.2E+15)",
            Self::Empty => "it is mostly empty",
            Self::OtherThings => "most of its fields are not numbers of 16 digits",
        })
    }
}

/// Columns in a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Profiles(pub Vec<ColumnProfile>);

impl Profiles {
    /// The columns behind some words; nothing if there are none.
    pub(super) fn after(&self, words: &str) -> String {
        match self.0.as_slice() {
            [] => String::new(),
            _ => format!("{words}{self}"),
        }
    }
}

impl fmt::Display for Profiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, profile) in self.0.iter().enumerate() {
            let between = if index == 0 { "" } else { "; " };
            write!(f, "{between}{profile}")?;
        }
        Ok(())
    }
}

/// A row of a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleRow {
    /// The line on which it begins, counted from 1.
    pub line: u64,
    /// How many lines it has.
    pub lines: u64,
    /// Its fields.
    pub fields: Vec<String>,
}

impl SampleRow {
    pub(super) fn of(row: Row) -> Self {
        let text = |field: &[u8]| String::from_utf8_lossy(field).into_owned();
        Self {
            line: row.line,
            lines: row.lines,
            fields: row.fields().map(text).collect(),
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        self.fields.iter().all(|field| is_blank(field.as_bytes()))
    }

    pub(super) fn has_number(&self) -> bool {
        self.fields.iter().any(|field| is_number(field))
    }

    pub(super) fn filled(&self) -> usize {
        let is_filled = |field: &&String| !is_blank(field.as_bytes());
        self.fields.iter().filter(is_filled).count()
    }
}

/// Whether a field is a number of about sixteen digits, or what is left of one.
pub fn is_number(field: &str) -> bool {
    match grouping::read(field) {
        Ok(_) => true,
        Err(GroupingError::LostDigits | GroupingError::Glued) => true,
        Err(GroupingError::SeveralNumbers { .. }) => true,
        Err(GroupingError::Length { digits }) => (14..=18).contains(&digits),
        Err(GroupingError::Empty | GroupingError::NotDigits) => false,
    }
}
