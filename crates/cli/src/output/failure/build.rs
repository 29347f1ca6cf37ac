//! Failures of a build, of adding to a site and of removing from one.

use cek_nik::catalogue::CatalogueError;
use cek_nik_publisher::carried::{CarriedFile, Unverified};
use cek_nik_publisher::checkpoint::error::CheckpointError;
use cek_nik_publisher::checkpoint::fingerprint::{Difference, Mismatch};
use cek_nik_publisher::config::salt::NewSalt;
use cek_nik_publisher::error::{BuildError, CheckpointRows};
use cek_nik_publisher::key_file::error::{Flaw, KeyFileError};
use cek_nik_publisher::staging::error::StagingError;

use super::{Failure, io_words, message, of_path};
use crate::output::sanitize;
use crate::output::texts::Texts;

impl Failure for BuildError {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn words(&self, texts: Texts) -> Option<String> {
        let in_site = |text: &str, site: &std::path::Path, id: &str| {
            let values = [("site", &*sanitize::path(site)), ("id", id)];
            texts.fill(text, &values)
        };
        Some(match self {
            Self::Config(error) => error.words(texts)?,
            Self::DatasetTwice { id } => texts.fill("/failure/dataset_twice", &[("id", id)]),
            Self::Input(error) => error.words(texts)?,
            Self::Changed(error) => error.words(texts)?,
            Self::Refused(refused) => refused.why.words(texts)?,
            Self::Plan(error) => error.words(texts)?,
            Self::Risk(risk) => risk.words(texts)?,
            Self::NewSalt(error) => error.words(texts)?,
            Self::UndescribedDataset { site, id } => {
                in_site("/failure/undescribed_dataset", site, id)
            }
            Self::NoSite(path) => of_path(texts, "/failure/no_site", path),
            Self::DatasetExists { site, id } => in_site("/failure/dataset_exists", site, id),
            Self::NoSuchDataset { site, id, ids } => {
                let values = [
                    ("site", &*sanitize::path(site)),
                    ("id", id),
                    ("ids", &*ids.join(", ")),
                ];
                texts.fill("/failure/no_such_dataset", &values)
            }
            Self::LastDataset { site, id } => in_site("/failure/last_dataset", site, id),
            Self::ExistingCatalogue { path, reason } => {
                let text = match reason {
                    Some(CatalogueError::NewerVersion) => "/failure/newer_catalogue",
                    _ => "/failure/existing_catalogue",
                };
                of_path(texts, text, path)
            }
            Self::Unverified(error) => {
                let values = [("what", &*unverified(texts, error)?)];
                texts.fill("/failure/unverified", &values)
            }
            Self::Mismatch(mismatch) => mismatch.words(texts)?,
            Self::Checkpoint(error) => error.words(texts)?,
            Self::KeyFile(error) => error.words(texts)?,
            Self::Staging(error) => error.words(texts)?,
            Self::Partition(error) => {
                texts.fill("/failure/partition", &[("cause", &io_words(texts, error))])
            }
            Self::Path(error) => error.words(texts)?,
            Self::Disk(error) => texts.fill("/failure/disk", &[("cause", &io_words(texts, error))]),
            Self::OutOfMemory => texts.text("/failure/out_of_memory").to_owned(),
            Self::Cancelled(_) => texts.text("/failure/cancelled").to_owned(),
            Self::Dataset { id, source } => {
                let values = [("id", &**id), ("error", &*message(texts, &**source))];
                texts.fill("/failure/in_dataset", &values)
            }
            Self::Unfinished { error, checkpoint } => unfinished(texts, error, checkpoint),
            Self::TooManyDatasets { .. }
            | Self::TooManyBytes { .. }
            | Self::NoRandomNumbers(_)
            | Self::WorkersEnded
            | Self::SelfCheck { .. }
            | Self::Unusable(_) => return None,
        })
    }
}

/// A file of the site and what is wrong with it.
pub fn unverified(texts: Texts, error: &Unverified) -> Option<String> {
    let file = match &error.file {
        CarriedFile::Catalogue(path) => sanitize::path(path),
        CarriedFile::Shard { name, directory } => {
            let values = [
                ("name", &**name),
                ("directory", &*sanitize::path(directory)),
            ];
            texts.fill("/failure/shard_in", &values)
        }
    };
    let what = texts.find(&format!("/reason/{}/what", error.reason.code()))?;
    Some(format!("{file}: {what}"))
}

/// An error, and how the next build continues.
fn unfinished(texts: Texts, error: &BuildError, checkpoint: &CheckpointRows) -> String {
    let mut words = message(texts, error);
    if error.is_full_disk() {
        words += texts.text("/failure/make_room");
    }
    if checkpoint.rows == 0 {
        return words;
    }
    let rows = texts.number(checkpoint.rows);
    let rows = match checkpoint.expected {
        None => texts.fill("/failure/kept/rows", &[("rows", &rows)]),
        Some(all) => {
            let values = [("rows", &*rows), ("all", &*texts.number(all))];
            texts.fill("/failure/kept/rows_of", &values)
        }
    };
    let text = match error {
        BuildError::Changed(_) => "/failure/kept/changed",
        _ => "/failure/kept/continues",
    };
    let directory = sanitize::path(&checkpoint.directory);
    let values = [("rows", &*rows), ("directory", &*directory)];
    words + &texts.fill(text, &values)
}

impl Failure for NewSalt {
    fn code(&self) -> &'static str {
        "new_salt"
    }

    fn words(&self, texts: Texts) -> Option<String> {
        let values = [
            ("bits", &*self.bits().get().to_string()),
            ("people", &*texts.number(self.people() as u64)),
            ("both", &*texts.number(self.both().round() as u64)),
        ];
        Some(texts.fill("/failure/new_salt", &values))
    }
}

impl Failure for Mismatch {
    fn code(&self) -> &'static str {
        self.difference().code()
    }

    fn words(&self, texts: Texts) -> Option<String> {
        let difference = self.difference();
        let (what, advice) = match difference {
            Difference::Damaged => ("damaged", "/failure/checkpoint/advice/delete"),
            Difference::Version => ("version", "/failure/checkpoint/advice/version"),
            Difference::TestKey => ("test_key", "/failure/checkpoint/advice/faulty"),
            Difference::Salt => ("salt", "/failure/checkpoint/advice/same"),
            Difference::Rows { .. } | Difference::FewerRows | Difference::Size { .. } => {
                ("rows", "/failure/checkpoint/advice/same")
            }
            Difference::NumberOfLists { .. } | Difference::NotDescribed(_) => {
                ("lists", "/failure/checkpoint/advice/same")
            }
            Difference::ReadOnce => ("read_once", "/failure/checkpoint/advice/same"),
            Difference::Parameter { .. } => ("parameter", "/failure/checkpoint/advice/same"),
        };
        let values = [
            ("path", &*sanitize::path(self.path())),
            (
                "difference",
                texts.find(&format!("/failure/checkpoint/difference/{what}"))?,
            ),
            ("advice", texts.text(advice)),
        ];
        Some(texts.fill("/failure/checkpoint/mismatch", &values))
    }
}

impl Failure for CheckpointError {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn words(&self, texts: Texts) -> Option<String> {
        Some(match self {
            Self::NotOurs(path) => of_path(texts, "/failure/checkpoint/not_ours", path),
            Self::Linked(path) => of_path(texts, "/failure/checkpoint/linked", path),
        })
    }
}

impl Failure for KeyFileError {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn words(&self, texts: Texts) -> Option<String> {
        Some(match self {
            Self::Flaw { path, flaw } => {
                let text = match flaw {
                    Flaw::NotAKeyFile => "/failure/key_file/not_a_key_file",
                    Flaw::NewerVersion => "/failure/key_file/newer_version",
                    Flaw::Unfinished => "/failure/key_file/unfinished",
                    Flaw::WrongLength => "/failure/key_file/wrong_length",
                    Flaw::Damaged => "/failure/key_file/damaged",
                };
                of_path(texts, text, path)
            }
            Self::LostRows { path, lost, rows } => {
                let values = [
                    ("path", &*sanitize::path(path)),
                    ("lost", &*texts.number(*lost)),
                    ("rows", &*texts.number(*rows)),
                ];
                texts.fill("/failure/key_file/lost_rows", &values)
            }
            Self::InSite { path, site } => {
                let values = [
                    ("path", &*sanitize::path(path)),
                    ("site", &*sanitize::path(site)),
                ];
                texts.fill("/failure/key_file/in_site", &values)
            }
            Self::Path(error) => error.words(texts)?,
            Self::Unfit { .. }
            | Self::PartMissing { .. }
            | Self::Conflict { .. }
            | Self::OtherKeys { .. } => return None,
        })
    }
}

impl Failure for StagingError {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn words(&self, texts: Texts) -> Option<String> {
        Some(match self {
            Self::NoDirectory(path) => of_path(texts, "/failure/site/no_directory", path),
            Self::NotASite(path) => of_path(texts, "/failure/site/not_a_site", path),
            Self::DanglingLink { path, .. } => of_path(texts, "/failure/site/dangling", path),
            Self::OtherBuild(path) => of_path(texts, "/failure/site/other_build", path),
            Self::Link(path) => of_path(texts, "/failure/site/link", path),
            Self::NotADirectory(path) => of_path(texts, "/failure/site/not_a_directory", path),
            Self::Foreign { directory, name } => {
                let values = [
                    ("path", &*sanitize::path(&directory.join(name))),
                    ("directory", &*sanitize::path(directory)),
                ];
                texts.fill("/failure/site/foreign", &values)
            }
            Self::OtherDisk { path, .. } => of_path(texts, "/failure/site/other_disk", path),
            Self::NoPermission { path, .. } => of_path(texts, "/failure/site/no_permission", path),
            Self::ReadOnlyDisk { path, .. } => of_path(texts, "/failure/site/read_only", path),
            Self::AmongDamagedShards(path) => of_path(texts, "/failure/site/among_shards", path),
            Self::Path(error) => error.words(texts)?,
        })
    }
}
