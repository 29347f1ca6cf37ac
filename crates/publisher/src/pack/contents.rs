//! What goes into a pack: the catalogue, and every shard, verified on its way.

use std::io::{self, Write};
use std::path::Path;

use base64::engine::general_purpose::STANDARD;
use base64::write::EncoderWriter;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::error::PackingError;
use crate::job::{Event, Job, Step};
use crate::site::OFFLINE;
use cek_nik::catalogue::{Catalogue, Dataset, DatasetEntry};
use cek_nik::check::{Reason, Source};
use cek_nik::pack;
use cek_nik::prefix::Prefix;
use cek_nik::shard::Shard;
use cek_nik_reader::catalogue_file::CatalogueFile;
use cek_nik_reader::page::{END, MOST_SHARD_BYTES, START};
use cek_nik_reader::site::Site;

/// What goes into a pack.
pub struct Contents<'a> {
    site: &'a Site,
    beginning: Vec<u8>,
    datasets: Vec<Dataset>,
}

impl<'a> Contents<'a> {
    /// Everything but the shards, which are read one by one when they are written.
    pub fn of(site: &'a Site, chosen: &[String]) -> Result<Self, PackingError> {
        let all = site
            .catalogue_file()
            .map_err(|reason| no_site(site, reason))?;
        let catalogue = CatalogueFile::parse(&all)
            .map_err(|error| no_site(site, Reason::Catalogue(error)))?
            .into_catalogue();
        refuse_unknown(chosen, &catalogue, site)?;
        let is_chosen = |id: &str| chosen.is_empty() || chosen.iter().any(|c| c == id);
        let entries = catalogue.datasets();
        let file = if entries.iter().all(|entry| is_chosen(&entry.id)) {
            all
        } else {
            without_others(&all, entries, is_chosen).map_err(|source| PackingError::Catalogue {
                site: site.to_string(),
                source,
            })?
        };
        let datasets = entries
            .iter()
            .filter(|entry| is_chosen(&entry.id))
            .map(|entry| {
                entry
                    .dataset
                    .clone()
                    .map_err(|error| PackingError::Dataset {
                        site: site.to_string(),
                        id: entry.id.clone(),
                        reason: Reason::Dataset(error),
                    })
            })
            .collect::<Result<Vec<Dataset>, PackingError>>()?;
        let sizes: Vec<u64> = datasets.iter().map(pack::dataset_bytes).collect();
        let beginning =
            pack::beginning(&sizes, &file).ok_or_else(|| PackingError::CatalogueTooLong {
                site: site.to_string(),
            })?;
        Ok(Self {
            site,
            beginning,
            datasets,
        })
    }

    /// How many shards there are.
    pub fn shards(&self) -> u64 {
        let shards = |dataset: &Dataset| u64::from(dataset.prefix_bits().shards());
        self.datasets.iter().map(shards).sum()
    }

    /// The ids of the data sets.
    pub fn ids(&self) -> Vec<String> {
        let ids = self.datasets.iter().map(|dataset| dataset.id().to_owned());
        ids.collect()
    }

    fn shard_bytes(&self) -> u64 {
        self.datasets.iter().map(pack::dataset_bytes).sum()
    }

    /// The length of the pack.
    pub fn bytes(&self) -> u64 {
        self.beginning.len() as u64 + self.shard_bytes()
    }

    /// A page has to be decoded whole by a browser.
    pub fn refuse_too_large(&self) -> Result<(), PackingError> {
        let bytes = self.shard_bytes();
        if bytes > MOST_SHARD_BYTES {
            let most = MOST_SHARD_BYTES;
            return Err(PackingError::TooLargeForAPage { bytes, most });
        }
        Ok(())
    }

    /// The pack.
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
            .map_err(|_| PackingError::NotWritten(out.to_owned()))?;
        Ok(())
    }

    /// The page with the pack inside.
    pub fn write_page(
        &self,
        to: &mut impl Write,
        cannot_write: &impl Fn(io::Error) -> PackingError,
        out: &Path,
        job: &Job,
    ) -> Result<(), PackingError> {
        let place = format!("{START}{END}");
        let Some((before, after)) = OFFLINE.split_once(&place) else {
            unreachable!("the page that this crate carries has a place for a pack");
        };
        to.write_all(before.as_bytes()).map_err(cannot_write)?;
        to.write_all(START.as_bytes()).map_err(cannot_write)?;
        let mut base64 = EncoderWriter::new(&mut *to, &STANDARD);
        self.write(&mut base64, cannot_write, out, job)?;
        base64.finish().map_err(cannot_write)?;
        drop(base64);
        to.write_all(END.as_bytes()).map_err(cannot_write)?;
        to.write_all(after.as_bytes()).map_err(cannot_write)?;
        Ok(())
    }

    fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, PackingError> {
        let read = || {
            let shard = self.site.shard(dataset, prefix);
            let shard = pollster::block_on(shard).map_err(Reason::Fetch)?;
            Shard::verify(&shard, dataset, prefix).map_err(Reason::Shard)?;
            Ok(shard)
        };
        read().map_err(|reason: Reason| PackingError::Shard {
            place: match self.site {
                Site::Directory(path) => {
                    path.join(dataset.shard_path(prefix)).display().to_string()
                }
                site => format!(
                    "{site}: shard {prefix} of the data set \"{}\"",
                    dataset.id()
                ),
            },
            reason,
            next: "nothing was written; build or copy the site again",
        })
    }
}

fn refuse_unknown(
    chosen: &[String],
    catalogue: &Catalogue,
    site: &Site,
) -> Result<(), PackingError> {
    let there: Vec<&str> = catalogue.datasets().iter().map(|e| e.id.as_str()).collect();
    if let Some(unknown) = chosen.iter().find(|id| !there.contains(&id.as_str())) {
        return Err(PackingError::UnknownDataset {
            site: site.to_string(),
            unknown: unknown.clone(),
            there: there.join(", "),
        });
    }
    Ok(())
}

#[derive(Deserialize)]
struct Entries<'a> {
    #[serde(borrow)]
    datasets: Vec<&'a RawValue>,
}

/// The catalogue without some of its entries. Everything else stays as it is written, also what this version does not know, and
/// numbers that it could not hold.
fn without_others(
    catalogue: &[u8],
    entries: &[DatasetEntry],
    is_chosen: impl Fn(&str) -> bool,
) -> serde_json::Result<Vec<u8>> {
    let json = catalogue.strip_prefix(b"\xef\xbb\xbf").unwrap_or(catalogue);
    let Entries { datasets } = serde_json::from_slice(json)?;
    let Ok(text) = str::from_utf8(catalogue) else {
        unreachable!("JSON that has been decoded is UTF-8");
    };
    // Entries are parts of the text, not copies, so that their addresses tell where in it they are.
    let start = |entry: &RawValue| entry.get().as_ptr().addr() - text.as_ptr().addr();
    let end = |entry: &RawValue| start(entry) + entry.get().len();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let (Some(first), Some(second), Some(last)) =
        (datasets.first(), datasets.get(1), datasets.last())
    else {
        return Ok(catalogue.to_vec());
    };
    let kept: Vec<&str> = entries
        .iter()
        .zip(&datasets)
        .filter(|(entry, _)| is_chosen(&entry.id))
        .map(|(_, text)| text.get())
        .collect();
    let separator = part(end(first), start(second));
    let parts = [
        part(0, start(first)),
        &kept.join(separator),
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
