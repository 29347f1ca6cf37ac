//! Derivation of all keys of a data set: rows in, keys on disk, on all cores.

use std::path::Path;
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, bounded};
use sha2::{Digest, Sha256};

use super::argon2_worker::{Argon2Worker, rows_of_a_chunk};
use crate::carried::rows_digest::{DigestKey, RowsDigest};
use crate::checkpoint::file::Checkpoint;
use crate::error::BuildError;
use crate::input::heading::Role;
use crate::input::name_field::{self, NameCounts};
use crate::input::reject_reason::{self, RejectReason, Rejection};
use crate::input::rows::is_blank;
use crate::input::stats::{Accepted, Place, Stats};
use crate::input::{self, Batch, Fields, Input, Rows, SourceInfo};
use crate::job::{Event, Job, Step, join};
use crate::key_file::part::{RowSum, Selection, Selector};
use crate::partition::{KeyMemory, PartitionReader, PartitionWriter, Record};
use crate::worker_group::{WorkerGroup, all};
use cek_nik::catalogue::Catalogue;
use cek_nik::identifier::{Identifier, IdentifierKind, NameMissing};
use cek_nik::key::{Kdf, Key, KeyDeriver, OutOfMemory, Salt};
use cek_nik::nik::{DIGITS, Date, Nik, NikBatch, WarningCache};

/// The keys of a data set.
#[derive(Default)]
pub struct DerivedKeys {
    /// The keys, one partition for each thread.
    pub partitions: Vec<PartitionReader>,
    /// The counts of accepted and rejected rows.
    pub stats: Stats,
    /// The layout and checksum of each list.
    pub source_info: Vec<SourceInfo>,
    /// Identifiers to look up in the finished site: [`PROBES`] for each thread.
    pub probes: Vec<Identifier>,
    /// The digest of all accepted rows, if a key for it was given.
    pub rows_digest: Option<RowsDigest>,
    /// The sum of all rows, for the id of their list; 0 without a selection.
    pub sum: RowSum,
}

/// The parameters that decide the key of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// The kind of identifier.
    pub identifier: IdentifierKind,
    /// The salt of the catalogue.
    pub salt: Salt,
    /// The key derivation.
    pub kdf: Kdf,
}

impl From<&Catalogue> for Keys {
    fn from(catalogue: &Catalogue) -> Self {
        Self {
            identifier: catalogue.identifier(),
            salt: catalogue.salt(),
            kdf: catalogue.kdf(),
        }
    }
}

/// The key of a digest of a list. A bare digest would let anyone who knows all rows but one try
/// numbers for that one at the price of a hash.
///
/// # Errors
///
/// Not enough memory for the key derivation.
pub(crate) fn stretch(digest: Sha256, deriver: &mut KeyDeriver) -> Result<Key, OutOfMemory> {
    deriver.derive_from(&[b"list:", digest.finalize().as_slice()].concat())
}

/// How many identifiers each thread remembers, and how many are looked up for a data set.
pub const PROBES: usize = 8;

/// The bytes of a batch: enough to keep a thread busy with SHA-256, or one chunk of Argon2id.
fn batch_bytes(kdf: Kdf) -> usize {
    match kdf {
        Kdf::Sha256 => 256 << 10,
        Kdf::Argon2id(cost) => rows_of_a_chunk(cost) as usize * (DIGITS + 1),
    }
}

/// The most rows of a batch that have keys: each of them but the first and the last has the bytes
/// of a NIK at least.
pub fn most_rows(kdf: Kdf) -> u32 {
    (batch_bytes(kdf) / DIGITS) as u32 + 2
}

/// The fields of a row.
struct Row<'a> {
    nik: &'a [u8],
    name: &'a [u8],
    /// Whether the list has no columns.
    is_line: bool,
}

/// Reads all lists of a data set and derives their keys. Those beyond the memory of the job are
/// written to nameless files in a directory. With a checkpoint, takes the keys of its chunks, and
/// appends the others. With a selection, derives the keys of its rows only, and counts all. With a
/// key for it, also makes the digest of the rows.
///
/// # Errors
///
/// An unreadable list, a full disk, not enough memory, a checkpoint of other rows, or
/// [`Cancelled`](crate::job::Cancelled).
pub fn derive_keys(
    inputs: &[Input],
    keys: Keys,
    checkpoint: Option<&Checkpoint>,
    digest_key: Option<DigestKey>,
    selection: Option<Selection>,
    directory: &Path,
    job: &Job,
) -> Result<DerivedKeys, BuildError> {
    let group = WorkerGroup::new(job);
    let expected = selection.and_then(|selection| selection.expected);
    begin(inputs, keys.kdf, checkpoint, expected, job);
    // Before the threads start: if one of them lacked memory, the others would go on for days.
    let memory = Arc::new(KeyMemory::new(job.memory));
    let makers = (0..job.threads)
        .map(|_| {
            let argon2_worker = match keys.kdf {
                Kdf::Sha256 => None,
                Kdf::Argon2id(_) => Some(Argon2Worker::new(checkpoint, &group)),
            };
            let partition = PartitionWriter::new(directory, &memory);
            let rows_digest = digest_key.map(RowsDigest::new);
            let mut maker = KeyMaker::new(keys, argon2_worker, partition, rows_digest, job.today)?;
            if let Some(Selection { part, .. }) = selection {
                maker.selector = Some(Selector::new(keys.salt, part)?);
            }
            Ok(maker)
        })
        .collect::<Result<Vec<_>, BuildError>>()?;
    let (sender, receiver) = bounded(2 * job.threads);
    let (made, source_info) = std::thread::scope(|scope| {
        let workers: Vec<_> = makers
            .into_iter()
            .map(|maker| {
                let (receiver, group) = (receiver.clone(), &group);
                scope.spawn(move || group.run(|| make_keys(&receiver, maker, group)))
            })
            .collect();
        // Now only the workers hold receivers: sending fails when all of them have failed.
        drop(receiver);
        let source_info = read_all(inputs, keys.kdf, &sender, &group, job.today);
        drop(sender);
        let made: Vec<_> = workers.into_iter().map(join).collect();
        (made, source_info)
    });
    let synced = checkpoint.map_or(Ok(()), Checkpoint::sync);
    let made = all(made)?;
    let source_info = source_info?;
    synced?;
    checkpoint.map_or(Ok(()), Checkpoint::refuse_left_over)?;
    let mut derived = DerivedKeys {
        partitions: Vec::new(),
        stats: Stats::default(),
        source_info,
        probes: Vec::new(),
        rows_digest: digest_key.map(RowsDigest::new),
        sum: RowSum::default(),
    };
    for made in made {
        if let (Some(all), Some(rows)) = (&mut derived.rows_digest, &made.rows_digest) {
            all.add_all(rows);
        }
        derived.partitions.push(made.partition);
        derived.stats.add(&made.stats);
        derived.probes.extend(made.probes);
        derived.sum.add(made.sum);
    }
    Ok(derived)
}

fn begin(
    inputs: &[Input],
    kdf: Kdf,
    checkpoint: Option<&Checkpoint>,
    expected: Option<u64>,
    job: &Job,
) {
    let (step, total) = match kdf {
        Kdf::Sha256 => (Step::Reading, inputs.iter().map(input::size).sum()),
        Kdf::Argon2id(_) => {
            let of_checkpoint = checkpoint.and_then(|c| c.expected);
            (Step::Stretching, of_checkpoint.or(expected))
        }
    };
    job.progress.on(Event::Begin { step, total });
    let done = checkpoint.map_or(0, Checkpoint::rows);
    if done > 0 {
        job.progress.on(Event::Continuing(done));
    }
}

fn read_all(
    inputs: &[Input],
    kdf: Kdf,
    sender: &Sender<Batch>,
    group: &WorkerGroup,
    today: Date,
) -> Result<Vec<SourceInfo>, BuildError> {
    let mut all = Vec::with_capacity(inputs.len());
    let mut number = 0;
    for (list, input) in inputs.iter().enumerate() {
        let source_info = input::read(input, today, batch_bytes(kdf), |rows, bytes| {
            group.check_cancelled()?;
            let batch = Batch {
                list,
                number,
                rows,
                bytes,
            };
            number += 1;
            sender.send(batch).map_err(|_| BuildError::WorkersEnded)
        })?;
        all.push(source_info);
    }
    Ok(all)
}

fn make_keys(
    batches: &Receiver<Batch>,
    mut maker: KeyMaker,
    group: &WorkerGroup,
) -> Result<Made, BuildError> {
    for batch in batches {
        group.check_cancelled()?;
        let rows = maker.batch(&batch)?;
        if !maker.stretch(batch.number)? {
            group.progress().on(Event::Rows(rows));
            group.progress().on(Event::Advance(batch.bytes));
        }
    }
    Ok(Made {
        partition: maker.partition.finish(),
        sum: maker.selector.map_or_else(RowSum::default, |s| s.sum()),
        stats: maker.stats,
        probes: maker.probes,
        rows_digest: maker.rows_digest,
    })
}

struct KeyMaker<'a> {
    today: Date,
    identifier: IdentifierKind,
    deriver: KeyDeriver,
    /// For a part of the rows.
    selector: Option<Selector>,
    /// For Argon2id, which gets the rows of a batch together.
    argon2_worker: Option<Argon2Worker<'a>>,
    partition: PartitionWriter,
    stats: Stats,
    probes: Vec<Identifier>,
    rows_digest: Option<RowsDigest>,
    warning_cache: WarningCache,
    /// NIKs whose keys are derived together.
    niks: NikBatch,
    /// Those of them that are selected.
    selected: NikBatch,
    records: Vec<Record>,
}

/// What a batch of rows holds.
#[derive(Default)]
struct RowCounts {
    accepted: Accepted,
    names: NameCounts,
}

/// The result of one thread.
struct Made {
    partition: PartitionReader,
    sum: RowSum,
    stats: Stats,
    probes: Vec<Identifier>,
    rows_digest: Option<RowsDigest>,
}

impl<'a> KeyMaker<'a> {
    fn new(
        keys: Keys,
        argon2_worker: Option<Argon2Worker<'a>>,
        partition: PartitionWriter,
        rows_digest: Option<RowsDigest>,
        today: Date,
    ) -> Result<Self, BuildError> {
        Ok(Self {
            today,
            identifier: keys.identifier,
            deriver: KeyDeriver::new(keys.salt, keys.kdf)?,
            selector: None,
            argon2_worker,
            partition,
            stats: Stats::default(),
            probes: Vec::with_capacity(PROBES),
            rows_digest,
            warning_cache: WarningCache::new(today),
            niks: NikBatch::new(),
            selected: NikBatch::new(),
            records: Vec::with_capacity(NikBatch::CAPACITY),
        })
    }

    /// Makes the keys of a batch, or collects its rows for Argon2id. Returns the number of rows.
    fn batch(&mut self, batch: &Batch) -> Result<u64, BuildError> {
        let list = batch.list;
        let mut rows = 0;
        let mut counts = RowCounts::default();
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
                    self.row(fields, Place { list, line }, &mut counts)?;
                    line += 1;
                    rest = behind;
                }
                rows += line - *first;
            }
            Rows::Fields {
                text,
                ends,
                rejected,
            } => {
                for Fields { nik, name, line } in input::fields(text, ends) {
                    let is_line = false;
                    let fields = Row { nik, name, is_line };
                    self.row(fields, Place { list, line }, &mut counts)?;
                }
                for &(rejection, line) in rejected {
                    self.stats.reject(rejection, Place { list, line });
                }
                rows += (ends.len() + rejected.len()) as u64;
            }
        }
        self.derive_niks(&mut counts)?;
        self.stats.accept(list, &counts.accepted, &counts.names);
        Ok(rows)
    }

    /// Makes the keys of the collected rows; `false` without Argon2id.
    fn stretch(&mut self, number: u32) -> Result<bool, BuildError> {
        let Some(argon2_worker) = &mut self.argon2_worker else {
            return Ok(false);
        };
        for key in argon2_worker.finish(number, &mut self.deriver)? {
            self.partition.push(&key).map_err(BuildError::Partition)?;
        }
        Ok(true)
    }

    /// Takes a row, or counts why it is rejected.
    #[inline]
    fn row(&mut self, row: Row, location: Place, counts: &mut RowCounts) -> Result<(), BuildError> {
        // Nearly every row of nearly every list.
        if self.takes_plain_niks() && self.take_plain(row.nik) {
            if self.niks.is_full() {
                self.derive_niks(counts)?;
            }
            return Ok(());
        }
        self.any_row(row, location, counts)
    }

    /// Whether a row needs nothing but its key: no name, no probe, no digest, no Argon2id.
    #[inline]
    fn takes_plain_niks(&self) -> bool {
        self.argon2_worker.is_none()
            && self.rows_digest.is_none()
            && self.identifier == IdentifierKind::Nik
            && self.probes.len() == PROBES
    }

    /// Takes the NIK of a row for the next keys; `false` for a row that needs a closer look.
    #[inline]
    fn take_plain(&mut self, nik: &[u8]) -> bool {
        <&[u8; DIGITS]>::try_from(nik)
            .is_ok_and(|digits| !reject_reason::is_placeholder(digits) && self.niks.push(digits))
    }

    /// Writes the keys of the NIKs that were taken.
    fn derive_niks(&mut self, counts: &mut RowCounts) -> Result<(), BuildError> {
        counts
            .accepted
            .count_batch(&self.niks, &mut self.warning_cache);
        let mut niks = &self.niks;
        if let Some(selector) = &mut self.selector {
            selector.select(niks, &mut self.selected)?;
            niks = &self.selected;
        }
        let records = &mut self.records;
        self.deriver
            .derive_batch(niks, |key| records.push(Record::of_batch(key)))?;
        self.niks.clear();
        for record in self.records.drain(..) {
            self.partition
                .push(&record)
                .map_err(BuildError::Partition)?;
        }
        Ok(())
    }

    fn any_row(
        &mut self,
        row: Row,
        location: Place,
        counts: &mut RowCounts,
    ) -> Result<(), BuildError> {
        let (nik, identifier) = match self.identify(&row, &mut counts.names) {
            Ok(identified) => identified,
            Err(rejection) => {
                self.stats.reject(rejection, location);
                return Ok(());
            }
        };
        counts.accepted.count(&nik, nik.warnings(self.today));
        if self.probes.len() < PROBES {
            self.probes.push(identifier.clone());
        }
        if let Some(rows) = &mut self.rows_digest {
            rows.add(&identifier);
        }
        let is_selected = match &mut self.selector {
            Some(selector) => selector.takes(&identifier)?,
            None => true,
        };
        match is_selected {
            true => self.take(identifier, location),
            false => Ok(()),
        }
    }

    /// Writes the key of an identifier, or queues the identifier for the next Argon2id batch.
    fn take(&mut self, identifier: Identifier, location: Place) -> Result<(), BuildError> {
        if let Some(argon2_worker) = &mut self.argon2_worker {
            argon2_worker.push(identifier, location);
            return Ok(());
        }
        let key = self.deriver.derive(&identifier)?;
        self.partition
            .push(&Record::of(&key))
            .map_err(BuildError::Partition)
    }

    fn identify(&self, row: &Row, names: &mut NameCounts) -> Result<(Nik, Identifier), Rejection> {
        let nik = reject_reason::nik(row.nik).map_err(|rejection| of_line(row, rejection))?;
        let name = match self.identifier {
            IdentifierKind::Nik => None,
            IdentifierKind::NikAndName => {
                let word = name_field::read(row.name)?;
                names.count(row.name, &word);
                Some(word)
            }
        };
        let identifier = self.identifier.identify(&nik, name.as_ref());
        let identifier = identifier.map_err(|NameMissing| RejectReason::NoName)?;
        Ok((nik, identifier))
    }
}

/// Counts an empty line or a repeated title of a plain list as a row that loses nobody.
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

/// The first line without its end, and the rest.
fn first_line(text: &[u8]) -> (&[u8], &[u8]) {
    // Nearly every line has 16 digits. Checking that first is faster than searching for the end.
    if let Some((line, [b'\n', rest @ ..])) = text.split_at_checked(DIGITS) {
        return (line, rest);
    }
    let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
    let (line, rest) = text.split_at(end);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    (line, rest.strip_prefix(b"\n").unwrap_or(rest))
}
