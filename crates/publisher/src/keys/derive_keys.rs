//! The first pass: rows in, keys out, on all cores.

use std::path::Path;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::argon2_worker::{Stretcher, rows_of_a_chunk};
use crate::checkpoint::file::KeptKeys;
use crate::error::BuildError;
use crate::input::reject_reason::{self as refused, Refusal};
use crate::input::stats::{Accepted, Place, Tally};
use crate::input::{self, Batch, Ends, Input, Rows, Seen};
use crate::job::{Job, Step, join};
use crate::partition::{Record, SpillReader, SpillWriter};
use crate::worker_group::{Watch, all};
use cek_nik::identifier::{Identifier, IdentifierKind, NameMissing};
use cek_nik::key::{Kdf, KeyDeriver, OutOfMemory, Salt};
use cek_nik::nik::{DIGITS, Date, Nik, Warnings};

/// What the first pass leaves.
pub struct Collected {
    /// The keys.
    pub spills: Vec<SpillReader>,
    /// What became of the rows.
    pub tally: Tally,
    /// What each list looked like.
    pub seen: Vec<Seen>,
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
}

/// Reads all lists of a data set and sets their keys aside in a directory. Where keys are `kept`, those that are there are taken, and the others
/// are made and kept as well.
///
/// # Errors
///
/// An unreadable list, a full disk, too little memory for the key derivation, kept keys that are of other rows, or [`Stopped`].
pub fn collect(
    inputs: &[Input],
    keys: Keys,
    kept: Option<&KeptKeys>,
    directory: &Path,
    job: &Job,
) -> Result<Collected, BuildError> {
    let watch = Watch::new(job);
    begin(inputs, keys.kdf, kept, job);
    // Before any thread starts: if one alone lacked memory, the others would work for days before anybody heard of it.
    let makers = (0..job.threads)
        .map(|_| {
            let stretcher = match keys.kdf {
                Kdf::Sha256 => None,
                Kdf::Argon2id(_) => Some(Stretcher::new(kept, &watch)),
            };
            KeyMaker::new(keys, stretcher, directory, job.today)
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
        let seen = read_all(inputs, batch_bytes(keys.kdf), &sender, &watch);
        drop(sender);
        let made: Vec<_> = workers.into_iter().map(join).collect();
        (made, seen)
    });
    let synced = kept.map_or(Ok(()), KeptKeys::sync);
    let made = all(made)?;
    let seen = seen?;
    synced?;
    kept.map_or(Ok(()), KeptKeys::refuse_left_over)?;
    let mut collected = Collected {
        spills: Vec::new(),
        tally: Tally::default(),
        seen,
        probes: Vec::new(),
    };
    for made in made {
        collected.spills.push(made.spill);
        collected.tally.add(&made.tally);
        collected.probes.extend(made.probes);
    }
    Ok(collected)
}

fn begin(inputs: &[Input], kdf: Kdf, kept: Option<&KeptKeys>, job: &Job) {
    match kdf {
        Kdf::Sha256 => {
            let total = inputs.iter().map(input::size).sum();
            job.progress.begin(Step::Reading, total);
        }
        Kdf::Argon2id(_) => {
            let total = kept.and_then(KeptKeys::expected);
            job.progress.begin(Step::Stretching, total);
            let there = kept.map_or(0, KeptKeys::rows);
            if there > 0 {
                job.progress.continuing(there);
            }
        }
    }
}

fn read_all(
    inputs: &[Input],
    batch_bytes: usize,
    sender: &Sender<Batch>,
    watch: &Watch,
) -> Result<Vec<Seen>, BuildError> {
    let mut all = Vec::with_capacity(inputs.len());
    let mut number = 0;
    for (list, input) in inputs.iter().enumerate() {
        let seen = input::read(input, batch_bytes, |rows, bytes| {
            watch.go_on()?;
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
    watch: &Watch,
) -> Result<Made, BuildError> {
    for batch in batches {
        watch.go_on()?;
        let rows = maker.batch(&batch)?;
        if !maker.stretch(batch.number)? {
            watch.progress().rows(rows);
            watch.progress().advance(batch.bytes);
        }
    }
    let spill = maker.spill.finish().map_err(BuildError::Partition)?;
    Ok(Made {
        spill,
        tally: maker.tally,
        probes: maker.probes,
    })
}

struct KeyMaker<'a> {
    today: Date,
    identifier: IdentifierKind,
    deriver: KeyDeriver,
    /// For keys that take long: they are made of all rows of a batch together.
    stretcher: Option<Stretcher<'a>>,
    spill: SpillWriter,
    tally: Tally,
    probes: Vec<Identifier>,
}

/// What one thread has made.
struct Made {
    spill: SpillReader,
    tally: Tally,
    probes: Vec<Identifier>,
}

impl<'a> KeyMaker<'a> {
    fn new(
        keys: Keys,
        stretcher: Option<Stretcher<'a>>,
        directory: &Path,
        today: Date,
    ) -> Result<Self, BuildError> {
        let deriver =
            KeyDeriver::new(keys.salt, keys.kdf).map_err(|OutOfMemory| BuildError::OutOfMemory)?;
        Ok(Self {
            today,
            identifier: keys.identifier,
            deriver,
            stretcher,
            spill: SpillWriter::new(directory).map_err(BuildError::Partition)?,
            tally: Tally::default(),
            probes: Vec::with_capacity(PROBES),
        })
    }

    /// Makes keys of a batch, unless they take long, and says how many rows it had.
    fn batch(&mut self, batch: &Batch) -> Result<u64, BuildError> {
        let list = batch.list;
        let mut rows = 0;
        let mut accepted = Accepted::default();
        let mut row = |row: Row, line| {
            rows += 1;
            let warnings = self.row(row, Place { list, line })?;
            warnings.into_iter().for_each(|w| accepted.count(w));
            Ok::<_, BuildError>(())
        };
        match &batch.rows {
            Rows::Lines { first, text } => {
                let mut rest = text.as_slice();
                let mut line = *first;
                while !rest.is_empty() {
                    let (nik, behind) = first_line(rest);
                    row(Row { nik, name: &[] }, line)?;
                    line += 1;
                    rest = behind;
                }
            }
            Rows::Fields { text, ends } => {
                let mut start = 0;
                for &Ends { nik, name, line } in ends {
                    let fields = Row {
                        nik: text.get(start..nik).unwrap_or_default(),
                        name: text.get(nik..name).unwrap_or_default(),
                    };
                    row(fields, line)?;
                    start = name;
                }
            }
            Rows::Refused { refusal, line } => {
                rows += 1;
                let line = *line;
                self.tally.refuse(*refusal, Place { list, line });
            }
        }
        self.tally.accept(list, &accepted);
        Ok(rows)
    }

    /// Makes the keys of a batch that take long; `false` where none does.
    fn stretch(&mut self, number: u64) -> Result<bool, BuildError> {
        let Some(stretcher) = &mut self.stretcher else {
            return Ok(false);
        };
        for key in stretcher.finish(number, &mut self.deriver)? {
            self.spill.push(&key).map_err(BuildError::Partition)?;
        }
        Ok(true)
    }

    /// Takes a row, and says what is odd about its NIK; `None` where the row is refused.
    fn row(&mut self, row: Row, place: Place) -> Result<Option<Warnings>, BuildError> {
        let (nik, identifier) = match self.identify(row) {
            Ok(identified) => identified,
            Err(refusal) => {
                self.tally.refuse(refusal, place);
                return Ok(None);
            }
        };
        let warnings = nik.warnings(self.today);
        if self.probes.len() < PROBES {
            self.probes.push(identifier.clone());
        }
        self.take(identifier, place)?;
        Ok(Some(warnings))
    }

    /// Sets the key of an identifier aside, or the identifier until its batch is stretched.
    fn take(&mut self, identifier: Identifier, place: Place) -> Result<(), BuildError> {
        if let Some(stretcher) = &mut self.stretcher {
            stretcher.push(identifier, place);
            return Ok(());
        }
        let key = self
            .deriver
            .derive(&identifier)
            .map_err(|OutOfMemory| BuildError::OutOfMemory)?;
        self.spill
            .push(&Record::of(&key))
            .map_err(BuildError::Partition)
    }

    fn identify(&self, row: Row) -> Result<(Nik, Identifier), Refusal> {
        let nik = refused::nik(row.nik)?;
        let name = match self.identifier {
            IdentifierKind::Nik => None,
            IdentifierKind::NikAndName => Some(refused::name(row.name)?),
        };
        let identifier = self.identifier.identify(&nik, name.as_ref());
        let identifier = identifier.map_err(|NameMissing| Refusal::NoName)?;
        Ok((nik, identifier))
    }
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
