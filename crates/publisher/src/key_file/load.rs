//! Loading: all key files of a data set, in any order, into the partition of a build.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::error::KeyFileError;
use super::fit::{self, TestKey};
use super::place::refuse_in_site;
use super::reader::KeyFile;
use super::trailer::{Counts, ListId};
use crate::error::BuildError;
use crate::job::{Event, Job, Step, join};
use crate::keys::Keys;
use crate::keys::derive_keys::PROBES;
use crate::partition::{self, KeyMemory, PartitionReader, PartitionWriter, Record};
use crate::plan::lost_rows::is_too_many;
use crate::worker_group::{WorkerGroup, all};
use cek_nik::key::Salt;

/// The key files of a data set, each part once.
#[derive(Debug, Default)]
pub struct KeyFiles {
    files: Vec<KeyFile>,
    totals: KeyFileTotals,
}

/// What key files add to a data set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyFileTotals {
    /// The files that were used.
    pub files: usize,
    /// The files whose work another file has done, too.
    pub repeated: usize,
    /// The rows of their lists, each list once.
    pub counts: Counts,
}

/// Keys that were read from files.
pub struct LoadedKeys {
    pub partitions: Vec<PartitionReader>,
    /// Keys to look up in the finished site.
    pub probes: Vec<Record>,
}

impl LoadedKeys {
    pub fn bytes_in_memory(&self) -> u64 {
        let partitions = self.partitions.iter();
        partitions.map(PartitionReader::bytes_in_memory).sum()
    }
}

impl KeyFiles {
    /// Opens files, and leaves out those that repeat the work of another one.
    ///
    /// # Errors
    ///
    /// A file that is no whole key file or lies in a site, two files of the same part with other
    /// keys, or a list of which parts are missing.
    pub fn open(paths: &[PathBuf]) -> Result<Self, KeyFileError> {
        let mut files: Vec<KeyFile> = Vec::new();
        let mut repeated = 0;
        let mut lists: BTreeMap<ListId, Counts> = BTreeMap::new();
        for path in paths {
            refuse_in_site(path)?;
            let file = KeyFile::open(path)?;
            match files.iter().find(|other| is_same_work(other, &file)) {
                None => {
                    lists.insert(file.trailer.list, file.trailer.counts);
                    files.push(file);
                }
                Some(other) if other.trailer == file.trailer => repeated += 1,
                Some(other) => {
                    return Err(KeyFileError::Conflict {
                        one: other.path.clone(),
                        other: file.path,
                    });
                }
            }
        }
        refuse_incomplete(&files)?;
        let mut counts = Counts::default();
        lists.values().for_each(|list| counts.add(list));
        let totals = KeyFileTotals {
            files: files.len(),
            repeated,
            counts,
        };
        Ok(Self { files, totals })
    }

    /// The salt of the keys; `None` without files.
    pub fn salt(&self) -> Option<Salt> {
        self.files.first().map(|file| file.header.keys.salt)
    }

    pub fn totals(&self) -> KeyFileTotals {
        self.totals
    }

    /// The fewest different keys that the files can have together.
    pub fn at_least(&self) -> u64 {
        let keys = self.files.iter().map(|file| file.trailer.keys);
        keys.max().unwrap_or(0)
    }

    /// Refuses files whose keys would not be found in the site, and lists with too many rows that
    /// cannot be used.
    pub fn check(&self, wanted: Keys, lost_rows_accepted: bool) -> Result<(), BuildError> {
        if self.files.is_empty() {
            return Ok(());
        }
        let test_key = TestKey::derive(wanted.salt, wanted.kdf)?;
        for file in &self.files {
            let path = || file.path.clone();
            fit::check(&file.header, wanted, test_key).map_err(|unfit| KeyFileError::Unfit {
                path: path(),
                unfit,
            })?;
            let Counts { rows, lost, .. } = file.trailer.counts;
            let rows = rows.saturating_add(lost);
            if is_too_many(lost, rows) && !lost_rows_accepted {
                let path = path();
                return Err(KeyFileError::LostRows { path, lost, rows }.into());
            }
        }
        Ok(())
    }

    /// Reads and verifies all files. Keys beyond the memory of the job are written to nameless
    /// files in a directory.
    pub fn load(&self, directory: &Path, job: &Job) -> Result<LoadedKeys, BuildError> {
        let mut loaded = LoadedKeys {
            partitions: Vec::new(),
            probes: Vec::new(),
        };
        if self.files.is_empty() {
            return Ok(loaded);
        }
        let keys: u64 = self.files.iter().map(|file| file.trailer.keys).sum();
        job.progress.on(Event::Begin {
            step: Step::LoadingKeys,
            total: Some(keys),
        });
        let memory = Arc::new(KeyMemory::new(job.memory));
        let next = AtomicUsize::new(0);
        let group = WorkerGroup::new(job);
        let threads = job.threads.min(self.files.len());
        let read = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|_| {
                    let writer = PartitionWriter::new(directory, &memory);
                    scope.spawn(|| group.run(|| self.load_some(&next, writer, &group)))
                })
                .collect();
            workers.into_iter().map(join).collect()
        });
        for (partition, probes) in all(read)? {
            loaded.partitions.push(partition);
            loaded.probes.extend(probes);
        }
        Ok(loaded)
    }

    /// Reads files until none is left.
    fn load_some(
        &self,
        next: &AtomicUsize,
        mut writer: PartitionWriter,
        group: &WorkerGroup,
    ) -> Result<(PartitionReader, Vec<Record>), BuildError> {
        let mut probes = Vec::new();
        while let Some(file) = self.files.get(next.fetch_add(1, Ordering::Relaxed)) {
            // The first keys of each file: the files differ, and keys are as good as random.
            let mut wanted = PROBES.div_ceil(self.files.len());
            file.read(|records| {
                group.check_cancelled()?;
                let some = records.iter().take(wanted);
                wanted -= some.len();
                probes.extend(some);
                for record in records {
                    writer.push(record).map_err(BuildError::Partition)?;
                }
                let read = Event::Advance(records.len() as u64);
                group.progress().on(read);
                Ok(())
            })?;
        }
        Ok((writer.finish(), probes))
    }
}

fn is_same_work(one: &KeyFile, other: &KeyFile) -> bool {
    one.trailer.list == other.trailer.list && one.header == other.header
}

/// Refuses a list of which no division into parts is complete.
fn refuse_incomplete(files: &[KeyFile]) -> Result<(), KeyFileError> {
    let mut lists: BTreeMap<ListId, BTreeMap<u32, BTreeSet<u32>>> = BTreeMap::new();
    for file in files {
        let divisions = lists.entry(file.trailer.list).or_default();
        let part = file.part;
        divisions
            .entry(part.of())
            .or_default()
            .insert(part.number());
    }
    for file in files {
        let Some(divisions) = lists.get(&file.trailer.list) else {
            continue;
        };
        let is_complete = |(&of, parts): (&u32, &BTreeSet<u32>)| parts.len() == of as usize;
        if divisions.iter().any(is_complete) {
            continue;
        }
        let of = file.part.of();
        let there = divisions.get(&of).cloned().unwrap_or_default();
        return Err(KeyFileError::PartMissing {
            path: file.path.clone(),
            missing: (1..=of).filter(|part| !there.contains(part)).collect(),
            of,
        });
    }
    Ok(())
}

/// The keys of several partitions, bucket by bucket, sorted and each once.
pub fn sorted(
    partitions: &[PartitionReader],
    bucket: usize,
    keys: &mut Vec<Record>,
) -> std::io::Result<()> {
    keys.clear();
    partition::scan(partitions, bucket, |block| keys.extend_from_slice(block))?;
    keys.sort_unstable();
    keys.dedup();
    Ok(())
}
