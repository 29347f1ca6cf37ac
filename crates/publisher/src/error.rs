//! Errors of a build, and the keys that the next build can use.

use std::io;
use std::path::PathBuf;

use cek_nik::catalogue::CatalogueError;
use cek_nik::check::{Outcome, Reason};

use crate::checkpoint::error::CheckpointError;
use crate::checkpoint::fingerprint::Mismatch;
use crate::config::error::ConfigError;
use crate::config::salt::NewSalt;
use crate::input::{Changed, InputError};
use crate::io_action::{PathError, is_full_disk};
use crate::job::{Cancelled, NoRandomNumbers};
use crate::plan::choice::PlanError;
use crate::plan::number_format;
use crate::plan::risk::Risk;
use crate::preflight::refused::Refused;
use crate::staging::error::StagingError;

/// Error of a build. The site is then as it was.
///
/// Every error has a [`code`](Self::code), under which a program or a text file can say what to do.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The description of what is to be published.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Two data sets have the same id.
    #[error("two data sets are called \"{id}\"")]
    DatasetTwice {
        /// Their id.
        id: String,
    },
    /// A list cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A list has changed while it was read.
    #[error(transparent)]
    Changed(#[from] Changed),
    /// The rows of a list cannot be published.
    #[error(transparent)]
    Refused(#[from] Box<Refused>),
    /// No parameters fulfil what is asked for.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Somebody would be harmed, and the publisher has not accepted that.
    #[error(transparent)]
    Risk(#[from] Risk),
    /// The site would get another salt.
    #[error(transparent)]
    NewSalt(#[from] NewSalt),
    /// The site holds a data set that the build does not describe, and would lose it.
    #[error(
        "{site} also holds the data set \"{id}\", which this build does not describe: describe all \
         of them in one catalogue.toml, or choose a new directory",
        site = site.display()
    )]
    UndescribedDataset {
        /// The site.
        site: PathBuf,
        /// The id of the data set.
        id: String,
    },
    /// The catalogue of the site cannot be continued.
    #[error("{path} {why}", path = path.display(), why = unusable(*.reason))]
    ExistingCatalogue {
        /// The catalogue.
        path: PathBuf,
        /// Why; `None` where a field that publishers write is missing or of another type.
        reason: Option<CatalogueError>,
    },
    /// The keys of a stopped build cannot be used.
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    /// The directory of those keys.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The staging directory or the site.
    #[error(transparent)]
    Staging(#[from] StagingError),
    /// Keys cannot be set aside in a directory.
    #[error("cannot write beside the site")]
    Partition(#[source] io::Error),
    /// Another access to the file system.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The file system, without a path.
    #[error("the disk cannot be read or written")]
    Disk(#[from] io::Error),
    /// The device does not have the memory that the key derivation takes.
    #[error("not enough memory for the key derivation")]
    OutOfMemory,
    /// The operating system gives no random numbers.
    #[error(transparent)]
    NoRandomNumbers(#[from] NoRandomNumbers),
    /// The threads that make keys have ended before the list.
    #[error("the threads that make keys have ended early")]
    WorkersEnded,
    /// The finished site does not find a row of its own list.
    #[error(
        "the finished site does not find a row of its own list ({outcome:?}): the disk is at fault, \
         or cek-nik is; nothing was published"
    )]
    SelfCheck {
        /// What it finds instead.
        outcome: Option<Outcome>,
    },
    /// The finished site cannot be checked.
    #[error("the finished site cannot be checked ({0}); nothing was published")]
    Unusable(Reason),
    /// Somebody asked the build to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// An error in one data set.
    #[error("data set \"{id}\"")]
    Dataset {
        /// Its id.
        id: String,
        /// What is wrong.
        source: Box<BuildError>,
    },
    /// An error after which the next build goes on with the keys that are there.
    #[error("{}", unfinished(.error, .kept))]
    Unfinished {
        /// What is wrong.
        error: Box<BuildError>,
        /// What the next build can use.
        kept: CheckpointRows,
    },
}

/// Keys that the next build can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointRows {
    /// Where they are.
    pub directory: PathBuf,
    /// Of how many rows they are.
    pub rows: u64,
    /// Of how many rows keys are wanted; `None` before that is known.
    pub expected: Option<u64>,
}

impl BuildError {
    /// The stable name of the innermost error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Config(error) => error.code(),
            Self::DatasetTwice { .. } => "dataset_twice",
            Self::Input(error) => error.code(),
            Self::Changed(_) => "list_changed",
            Self::Refused(refused) => refused.why.code(),
            Self::Plan(error) => error.code(),
            Self::Risk(harm) => harm.code(),
            Self::NewSalt(_) => "new_salt",
            Self::UndescribedDataset { .. } => "undescribed_dataset",
            Self::ExistingCatalogue { .. } => "existing_catalogue",
            Self::Mismatch(unfit) => unfit.difference.code(),
            Self::Checkpoint(error) => error.code(),
            Self::Staging(error) => error.code(),
            Self::Partition(_) => "partition",
            Self::Path(_) | Self::Disk(_) => "file_system",
            Self::OutOfMemory => "out_of_memory",
            Self::NoRandomNumbers(_) => "no_random_numbers",
            Self::WorkersEnded => "workers_ended",
            Self::SelfCheck { .. } | Self::Unusable(_) => "self_check",
            Self::Cancelled(_) => "cancelled",
            Self::Dataset { source, .. } => source.code(),
            Self::Unfinished { error, .. } => error.code(),
        }
    }

    /// Names the data set in which an error occurred.
    pub(crate) fn in_dataset(self, id: &str) -> Self {
        Self::Dataset {
            id: id.to_owned(),
            source: Box::new(self),
        }
    }

    /// Adds what the next build can use, unless the error is about just that.
    pub(crate) fn with_checkpoint(self, kept: CheckpointRows) -> Self {
        let is_about_rows = matches!(self, Self::Refused(_) | Self::Mismatch(_));
        if is_about_rows || kept.rows == 0 && !self.is_full_disk() {
            return self;
        }
        Self::Unfinished {
            error: Box::new(self),
            kept,
        }
    }

    fn is_full_disk(&self) -> bool {
        let io = match self {
            Self::Partition(error) | Self::Disk(error) => Some(error),
            Self::Path(error) => Some(&error.source),
            Self::Staging(error) => error.io_error(),

            Self::Dataset { source, .. } => return source.is_full_disk(),
            Self::Unfinished { error, .. } => return error.is_full_disk(),
            _ => None,
        };
        io.is_some_and(is_full_disk)
    }
}

impl From<Refused> for BuildError {
    fn from(refused: Refused) -> Self {
        Self::Refused(Box::new(refused))
    }
}

fn unusable(reason: Option<CatalogueError>) -> &'static str {
    match reason {
        Some(CatalogueError::NewerVersion) => {
            "was written by a newer cek-nik: use that one, or choose a new directory"
        }
        _ => "is not a catalogue that this version understands: choose a new directory",
    }
}

/// An error with all its causes, and how the next build goes on.
fn unfinished(error: &BuildError, kept: &CheckpointRows) -> String {
    let mut text = chain(error);
    if error.is_full_disk() {
        text += ". The site is as it was: make room on its disk, and give the same command again";
    }
    if kept.rows == 0 {
        return text;
    }
    let rows = number_format::number(kept.rows);
    let expected = kept.expected.map(number_format::number);
    let of = expected.map_or(String::new(), |expected| format!("of {expected} "));
    let when = match error {
        BuildError::Changed(_) => " when the list is as it was",
        _ => "",
    };
    let directory = kept.directory.display();
    text + &format!(
        ". The keys of {rows} {of}rows are kept in {directory}, and the same command continues with \
         them{when}"
    )
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
