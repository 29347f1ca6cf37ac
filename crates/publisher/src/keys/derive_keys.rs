//! The first pass: rows in, keys out, on all cores.

use std::path::Path;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::argon2_worker::{Argon2Worker, rows_of_a_chunk};
use crate::checkpoint::file::Checkpoint;
use crate::error::BuildError;
use crate::input::heading::Role;
use crate::input::name_field::NameCounts;
use crate::input::reject_reason::{self, RejectReason, Rejection};
use crate::input::rows::is_blank;
use crate::input::stats::{Accepted, Place, Stats};
use crate::input::{self, Batch, Ends, Input, Rows, SourceInfo};
use crate::job::{Event, Job, Step, join};
use crate::partition::{PartitionReader, PartitionWriter, Record};
use crate::worker_group::{WorkerGroup, all};
use cek_nik::identifier::{Identifier, IdentifierKind, NameMissing};
use cek_nik::key::{Kdf, KeyDeriver, OutOfMemory, Salt};
use cek_nik::nik::{DIGITS, Date, Nik};

/// What the first pass leaves.
pub struct DerivedKeys {
    /// The keys.
    pub partitions: Vec<PartitionReader>,
    /// What became of the rows.
    pub stats: Stats,
    /// What each list looked like.
    pub seen: Vec<SourceInfo>,
    /// A few of the identifiers, for a check of the finished site.
    pub probes: Vec<Identifier>,
}

/// What decides which key a row has.
#[derive(Clone, Copy)]
pub struct Keys {
    /// What of the row goes into it.
    pub identifier: IdentifierKind,
    /// The salt.
    pub salt: Salt,
    /// The derivation.
    pub kdf: Kdf,
}

/// How many identifiers each thread keeps for that, and how many of a list are looked up.
pub const PROBES: usize = 8;

/// Rows that a thread takes at once, in bytes: enough to keep it busy with cheap keys, a chunk of dear ones.
fn batch_bytes(kdf: Kdf) -> usize {
    match kdf {
        Kdf::Sha256 => 256 << 10,
        Kdf::Argon2id(cost) => rows_of_a_chunk(cost) as usize * (DIGITS + 1),
    }
}

/// What was read of a row.
struct Row<'a> {
    nik: &'a [u8],
    name: &'a [u8],
    /// Whether the list has no columns.
    is_line: bool,
}

/// Reads all lists of a data set and sets their keys aside in a directory. Where keys are `kept`,
/// those that are there are taken, and the others are made and kept as well.
///
/// # Errors
///
/// An unreadable list, a full disk, too little memory for the key derivation, kept keys that are of other rows, or [`Cancelled`].
pub fn derive_keys(
    inputs: &[Input],
    keys: Keys,
    kept: Option<&Checkpoint>,
    directory: &Path,
    job: &Job,
) -> Result<DerivedKeys, BuildError> {
    let watch = WorkerGroup::new(job);
    begin(inputs, keys.kdf, kept, job);
    // Before any thread starts: if one alone lacked memory, the others would work for days before anybody heard of it.
    let makers = (0..job.threads)
        .map(|_| {
            let argon2_worker = match keys.kdf {
                Kdf::Sha256 => None,
                Kdf::Argon2id(_) => Some(Argon2Worker::new(kept, &watch)),
            };
            KeyMaker::new(keys, argon2_worker, directory, job.today)
        })
        .collect::<Result<Vec<_>, BuildError>>()?;
    let (sender, receiver) = bounded(2 * job.threads);
    let (made, seen) = std::thread::scope(|scope| {
        let workers: Vec<_> = makers
            .into_iter()
            .map(|maker| {
                let (receiver, watch) = (receiver.clone(), &watch);
                scope.spawn(move || watch.over(|| make_keys(&receiver, maker, watch)))
            })
            .collect();
        // Only the workers hold the receiving end now: if all of them fail, the reader hears of it.
        drop(receiver);
        let seen = read_all(inputs, keys.kdf, &sender, &watch, job.today);
        drop(sender);
        let made: Vec<_> = workers.into_iter().map(join).collect();
        (made, seen)
    });
    let synced = kept.map_or(Ok(()), Checkpoint::sync);
    let made = all(made)?;
    let seen = seen?;
    synced?;
    kept.map_or(Ok(()), Checkpoint::refuse_left_over)?;
    let mut collected = DerivedKeys {
        partitions: Vec::new(),
        stats: Stats::default(),
        seen,
        probes: Vec::new(),
    };
    for made in made {
        collected.partitions.push(made.partition);
        collected.stats.add(&made.stats);
        collected.probes.extend(made.probes);
    }
    Ok(collected)
}

fn begin(inputs: &[Input], kdf: Kdf, kept: Option<&Checkpoint>, job: &Job) {
    match kdf {
        Kdf::Sha256 => {
            let total = inputs.iter().map(input::size).sum();
            job.progress.on(Event::Begin {
                step: Step::Reading,
                total,
            });
        }
        Kdf::Argon2id(_) => {
            let total = kept.and_then(Checkpoint::expected);
            job.progress.on(Event::Begin {
                step: Step::Stretching,
                total,
            });
            let there = kept.map_or(0, Checkpoint::rows);
            if there > 0 {
                job.progress.on(Event::Continuing(there));
            }
        }
    }
}

fn read_all(
    inputs: &[Input],
    kdf: Kdf,
    sender: &Sender<Batch>,
    watch: &WorkerGroup,
    today: Date,
) -> Result<Vec<SourceInfo>, BuildError> {
    let mut all = Vec::with_capacity(inputs.len());
    let mut number = 0;
    for (list, input) in inputs.iter().enumerate() {
        let seen = input::read(input, today, batch_bytes(kdf), |rows, bytes| {
            watch.check_cancelled()?;
            let batch = Batch {
                list,
                number,
                rows,
                bytes,
            };
            number += 1;
            sender.send(batch).map_err(|_| BuildError::WorkersEnded)
        })?;
        all.push(seen);
    }
    Ok(all)
}

fn make_keys(
    batches: &Receiver<Batch>,
    mut maker: KeyMaker,
    watch: &WorkerGroup,
) -> Result<Made, BuildError> {
    for batch in batches {
        watch.check_cancelled()?;
        let rows = maker.batch(&batch)?;
        if !maker.stretch(batch.number)? {
            watch.progress().on(Event::Rows(rows));
            watch.progress().on(Event::Advance(batch.bytes));
        }
    }
    let partition = maker.partition.finish().map_err(BuildError::Partition)?;
    Ok(Made {
        partition,
        stats: maker.stats,
        probes: maker.probes,
    })
}

struct KeyMaker<'a> {
    today: Date,
    identifier: IdentifierKind,
    deriver: KeyDeriver,
    /// For keys that take long: they are made of all rows of a batch together.
    argon2_worker: Option<Argon2Worker<'a>>,
    partition: PartitionWriter,
    stats: Stats,
    probes: Vec<Identifier>,
}

/// What one thread has made.
struct Made {
    partition: PartitionReader,
    stats: Stats,
    probes: Vec<Identifier>,
}

impl<'a> KeyMaker<'a> {
    fn new(
        keys: Keys,
        argon2_worker: Option<Argon2Worker<'a>>,
        directory: &Path,
        today: Date,
    ) -> Result<Self, BuildError> {
        let deriver =
            KeyDeriver::new(keys.salt, keys.kdf).map_err(|OutOfMemory| BuildError::OutOfMemory)?;
        Ok(Self {
            today,
            identifier: keys.identifier,
            deriver,
            argon2_worker,
            partition: PartitionWriter::new(directory).map_err(BuildError::Partition)?,
            stats: Stats::default(),
            probes: Vec::with_capacity(PROBES),
        })
    }

    /// Makes keys of a batch, unless they take long, and says how many rows it had.
    fn batch(&mut self, batch: &Batch) -> Result<u64, BuildError> {
        let list = batch.list;
        let mut rows = 0;
        let mut accepted = Accepted::default();
        let mut names = NameCounts::default();
        let mut row = |row: Row, line| {
            rows += 1;
            self.row(row, Place { list, line }, &mut accepted, &mut names)
        };
        match &batch.rows {
            Rows::Lines { first, text } => {
                let mut rest = text.as_slice();
                let mut line = *first;
                while !rest.is_empty() {
                    let (nik, behind) = first_line(rest);
                    let fields = Row {
                        nik,
                        name: &[],
                        is_line: true,
                    };
                    row(fields, line)?;
                    line += 1;
                    rest = behind;
                }
            }
            Rows::Fields {
                text,
                ends,
                rejected,
            } => {
                let mut start = 0;
                for &Ends { nik, name, line } in ends {
                    let fields = Row {
                        nik: text.get(start..nik).unwrap_or_default(),
                        name: text.get(nik..name).unwrap_or_default(),
                        is_line: false,
                    };
                    row(fields, line)?;
                    start = name;
                }
                for &(rejection, line) in rejected {
                    rows += 1;
                    self.stats.reject(rejection, Place { list, line });
                }
            }
        }
        self.stats.accept(list, &accepted, &names);
        Ok(rows)
    }

    /// Makes the keys of a batch that take long; `false` where none does.
    fn stretch(&mut self, number: u64) -> Result<bool, BuildError> {
        let Some(argon2_worker) = &mut self.argon2_worker else {
            return Ok(false);
        };
        for key in argon2_worker.finish(number, &mut self.deriver)? {
            self.partition.push(&key).map_err(BuildError::Partition)?;
        }
        Ok(true)
    }

    /// Takes a row, or counts why it is rejected.
    fn row(
        &mut self,
        row: Row,
        place: Place,
        accepted: &mut Accepted,
        names: &mut NameCounts,
    ) -> Result<(), BuildError> {
        let (nik, identifier) = match self.identify(&row, names) {
            Ok(identified) => identified,
            Err(rejection) => {
                self.stats.reject(rejection, place);
                return Ok(());
            }
        };
        accepted.count(&nik, nik.warnings(self.today));
        if self.probes.len() < PROBES {
            self.probes.push(identifier.clone());
        }
        self.take(identifier, place)
    }

    /// Sets the key of an identifier aside, or the identifier until its batch is stretched.
    fn take(&mut self, identifier: Identifier, place: Place) -> Result<(), BuildError> {
        if let Some(argon2_worker) = &mut self.argon2_worker {
            argon2_worker.push(identifier, place);
            return Ok(());
        }
        let key = self
            .deriver
            .derive(&identifier)
            .map_err(|OutOfMemory| BuildError::OutOfMemory)?;
        self.partition
            .push(&Record::of(&key))
            .map_err(BuildError::Partition)
    }

    fn identify(&self, row: &Row, names: &mut NameCounts) -> Result<(Nik, Identifier), Rejection> {
        let nik = reject_reason::nik(row.nik).map_err(|rejection| of_line(row, rejection))?;
        let name = match self.identifier {
            IdentifierKind::Nik => None,
            IdentifierKind::NikAndName => {
                let word = reject_reason::name(row.name)?;
                names.count(row.name, &word);
                Some(word)
            }
        };
        let identifier = self.identifier.identify(&nik, name.as_ref());
        let identifier = identifier.map_err(|NameMissing| RejectReason::NoName)?;
        Ok((nik, identifier))
    }
}

/// A line of nothing, and a title that stands between the numbers once more, lose nobody.
fn of_line(row: &Row, rejection: Rejection) -> Rejection {
    match rejection.reason {
        _ if !row.is_line => rejection,
        RejectReason::NoNumber if is_blank(row.nik) => RejectReason::EmptyRow.into(),
        RejectReason::NotDigits if is_nik_word(row.nik) => RejectReason::RepeatedHeading.into(),
        _ => rejection,
    }
}

fn is_nik_word(field: &[u8]) -> bool {
    std::str::from_utf8(field).is_ok_and(|text| matches!(Role::of(text), Role::Nik | Role::OwnNik))
}

/// The first line without its end, and what comes behind it.
fn first_line(text: &[u8]) -> (&[u8], &[u8]) {
    // Nearly every line of nearly every list: to search for its end would take longer than to look.
    if text.get(DIGITS) == Some(&b'\n') {
        let (line, rest) = text.split_at(DIGITS);
        return (line, rest.get(1..).unwrap_or_default());
    }
    let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
    let (line, rest) = text.split_at(end);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    (line, rest.get(1..).unwrap_or_default())
}
