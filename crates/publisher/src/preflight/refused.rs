//! Rows that cannot be published, because most are no NIKs or too many people would not be found.

use std::path::PathBuf;

use cek_nik::nik::Warning;

use crate::input::stats::Stats;
use crate::plan::lost_rows::LostRows;

/// Rows of a list that cannot be published, with what was counted.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct Refused {
    /// What is wrong.
    pub why: Why,
    /// What became of the rows.
    pub stats: Stats,
    /// The lists of the data set, by the index that the statistics name.
    pub lists: Vec<PathBuf>,
}

/// What is wrong with the lists of a data set.
#[derive(Debug, thiserror::Error)]
pub enum Why {
    /// Most rows of a list are something else.
    #[error("{list}: more than half of the rows are no NIKs: is this the right column?", list = .0.display())]
    MostlyNoNiks(PathBuf),
    /// Most rows of a list have a NIK, and no name to it that can be used.
    #[error("{list}: more than half of the rows are refused, most of them for their name: is this the right column of names?", list = .0.display())]
    MostlyNoNames(PathBuf),
    /// Most NIKs of a list have lost their last digits.
    #[error(
        "{list}: more than half of the NIKs end in 0000, as after a spreadsheet: their last digits are lost, and readers who are in \
         the list would be told that they are not; export the column anew, formatted as text",
        list = .0.display()
    )]
    Rounded(PathBuf),
    /// Too many people of a list would not be found.
    #[error(transparent)]
    LostRows(LostRows),
    /// No row is a NIK.
    #[error("the list holds no NIK: is this the right file, and the right column?")]
    NoNik,
}

impl Why {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MostlyNoNiks(_) => "mostly_no_niks",
            Self::MostlyNoNames(_) => "mostly_no_names",
            Self::Rounded(_) => "rounded",
            Self::LostRows(_) => LostRows::CODE,
            Self::NoNik => "no_nik",
        }
    }
}

/// Refuses rows that cannot be those of a list of NIKs.
///
/// # Errors
///
/// [`Refused`] where the rows cannot be those of a list of NIKs, or, unless that is accepted, too many people of it would not be found.
pub fn refuse(
    stats: &Stats,
    lists: &[PathBuf],
    lost_rows_accepted: bool,
) -> Result<(), Box<Refused>> {
    let lost = LostRows::of(stats).filter(|_| !lost_rows_accepted);
    match refusal(stats, lists).or(lost.map(Why::LostRows)) {
        None => Ok(()),
        Some(why) => Err(Box::new(Refused {
            why,
            stats: stats.clone(),
            lists: lists.to_vec(),
        })),
    }
}

fn refusal(stats: &Stats, lists: &[PathBuf]) -> Option<Why> {
    let list = |place: Option<usize>| lists.get(place?).cloned();
    let refused = stats.mostly_refused();
    let for_names = refused.filter(|&list| stats.mostly_lacks_names(list));
    if let Some(path) = list(for_names) {
        return Some(Why::MostlyNoNames(path));
    }
    if stats.accepted().rows() == 0 {
        return Some(Why::NoNik);
    }
    let no_niks = list(refused).map(Why::MostlyNoNiks);
    let rounded = || list(stats.mostly_drawing(Warning::Rounded)).map(Why::Rounded);
    no_niks.or_else(rounded)
}
