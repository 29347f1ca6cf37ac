//! Shards of a data set, read in one pass: verified as clients verify them, and measured.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use cek_nik::catalogue::Dataset;
use cek_nik::prefix::Prefix;
use cek_nik::shard::{Shard, ShardError};
use cek_nik_publisher::job::{Cancelled, Event, Job, in_parallel};

use crate::contents;
use crate::files::Files;
use crate::fill::Fill;
use crate::finding::Finding;
use crate::interval::Counted;
use crate::pages::Pages;
use crate::probes::Probes;
use crate::traces::encodings::find_all;

/// Results of a pass over the shards of a data set.
#[derive(Default)]
pub struct Shards {
    /// The verified shards, in the order of their prefixes, and their fill.
    pub verified: Vec<(Prefix, Fill)>,
    /// Shards that are missing.
    pub missing: Vec<Prefix>,
    /// Shards that clients refuse, and the reason.
    pub refused: Vec<(Prefix, ShardError)>,
    /// Shards that cannot be read.
    pub unreadable: Vec<Prefix>,
    /// Shards with a link or a device in their place.
    pub no_files: Vec<Prefix>,
    /// Findings about the contents of refused shards, which may be any files.
    pub contents: Vec<Finding>,
    /// The probes that were looked up and found.
    pub counted: Counted,
    /// The number of places in the filters that read as NIKs.
    pub texts: usize,
}

/// Pass over all shards of a data set.
pub struct Pass<'a> {
    /// The files of the site.
    pub files: &'a Files,
    /// The pages of this program.
    pub pages: &'a Pages,
    /// The data set.
    pub dataset: &'a Dataset,
    /// The probes.
    pub probes: &'a Probes,
    /// Threads, date and progress.
    pub job: &'a Job<'a>,
}

impl Pass<'_> {
    /// Reads all shards.
    ///
    /// # Errors
    ///
    /// [`Cancelled`] if the audit is stopped.
    pub fn all(&self) -> Result<Shards, Cancelled> {
        let prefixes: Vec<Prefix> = self.dataset.prefix_bits().all().collect();
        let next = AtomicUsize::new(0);
        let read = Mutex::new(Vec::with_capacity(prefixes.len()));
        in_parallel(self.job.threads, || {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(&prefix) = prefixes.get(index) else {
                    return Ok::<_, Cancelled>(());
                };
                self.job.check_cancelled()?;
                let one = self.one(prefix);
                read.lock()
                    .unwrap_or_else(|broken| broken.into_inner())
                    .push((prefix, one));
                self.job.progress.on(Event::Advance(1));
            }
        })?;
        let mut read = read
            .into_inner()
            .unwrap_or_else(|broken| broken.into_inner());
        read.sort_unstable_by_key(|(prefix, _)| prefix.value());
        let mut shards = Shards::default();
        for (prefix, one) in read {
            shards.add(prefix, one);
        }
        Ok(shards)
    }

    fn one(&self, prefix: Prefix) -> One {
        let Some(file) = self.files.named(&self.dataset.shard_path(prefix)) else {
            return One::Missing;
        };
        if !file.is_file() {
            return One::NoFile;
        }
        // One byte more than a shard has shows that a file is too long.
        let Ok(bytes) = file.read(self.dataset.shard_bytes() as u64 + 1) else {
            return One::Unreadable;
        };
        let shard = Shard::verify(&bytes, self.dataset, prefix);
        match shard.and_then(|shard| self.measured(&shard, prefix)) {
            Ok(measured) => One::Verified(measured),
            Err(error) => One::Refused(error, contents::findings(file, self.pages, self.job.today)),
        }
    }

    fn measured(
        &self,
        shard: &Shard<impl AsRef<[u8]>>,
        prefix: Prefix,
    ) -> Result<Measured, ShardError> {
        let (bloom, filter) = (self.dataset.filter(), shard.filter_bytes()?);
        let mut counted = Counted::default();
        for hash in self.probes.of(prefix) {
            counted.count(bloom.holds(filter, &hash));
        }
        Ok(Measured {
            fill: Fill::of(bloom, filter),
            counted,
            texts: find_all(filter, self.job.today).len(),
        })
    }
}

impl Shards {
    fn add(&mut self, prefix: Prefix, one: One) {
        match one {
            One::Missing => self.missing.push(prefix),
            One::NoFile => self.no_files.push(prefix),
            One::Unreadable => self.unreadable.push(prefix),
            One::Refused(error, contents) => {
                self.refused.push((prefix, error));
                self.contents.extend(contents);
            }
            One::Verified(measured) => {
                self.verified.push((prefix, measured.fill));
                self.counted += measured.counted;
                self.texts += measured.texts;
            }
        }
    }

    /// Whether every shard is there and verified.
    pub fn are_whole(&self) -> bool {
        self.missing.is_empty()
            && self.no_files.is_empty()
            && self.unreadable.is_empty()
            && self.refused.is_empty()
    }
}

/// Result for one shard.
enum One {
    Verified(Measured),
    Missing,
    NoFile,
    Unreadable,
    Refused(ShardError, Vec<Finding>),
}

struct Measured {
    fill: Fill,
    counted: Counted,
    texts: usize,
}
