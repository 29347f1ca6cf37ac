//! What goes into a pack: the catalogue, and every shard, verified on its way.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use base64::engine::general_purpose::STANDARD;
use base64::write::EncoderWriter;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::NotWritten;
use super::messages::message;
use crate::job::{Job, Step};
use crate::plan::number_format;
use crate::site::{OFFLINE, OFFLINE_NAME};
use cek_nik::catalogue::{Catalogue, Dataset, DatasetEntry, FILE_NAME};
use cek_nik::check::{FetchError, Reason, Source};
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
    pub fn of(site: &'a Site, chosen: &[String]) -> anyhow::Result<Self> {
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
            without_others(&all, entries, is_chosen)?
        };
        let datasets = entries
            .iter()
            .filter(|entry| is_chosen(&entry.id))
            .map(|entry| {
                entry.dataset.clone().map_err(|error| {
                    anyhow::anyhow!(
                        "the data set \"{}\" of {} cannot be used by this version of cek-nik ({}), nor packed: name the others with \
                         --dataset, or use the version that built it",
                        entry.id,
                        site,
                        Reason::Dataset(error).code()
                    )
                })
            })
            .collect::<anyhow::Result<Vec<Dataset>>>()?;
        let sizes: Vec<u64> = datasets.iter().map(pack::dataset_bytes).collect();
        let beginning = pack::beginning(&sizes, &file)
            .with_context(|| format!("the catalogue of {} is too long for a pack", site))?;
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
    pub fn refuse_too_large(&self) -> anyhow::Result<()> {
        let bytes = self.shard_bytes();
        ensure!(
            bytes <= MOST_SHARD_BYTES,
            "the lists take {}, and a page can hold {} of them: write a pack with --out leak.cnkpack instead, which is opened in \
             the page {OFFLINE_NAME} of the site, or choose fewer lists with --dataset",
            number_format::bytes(bytes),
            number_format::bytes(MOST_SHARD_BYTES)
        );
        Ok(())
    }

    /// The pack.
    pub fn write(&self, to: &mut impl Write, out: &Path, job: &Job) -> anyhow::Result<()> {
        job.progress.begin(Step::Packing, Some(self.shard_bytes()));
        to.write_all(&self.beginning)?;
        for dataset in &self.datasets {
            for prefix in dataset.prefix_bits().all() {
                job.check_cancelled()
                    .map_err(|_| NotWritten(out.to_owned()))?;
                let shard = self.shard(dataset, prefix)?;
                to.write_all(&shard)?;
                job.progress.advance(shard.len() as u64);
            }
        }
        job.check_cancelled()
            .map_err(|_| NotWritten(out.to_owned()))?;
        Ok(())
    }

    /// The page with the pack inside.
    pub fn write_page(&self, to: &mut impl Write, out: &Path, job: &Job) -> anyhow::Result<()> {
        let place = format!("{START}{END}");
        let (before, after) = OFFLINE
            .split_once(&place)
            .context("the page that this program carries has no place for a pack")?;
        to.write_all(before.as_bytes())?;
        to.write_all(START.as_bytes())?;
        let mut base64 = EncoderWriter::new(&mut *to, &STANDARD);
        self.write(&mut base64, out, job)?;
        base64.finish()?;
        drop(base64);
        to.write_all(END.as_bytes())?;
        to.write_all(after.as_bytes())?;
        Ok(())
    }

    fn shard(&self, dataset: &Dataset, prefix: Prefix) -> anyhow::Result<Vec<u8>> {
        let read = || {
            let shard = self.site.shard(dataset, prefix);
            let shard = pollster::block_on(shard).map_err(Reason::Fetch)?;
            Shard::verify(&shard, dataset, prefix).map_err(Reason::Shard)?;
            Ok(shard)
        };
        read().map_err(|reason: Reason| {
            let why = message(reason);
            let next = "nothing was written; build or copy the site again";
            match self.site {
                Site::Directory(path) => {
                    let file = path.join(dataset.shard_path(prefix));
                    anyhow::anyhow!("{}: {why}; {next}", file.display())
                }
                _ => anyhow::anyhow!(
                    "{}: shard {prefix} of the data set \"{}\": {why}; {next}",
                    self.site,
                    dataset.id()
                ),
            }
        })
    }
}

fn refuse_unknown(chosen: &[String], catalogue: &Catalogue, site: &Site) -> anyhow::Result<()> {
    let there: Vec<&str> = catalogue.datasets().iter().map(|e| e.id.as_str()).collect();
    if let Some(unknown) = chosen.iter().find(|id| !there.contains(&id.as_str())) {
        bail!(
            "{} has no data set \"{unknown}\"; it has {}",
            site,
            there.join(", ")
        );
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
) -> anyhow::Result<Vec<u8>> {
    let text = str::from_utf8(catalogue)?;
    let Entries { datasets } = serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(text))?;
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

fn no_site(site: &Site, reason: Reason) -> anyhow::Error {
    match (site, reason) {
        (Site::Directory(_), Reason::CatalogueFetch(FetchError::Unreadable)) => anyhow::anyhow!(
            "{FILE_NAME} in {site} is not a regular file, but a directory, a pipe or a device: \
             put the file itself in its place, or copy the site again"
        ),
        (Site::Directory(_), Reason::CatalogueFetch(_)) => anyhow::anyhow!(
            "{site} holds no catalogue.json that can be read: give the directory of a finished site, or a pack"
        ),
        _ => anyhow::anyhow!("{site}: {}", message(reason)),
    }
}
