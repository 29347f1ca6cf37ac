//! Refused lists: most rows are no NIKs, digits are lost, or too many people would not be found.

use std::path::PathBuf;

use crate::config::Accepted;
use crate::input::spoilt::LostDigits;
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
    #[error(
        "{list}: more than half of the rows are no NIKs: this may be the wrong column",
        list = .0.display()
    )]
    MostlyNoNiks(PathBuf),
    /// Most rows of a list have a NIK, and no name to it that can be used.
    #[error(
        "{list}: more than half of the rows are rejected, most of them for their name: this may \
         be the wrong column of names",
        list = .0.display()
    )]
    MostlyNoNames(PathBuf),
    /// Other software has lost digits of the NIKs of a list.
    #[error(
        "{list}: {lost}, as after a spreadsheet or a program that takes them for numbers: their \
         last digits are lost, readers who are in the list would be told that they are not, and \
         other people that they are; export the column anew, formatted as text",
        list = .0.display(), lost = .1
    )]
    LostDigits(PathBuf, LostDigits),
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
            Self::LostDigits(..) => "lost_digits",
            Self::LostRows(_) => LostRows::CODE,
            Self::NoNik => "no_nik",
        }
    }
}

/// Refuses lists whose rows cannot be published.
///
/// # Errors
///
/// [`Refused`] where no row is a NIK, and where too many people would not be found or digits are
/// lost, unless that is accepted.
pub fn refuse(stats: &Stats, lists: &[PathBuf], accepted: Accepted) -> Result<(), Box<Refused>> {
    match refusal(stats, lists, accepted) {
        None => Ok(()),
        Some(why) => Err(Box::new(Refused {
            why,
            stats: stats.clone(),
            lists: lists.to_vec(),
        })),
    }
}

fn refusal(stats: &Stats, lists: &[PathBuf], accepted: Accepted) -> Option<Why> {
    #[expect(clippy::indexing_slicing, reason = "the statistics are of these lists")]
    let path = |list: usize| lists[list].clone();
    let lost = LostRows::of(stats);
    if stats.accepted().rows() == 0 {
        return Some(match lost {
            Some(lost) if lost.is_mostly_for_names() => Why::MostlyNoNames(path(lost.list)),
            _ => Why::NoNik,
        });
    }
    if let Some(lost) = lost.filter(|_| !accepted.lost_rows) {
        return Some(match (lost.is_most(), lost.is_mostly_for_names()) {
            (true, true) => Why::MostlyNoNames(path(lost.list)),
            (true, false) => Why::MostlyNoNiks(path(lost.list)),
            (false, _) => Why::LostRows(lost),
        });
    }
    // A list of nothing but titles and empty rows loses nobody, and is not a list of NIKs either.
    if stats
        .lists()
        .any(|list| list.accepted.rows() == 0 && list.set_aside > 0)
    {
        return Some(Why::NoNik);
    }
    let (list, lost) = stats.lost_digits().filter(|_| !accepted.lost_digits)?;
    Some(Why::LostDigits(path(list), lost))
}
