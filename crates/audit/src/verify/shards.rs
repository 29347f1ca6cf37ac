//! Shards of a site, all or a sample, verified as clients verify them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use cek_nik::catalogue::{Catalogue, Dataset};
use cek_nik::check::{FetchError, Reason};
use cek_nik::prefix::Prefix;
use cek_nik::shard::Shard;
use cek_nik_publisher::job::{Cancelled, Event, Job, Step, in_parallel};

use super::{DatasetShards, Options, rules};
use crate::finding::{Finding, Rule, first_few};
use crate::sentence::say;

/// Pass over the shards of a site.
pub struct Pass<'a> {
    sample: u64,
    seed: u64,
    job: &'a Job<'a>,
}

impl<'a> Pass<'a> {
    /// A pass with these settings. Begins the progress.
    pub fn new(catalogue: &Catalogue, options: &Options, job: &'a Job) -> Self {
        let sample = options.sample.unwrap_or(u64::MAX);
        let of = |dataset: &Dataset| u64::from(dataset.prefix_bits().shards()).min(sample);
        job.progress.on(Event::Begin {
            step: Step::Verifying,
            total: Some(catalogue.usable().map(of).sum()),
        });
        Self {
            sample,
            seed: options.seed,
            job,
        }
    }

    /// Fetches and verifies shards of a data set.
    pub fn dataset(
        &self,
        dataset: &Dataset,
        threads: usize,
        fetch: &(impl Fn(&Dataset, Prefix) -> Result<Vec<u8>, FetchError> + Sync),
    ) -> Result<(DatasetShards, Vec<Finding>), Cancelled> {
        let all = u64::from(dataset.prefix_bits().shards());
        let chosen = self.chosen(dataset);
        let next = AtomicUsize::new(0);
        let failed = Mutex::new(Vec::new());
        in_parallel(threads, || {
            loop {
                let Some(&prefix) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) else {
                    return Ok::<_, Cancelled>(());
                };
                self.job.check_cancelled()?;
                let verified = fetch(dataset, prefix)
                    .map_err(Reason::Fetch)
                    .and_then(|bytes| {
                        let shard = Shard::verify(bytes, dataset, prefix);
                        shard.map(|_| ()).map_err(Reason::Shard)
                    });
                if let Err(reason) = verified {
                    let mut failed = failed.lock().unwrap_or_else(|broken| broken.into_inner());
                    failed.push((prefix, reason));
                }
                self.job.progress.on(Event::Advance(1));
            }
        })?;
        let failed = failed
            .into_inner()
            .unwrap_or_else(|broken| broken.into_inner());
        let verified = (chosen.len() - failed.len()) as u64;
        let mut findings = of_failures(dataset, failed);
        if (chosen.len() as u64) < all {
            let what = say!(
                "{chosen} of {all} shards were looked at",
                chosen = chosen.len().to_string(),
                all = all.to_string(),
            );
            findings.push(Finding::new(&rules::SHARDS_SAMPLED, what).of_dataset(dataset.id()));
        }
        let shards = DatasetShards {
            id: dataset.id().to_owned(),
            shards: all,
            verified,
        };
        Ok((shards, findings))
    }

    /// All shards, or a random choice.
    fn chosen(&self, dataset: &Dataset) -> Vec<Prefix> {
        let mut prefixes: Vec<Prefix> = dataset.prefix_bits().all().collect();
        let sample = usize::try_from(self.sample).unwrap_or(usize::MAX);
        if sample < prefixes.len() {
            let mut random = ChaCha8Rng::seed_from_u64(self.seed);
            for index in 0..sample {
                let rest = (prefixes.len() - index) as u64;
                // The bias is below 2^-50: there are 16,384 shards at most.
                prefixes.swap(index, index + (random.next_u64() % rest) as usize);
            }
            prefixes.truncate(sample);
        }
        prefixes
    }
}

fn of_failures(dataset: &Dataset, mut failed: Vec<(Prefix, Reason)>) -> Vec<Finding> {
    failed.sort_unstable_by_key(|(prefix, _)| prefix.value());
    let mut groups: Vec<(Reason, Vec<String>)> = Vec::new();
    for (prefix, reason) in failed {
        match groups.iter_mut().find(|(other, _)| *other == reason) {
            Some((_, prefixes)) => prefixes.push(prefix.to_string()),
            None => groups.push((reason, vec![prefix.to_string()])),
        }
    }
    let finding = |(reason, prefixes): (Reason, Vec<String>)| {
        let (rule, what): (&'static Rule, _) = match reason {
            Reason::Fetch(FetchError::NotFound) => {
                (&crate::rules::SHARD_MISSING, say!("not there"))
            }
            Reason::Fetch(FetchError::Status(status)) => (
                &rules::SHARD_UNFETCHED,
                say!("answered with status {status}", status = status.to_string()),
            ),
            Reason::Fetch(_) => (
                &rules::SHARD_UNFETCHED,
                say!("not fetched ({code})", code = reason.code()),
            ),
            _ => {
                let what = say!("refused by clients ({code})", code = reason.code());
                (&crate::rules::SHARD_REFUSED, what)
            }
        };
        let names = first_few(&prefixes);
        let what = match prefixes.len() {
            1 => say!("{what}: shard {names}", what = what, names = names),
            _ => say!("{what}: shards {names}", what = what, names = names),
        };
        Finding::new(rule, what).of_dataset(dataset.id())
    };
    groups.into_iter().map(finding).collect()
}
