//! Failures of packing. The words about a file that cannot be read are those of `check`.

use std::path::Path;

use cek_nik::check::{FetchError, Reason};
use cek_nik_publisher::pack::error::{NextStep, PackingError, ShardName};

use super::{Failure, of_path};
use crate::output::sanitize;
use crate::output::texts::Texts;

impl Failure for PackingError {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn words(&self, texts: Texts) -> Option<String> {
        Some(match self {
            Self::CannotReplace(error) => error.words(texts)?,
            Self::Site {
                site,
                is_directory,
                reason,
            } => unusable(texts, site, *is_directory, *reason)?,
            Self::UnknownDataset {
                site,
                unknown,
                there,
            } => {
                let values = [("site", &**site), ("unknown", unknown), ("there", there)];
                texts.fill("/failure/pack/unknown_dataset", &values)
            }
            Self::TooLargeForAPage { bytes, most } => {
                let values = [
                    ("size", &*texts.bytes(*bytes)),
                    ("most", &*texts.bytes(*most)),
                ];
                texts.fill("/failure/pack/too_large_for_a_page", &values)
            }
            Self::Shard {
                shard,
                reason,
                next,
            } => {
                let what = format!("/reason/{}/what", reason.code());
                let next = match next {
                    NextStep::CopyFile => "/failure/pack/copy_file",
                    NextStep::MendSite => "/failure/pack/mend_site",
                };
                let values = [
                    ("shard", &*name(texts, shard)),
                    ("what", texts.find(&what)?),
                    ("next", texts.text(next)),
                ];
                texts.fill("/failure/pack/shard", &values)
            }
            Self::OtherPage(path) => of_path(texts, "/failure/pack/other_page", path),
            Self::FullDisk { path, needed, .. } => {
                let values = [
                    ("path", &*sanitize::path(path)),
                    ("size", &*texts.bytes(*needed)),
                ];
                texts.fill("/failure/pack/full_disk", &values)
            }
            Self::Path(error) => error.words(texts)?,
            Self::NotWritten(path) => of_path(texts, "/failure/pack/not_written", path),
            Self::NotVerified(path) => of_path(texts, "/failure/pack/not_verified", path),
            Self::Dataset { .. } | Self::CatalogueTooLong { .. } | Self::Catalogue { .. } => {
                return None;
            }
        })
    }
}

fn unusable(texts: Texts, site: &str, is_directory: bool, reason: Reason) -> Option<String> {
    let text = match reason {
        Reason::CatalogueFetch(FetchError::Unreadable) if is_directory => "/cli/site_not_a_file",
        Reason::CatalogueFetch(_) if is_directory => "/cli/no_site",
        Reason::CatalogueFetch(_) => "/cli/pack_unreadable",
        Reason::Catalogue(_) if is_directory => "/cli/site_catalogue",
        Reason::Catalogue(_) => "/cli/pack_catalogue",
        Reason::Pack(error) => match error {
            cek_nik::pack::PackError::NotAPack => "/cli/pack_not_a_pack",
            cek_nik::pack::PackError::NewerVersion => "/cli/pack_newer_version",
            cek_nik::pack::PackError::WrongLength => "/cli/pack_wrong_length",
            cek_nik::pack::PackError::Damaged => "/cli/pack_damaged",
        },
        Reason::Signature(_) | Reason::Edition(_) => {
            let words = texts.find(&format!("/cli/{}", reason.code()))?;
            return Some(format!("{}: {words}", sanitize::path(Path::new(site))));
        }
        _ => return None,
    };
    Some(of_path(texts, text, Path::new(site)))
}

fn name(texts: Texts, shard: &ShardName) -> String {
    match shard {
        ShardName::File(file) => sanitize::path(Path::new(file)),
        ShardName::Inside {
            file,
            dataset,
            prefix,
        } => {
            let file = sanitize::path(Path::new(file));
            let values = [("file", &*file), ("dataset", dataset), ("prefix", prefix)];
            texts.fill("/failure/pack/shard_inside", &values)
        }
    }
}
