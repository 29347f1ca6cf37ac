//! Build errors, with stable codes, and the checkpoint that the next build can use.

use std::io;
use std::path::PathBuf;

use cek_nik::catalogue::{CatalogueError, MAX_CHECK_BYTES, MAX_DATASETS};
use cek_nik::check::{Outcome, Reason};
use cek_nik::key;

use crate::carried::Unverified;
use crate::checkpoint::error::CheckpointError;
use crate::checkpoint::fingerprint::Mismatch;
use crate::config::error::ConfigError;
use crate::config::salt::NewSalt;
use crate::input::{Changed, InputError};
use crate::io_action::{PathError, is_full_disk};
use crate::job::{Cancelled, NoRandomNumbers};
use crate::key_file::error::KeyFileError;
use crate::plan::choice::PlanError;
use crate::plan::number_format;
use crate::plan::risk::Risk;
use crate::preflight::refused::Refused;
use crate::staging::error::StagingError;

/// Error of a build. The site is then as it was.
///
/// Programs and hint files refer to errors by their [`code`](Self::code).
#[derive(Debug, thiserror::Error)]
#[allow(
    missing_docs,
    reason = "the messages and source errors name the fields"
)]
pub enum BuildError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("two data sets are called \"{id}\"")]
    DatasetTwice { id: String },
    #[error(
        "a site can have {MAX_DATASETS} data sets, and this one would have {count}: put several \
         lists into one data set, or make two sites"
    )]
    TooManyDatasets { count: usize },
    #[error(
        "a check of this site would fetch {}, one shard of each data set, and clients refuse more \
         than {}: choose more prefix bits or a smaller --max-whole, or make two sites",
        number_format::bytes(*.bytes), number_format::bytes(MAX_CHECK_BYTES as u64)
    )]
    TooManyBytes { bytes: u64 },
    #[error(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    Changed(#[from] Changed),
    #[error(transparent)]
    Refused(#[from] Box<Refused>),
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A risk that the publisher has not accepted.
    #[error(transparent)]
    Risk(#[from] Risk),
    #[error(transparent)]
    NewSalt(#[from] NewSalt),
    /// A build of one data set would remove another one.
    #[error(
        "{site} also holds the data set \"{id}\", which this build does not describe: describe all \
         of them in one catalogue.toml, or choose a new directory"
    )]
    UndescribedDataset { site: PathBuf, id: String },
    /// No site to add a data set to, or to remove one from.
    #[error("{0} holds no catalogue.json, so it is not a site of cek-nik")]
    NoSite(PathBuf),
    /// A data set to add that the site has.
    #[error(
        "{site} already holds a data set \"{id}\": choose another id, or remove that data set first"
    )]
    DatasetExists { site: PathBuf, id: String },
    /// A data set to remove that the site does not have.
    #[error("{site} holds no data set \"{id}\"; it has {}", .ids.join(", "))]
    NoSuchDataset {
        site: PathBuf,
        id: String,
        ids: Vec<String>,
    },
    /// The only data set of a site is to be removed.
    #[error("\"{id}\" is the only data set of {site}, and a site without one cannot answer")]
    LastDataset { site: PathBuf, id: String },
    /// Shards that would stay in the site are missing or damaged.
    #[error(
        "{0}. Nothing was published, because this data set would stay in the site. Copy the file \
         from a good copy of the site, or build the data set from its list again"
    )]
    Unverified(Unverified),
    /// The catalogue of the site cannot be read. Without a reason, a field that publishers write is
    /// missing or has another type.
    #[error("{path} {why}", path = path.display(), why = unusable(*.reason))]
    ExistingCatalogue {
        path: PathBuf,
        reason: Option<CatalogueError>,
    },
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    #[error(transparent)]
    Staging(#[from] StagingError),
    #[error("cannot write temporary files beside the site")]
    Partition(#[source] io::Error),
    #[error(transparent)]
    Path(#[from] PathError),
    #[error("the disk cannot be read or written")]
    Disk(#[from] io::Error),
    #[error("not enough memory for the key derivation")]
    OutOfMemory,
    #[error(transparent)]
    NoRandomNumbers(#[from] NoRandomNumbers),
    #[error("the threads that derive keys have ended early")]
    WorkersEnded,
    #[error(
        "the finished site does not find a row of its own list ({outcome:?}), so the disk or \
         cek-nik is faulty; nothing was published"
    )]
    SelfCheck { outcome: Option<Outcome> },
    #[error("the finished site cannot be checked ({0}); nothing was published")]
    Unusable(Reason),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    #[error("data set \"{id}\"")]
    Dataset { id: String, source: Box<BuildError> },
    /// An error after which the next build continues from the checkpoint.
    #[error("{}", unfinished(.error, .checkpoint))]
    Unfinished {
        error: Box<BuildError>,
        checkpoint: CheckpointRows,
    },
}

/// The size of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointRows {
    /// The checkpoint directory.
    pub directory: PathBuf,
    /// How many rows have keys.
    pub rows: u64,
    /// How many rows need keys; `None` if that is not known yet.
    pub expected: Option<u64>,
}

impl BuildError {
    /// The stable name of the innermost error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Config(error) => error.code(),
            Self::DatasetTwice { .. } => "dataset_twice",
            Self::TooManyDatasets { .. } => "too_many_datasets",
            Self::TooManyBytes { .. } => "too_many_bytes",
            Self::Input(error) => error.code(),
            Self::Changed(_) => "list_changed",
            Self::Refused(refused) => refused.why.code(),
            Self::Plan(error) => error.code(),
            Self::Risk(risk) => risk.code(),
            Self::NewSalt(_) => "new_salt",
            Self::UndescribedDataset { .. } => "undescribed_dataset",
            Self::NoSite(_) => "no_site",
            Self::DatasetExists { .. } => "dataset_exists",
            Self::NoSuchDataset { .. } => "no_such_dataset",
            Self::LastDataset { .. } => "last_dataset",
            Self::Unverified(_) => "unverified",
            Self::ExistingCatalogue { .. } => "existing_catalogue",
            Self::Mismatch(mismatch) => mismatch.difference.code(),
            Self::Checkpoint(error) => error.code(),
            Self::KeyFile(error) => error.code(),
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

    fn innermost(&self) -> &Self {
        match self {
            Self::Dataset { source, .. } => source.innermost(),
            Self::Unfinished { error, .. } => error.innermost(),
            error => error,
        }
    }

    /// Adds the id of the data set.
    pub(crate) fn in_dataset(self, id: &str) -> Self {
        Self::Dataset {
            id: id.to_owned(),
            source: Box::new(self),
        }
    }

    /// Adds the checkpoint, unless the error is about its rows.
    pub(crate) fn with_checkpoint(self, checkpoint: CheckpointRows) -> Self {
        let is_about_rows = matches!(self, Self::Refused(_) | Self::Mismatch(_));
        if is_about_rows || checkpoint.rows == 0 && !self.is_full_disk() {
            return self;
        }
        Self::Unfinished {
            error: Box::new(self),
            checkpoint,
        }
    }

    /// Whether the disk has no room.
    pub fn is_full_disk(&self) -> bool {
        match self.innermost() {
            Self::Partition(error) | Self::Disk(error) => is_full_disk(error),
            Self::Path(error) | Self::Staging(StagingError::Path(error)) => {
                is_full_disk(&error.source)
            }
            _ => false,
        }
    }
}

impl From<Unverified> for BuildError {
    fn from(unverified: Unverified) -> Self {
        Self::Unverified(unverified)
    }
}

impl From<Refused> for BuildError {
    fn from(refused: Refused) -> Self {
        Self::Refused(Box::new(refused))
    }
}

impl From<key::OutOfMemory> for BuildError {
    fn from(key::OutOfMemory: key::OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

fn unusable(reason: Option<CatalogueError>) -> &'static str {
    match reason {
        Some(CatalogueError::NewerVersion) => {
            "was written by a newer version of cek-nik: use that version, or choose a new directory"
        }
        _ => "is not a catalogue that this version understands: choose a new directory",
    }
}

/// An error with its causes, and how the next build continues.
fn unfinished(error: &BuildError, checkpoint: &CheckpointRows) -> String {
    let mut text = chain(error);
    if error.is_full_disk() {
        text += ". The site is as it was: make room on its disk, and run the same command again";
    }
    if checkpoint.rows == 0 {
        return text;
    }
    let rows = number_format::number(checkpoint.rows);
    let expected = checkpoint.expected.map(number_format::number);
    let of = expected.map_or(String::new(), |expected| format!("of {expected} "));
    let when = match error {
        BuildError::Changed(_) => " once the list is as it was",
        _ => "",
    };
    let directory = checkpoint.directory.display();
    text + &format!(
        ". The keys of {rows} {of}rows are kept in {directory}, and the same command continues \
         with them{when}"
    )
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
