//! Choice among columns: which one holds the NIKs, and which one the names.

use super::{Because, ColumnNames, ColumnProfile, Field, LayoutError, Profiles, is_data};
use crate::input::Column;
use crate::input::heading::{self, Role};

/// The choice among columns.
pub(super) struct Choice<'a> {
    pub(super) has_heading: bool,
    pub(super) columns: &'a [ColumnProfile],
}

impl Choice<'_> {
    pub(super) fn nik(&self, asked: Option<&Column>) -> Result<(Field, Because), LayoutError> {
        if let Some(column) = asked {
            return Ok((self.find(column)?, Because::Asked));
        }
        if !self.has_heading {
            return Ok((self.only_numbers()?, Because::OnlyNumbers));
        }
        let (column, because) = self.named_nik()?;
        if let Some(why) = column.spoilt() {
            let others: Vec<ColumnProfile> = self
                .columns
                .iter()
                .filter(|other| other.field != column.field && other.is_clean())
                .cloned()
                .collect();
            if !others.is_empty() {
                return Err(LayoutError::NikSpoilt {
                    column: column.field.clone(),
                    why,
                    others: Profiles(others),
                });
            }
        }
        Ok((column.field.clone(), because))
    }

    /// The only column whose name means NIK, by the clearest names that there are.
    fn named_nik(&self) -> Result<(&ColumnProfile, Because), LayoutError> {
        let of_role = |role: Role| -> Vec<&ColumnProfile> {
            self.columns
                .iter()
                .filter(|column| column.role == role)
                .collect()
        };
        let perhaps = of_role(Role::PerhapsNik);
        let perhaps: Vec<_> = perhaps
            .into_iter()
            .filter(|column| column.is_clean())
            .collect();
        let ranks = [
            (of_role(Role::Nik), Because::CalledNik),
            (of_role(Role::OwnNik), Because::OnlyNameOfNik),
            (perhaps, Because::OnlyNameOfNik),
        ];
        for (columns, because) in ranks {
            match columns.as_slice() {
                [] => {}
                [column] => return Ok((column, because)),
                columns => {
                    return Err(LayoutError::TwoColumns {
                        name: "NIK".to_owned(),
                        columns: Profiles(columns.iter().map(|&c| c.clone()).collect()),
                    });
                }
            }
        }
        Err(LayoutError::NoNikColumn {
            found: self.describe(),
            numbers: self.with_numbers(),
        })
    }

    /// The only column of numbers, where nothing is named.
    fn only_numbers(&self) -> Result<Field, LayoutError> {
        let unclear = || LayoutError::Unclear {
            columns: self.columns.len(),
            numbers: self.with_numbers(),
        };
        let mut clean = self
            .columns
            .iter()
            .filter(|column| 2 * column.numbers > column.rows);
        let (Some(column), None) = (clean.next(), clean.next()) else {
            return Err(unclear());
        };
        let is_rival = |other: &ColumnProfile| {
            other.field != column.field && 10 * (other.numbers + other.cut) > other.rows
        };
        if self.columns.iter().any(is_rival) {
            return Err(unclear());
        }
        Ok(column.field.clone())
    }

    pub(super) fn name(&self, asked: Option<&Column>) -> Result<Field, LayoutError> {
        let found = self.describe();
        match asked {
            Some(column) => self.find(column),
            None => self
                .called("NAMA")?
                .ok_or(LayoutError::NoNameColumn { found }),
        }
    }

    fn find(&self, column: &Column) -> Result<Field, LayoutError> {
        match column {
            Column::Number(number) => Ok(match self.columns.get(number - 1) {
                Some(column) => column.field.clone(),
                None => Field {
                    index: number - 1,
                    title: None,
                },
            }),
            Column::Name(wanted) => self
                .called(wanted)?
                .ok_or_else(|| LayoutError::NoSuchColumn {
                    wanted: wanted.clone(),
                    found: self.describe(),
                }),
        }
    }

    /// The column of that name; an error where there are two.
    fn called(&self, name: &str) -> Result<Option<Field>, LayoutError> {
        let has_name = |column: &&ColumnProfile| {
            let title = column.field.title.as_deref();
            title.is_some_and(|title| heading::same(title, name))
        };
        let columns: Vec<&ColumnProfile> = self.columns.iter().filter(has_name).collect();
        match columns.as_slice() {
            [] => Ok(None),
            [column] => Ok(Some(column.field.clone())),
            columns => Err(LayoutError::TwoColumns {
                name: name.to_owned(),
                columns: Profiles(columns.iter().map(|&c| c.clone()).collect()),
            }),
        }
    }

    fn with_numbers(&self) -> Profiles {
        let columns = self.columns.iter().filter(|column| column.has_numbers());
        Profiles(columns.cloned().collect())
    }

    /// The names of columns, for a message. What could be data is never shown.
    fn describe(&self) -> ColumnNames {
        let titles = self.columns.iter();
        let titles = titles.filter_map(|column| column.field.title.clone());
        ColumnNames {
            columns: self.columns.len(),
            names: titles.filter(|name| !is_data(name)).collect(),
        }
    }
}
