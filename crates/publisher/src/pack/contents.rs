//! Contents of a pack: the catalogue, and the verified shards.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;

use base64::engine::general_purpose::STANDARD;
use base64::write::EncoderWriter;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::error::{NextStep, PackingError, ShardName};
use crate::job::{Event, Job, Step};
use crate::site::OFFLINE;
use cek_nik::catalogue::{Catalogue, Dataset, DatasetEntry};
use cek_nik::check::{Reason, Source};
use cek_nik::pack;
use cek_nik::prefix::Prefix;
use cek_nik::shard::Shard;
use cek_nik::signature::{PublicKey, Signature, SignatureError};
use cek_nik_reader::catalogue_file::CatalogueFile;
use cek_nik_reader::page::{END, MOST_SHARD_BYTES, START};
use cek_nik_reader::signed;
use cek_nik_reader::site::Site;

/// The contents of a pack, except for the shards, which are read when they are written.
pub struct Contents<'a> {
    site: &'a Site,
    beginning: Vec<u8>,
    datasets: Vec<Dataset>,
    signature: Option<Signature>,
}

impl<'a> Contents<'a> {
    /// Reads the catalogue of a site, reduced to the chosen data sets; all if none is chosen.
    pub fn of(
        site: &'a Site,
        chosen: &[String],
        key: Option<&PublicKey>,
    ) -> Result<Self, PackingError> {
        let all = site
            .catalogue_file()
            .map_err(|reason| no_site(site, reason))?;
        let catalogue = CatalogueFile::parse(&all)
            .map_err(|error| no_site(site, Reason::Catalogue(error)))?
            .into_catalogue();
        let signature = match site.signature_file() {
            Err(Reason::Signature(SignatureError::Missing)) => Ok(None),
            file => file.map(Some),
        };
        let signature = signature.and_then(|file| signature_of(file, key, &all, &catalogue));
        let signature = signature.map_err(|reason| no_site(site, reason))?;
        refuse_unknown(chosen, &catalogue, site)?;
        let is_chosen = |id: &str| chosen.is_empty() || chosen.iter().any(|c| c == id);
        let entries = catalogue.datasets();
        let (file, signature) = if entries.iter().all(|entry| is_chosen(&entry.id)) {
            (all, signature)
        } else {
            let file = without_others(&all, entries, is_chosen);
            let file = file.map_err(|source| PackingError::Catalogue {
                site: site.to_string(),
                source,
            })?;
            (file, None)
        };
        let datasets = entries.iter().filter(|entry| is_chosen(&entry.id));
        let datasets = datasets
            .map(|entry| {
                let dataset = entry.dataset.clone();
                dataset.map_err(|error| PackingError::Dataset {
                    site: site.to_string(),
                    id: entry.id.clone(),
                    reason: Reason::Dataset(error),
                })
            })
            .collect::<Result<Vec<Dataset>, PackingError>>()?;
        let sizes: Vec<u64> = datasets.iter().map(pack::dataset_bytes).collect();
        let (signature, signature_file) = signature.unzip();
        let signature_file = signature_file.unwrap_or_default();
        let beginning = pack::beginning(&sizes, &file, &signature_file).ok_or_else(|| {
            PackingError::CatalogueTooLong {
                site: site.to_string(),
            }
        })?;
        Ok(Self {
            site,
            beginning,
            datasets,
            signature,
        })
    }

    /// The number of shards.
    pub fn shards(&self) -> u64 {
        let shards = |dataset: &Dataset| u64::from(dataset.prefix_bits().shards());
        self.datasets.iter().map(shards).sum()
    }

    /// The ids of the data sets.
    pub fn ids(&self) -> Vec<String> {
        let ids = self.datasets.iter().map(|dataset| dataset.id().to_owned());
        ids.collect()
    }

    /// The trusted comment of the signature.
    pub fn comment(&self) -> Option<String> {
        let signature = self.signature.as_ref();
        signature.map(|signature| signature.trusted_comment().to_owned())
    }

    fn shard_bytes(&self) -> u64 {
        self.datasets.iter().map(pack::dataset_bytes).sum()
    }

    /// The length of the pack.
    pub fn bytes(&self) -> u64 {
        self.beginning.len() as u64 + self.shard_bytes()
    }

    /// Refuses a page that a browser could not decode, because it has to decode the whole page.
    pub fn refuse_too_large(&self) -> Result<(), PackingError> {
        let bytes = self.shard_bytes();
        if bytes > MOST_SHARD_BYTES {
            let most = MOST_SHARD_BYTES;
            return Err(PackingError::TooLargeForAPage { bytes, most });
        }
        Ok(())
    }

    /// Writes the pack.
    pub fn write(
        &self,
        to: &mut impl Write,
        cannot_write: &impl Fn(io::Error) -> PackingError,
        out: &Path,
        job: &Job,
    ) -> Result<(), PackingError> {
        job.progress.on(Event::Begin {
            step: Step::Packing,
            total: Some(self.shard_bytes()),
        });
        to.write_all(&self.beginning).map_err(cannot_write)?;
        for dataset in &self.datasets {
            for prefix in dataset.prefix_bits().all() {
                job.check_cancelled()
                    .map_err(|_| PackingError::NotWritten(out.to_owned()))?;
                let shard = self.shard(dataset, prefix)?;
                to.write_all(&shard).map_err(cannot_write)?;
                job.progress.on(Event::Advance(shard.len() as u64));
            }
        }
        job.check_cancelled()
            .map_err(|_| PackingError::NotWritten(out.to_owned()))
    }

    /// Writes the offline page with the pack inside.
    pub fn write_page(
        &self,
        to: &mut impl Write,
        cannot_write: &impl Fn(io::Error) -> PackingError,
        out: &Path,
        job: &Job,
    ) -> Result<(), PackingError> {
        let Some((before, after)) = OFFLINE.split_once(&format!("{START}{END}")) else {
            unreachable!("the offline page has an empty slot for a pack");
        };
        let begin = [before, START].concat();
        to.write_all(begin.as_bytes()).map_err(cannot_write)?;
        let mut base64 = EncoderWriter::new(&mut *to, &STANDARD);
        self.write(&mut base64, cannot_write, out, job)?;
        base64.finish().map_err(cannot_write)?;
        drop(base64);
        let end = [END, after].concat();
        to.write_all(end.as_bytes()).map_err(cannot_write)
    }

    fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, PackingError> {
        let read = || {
            let shard = self.site.shard(dataset, prefix);
            let shard = pollster::block_on(shard).map_err(Reason::Fetch)?;
            Shard::verify(&shard, dataset, prefix).map_err(Reason::Shard)?;
            Ok(shard)
        };
        read().map_err(|reason: Reason| PackingError::Shard {
            shard: match self.site {
                Site::Directory(path) => {
                    let file = path.join(dataset.shard_path(prefix));
                    ShardName::File(file.display().to_string())
                }
                site => shard_in(site, dataset, prefix),
            },
            reason,
            next: NextStep::MendSite,
        })
    }
}

/// The name of a shard that is not a file of its own.
pub(super) fn shard_in(file: &impl Display, dataset: &Dataset, prefix: Prefix) -> ShardName {
    ShardName::Inside {
        file: file.to_string(),
        dataset: dataset.id().to_owned(),
        prefix: prefix.to_string(),
    }
}

/// The signature in a file, verified as far as that is possible. A key refuses a missing file.
pub(super) fn signature_of(
    file: Option<Vec<u8>>,
    key: Option<&PublicKey>,
    catalogue_file: &[u8],
    catalogue: &Catalogue,
) -> Result<Option<(Signature, Vec<u8>)>, Reason> {
    let Some(file) = file else {
        return match key {
            None => Ok(None),
            Some(_) => Err(Reason::Signature(SignatureError::Missing)),
        };
    };
    let signature = match key {
        Some(key) => signed::verify(&file, key, catalogue_file),
        None => Signature::parse(&file),
    };
    let signature = signature.map_err(Reason::Signature)?;
    let checked = signature.check_comment(catalogue);
    checked.map_err(Reason::Signature)?;
    Ok(Some((signature, file)))
}

fn refuse_unknown(
    chosen: &[String],
    catalogue: &Catalogue,
    site: &Site,
) -> Result<(), PackingError> {
    let ids: Vec<&str> = catalogue.datasets().iter().map(|e| e.id.as_str()).collect();
    if let Some(unknown) = chosen.iter().find(|id| !ids.contains(&id.as_str())) {
        return Err(PackingError::UnknownDataset {
            site: site.to_string(),
            unknown: unknown.clone(),
            there: ids.join(", "),
        });
    }
    Ok(())
}

#[derive(Deserialize)]
struct Entries<'a> {
    #[serde(borrow)]
    datasets: Vec<&'a RawValue>,
}

/// The catalogue without the other entries. The rest of its text stays as it is, including fields
/// and numbers that this version does not know.
fn without_others(
    catalogue: &[u8],
    entries: &[DatasetEntry],
    is_chosen: impl Fn(&str) -> bool,
) -> serde_json::Result<Vec<u8>> {
    let json = catalogue.strip_prefix(b"\xef\xbb\xbf").unwrap_or(catalogue);
    let Entries { datasets } = serde_json::from_slice(json)?;
    let Ok(text) = str::from_utf8(catalogue) else {
        unreachable!("decoded JSON is UTF-8");
    };
    // Entries borrow from the text, so their addresses tell their offsets.
    let start = |entry: &RawValue| entry.get().as_ptr().addr() - text.as_ptr().addr();
    let end = |entry: &RawValue| start(entry) + entry.get().len();
    let part = |from: usize, to: usize| &text[from..to];
    let (Some(first), Some(second), Some(last)) =
        (datasets.first(), datasets.get(1), datasets.last())
    else {
        return Ok(catalogue.to_vec());
    };
    let chosen: Vec<&str> = entries
        .iter()
        .zip(&datasets)
        .filter(|(entry, _)| is_chosen(&entry.id))
        .map(|(_, text)| text.get())
        .collect();
    let separator = part(end(first), start(second));
    let parts = [
        part(0, start(first)),
        &chosen.join(separator),
        part(end(last), text.len()),
    ];
    Ok(parts.concat().into_bytes())
}

fn no_site(site: &Site, reason: Reason) -> PackingError {
    PackingError::Site {
        site: site.to_string(),
        is_directory: matches!(site, Site::Directory(_)),
        reason,
    }
}
