//! Checkpoint file of one data set: reads the chunks of a stopped build, and adds new ones.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::chunk::{Chunk, Slots};
use super::fingerprint::{Difference, Fingerprint, Head, Mismatch};
use super::source_stamp::Lists;
use crate::error::BuildError;
use crate::input::stats::Place;
use crate::io_action::{IoAction, OnPath};
use crate::job::lock;
use crate::key_file::fit::TestKey;
use cek_nik_reader::regular_file::open_regular;

/// How often added chunks are synced: about the work that a power cut costs.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// The keys of one data set. Any number of threads may use it at once.
pub struct Checkpoint {
    /// The file.
    pub path: PathBuf,
    /// The parameters of the build that created it.
    pub fingerprint: Fingerprint,
    /// How many rows need keys, once [`expect`](Self::expect) was called.
    pub expected: Option<u64>,
    slots: Slots,
    file: File,
    /// The batches whose chunks were in the file when it was opened, in ascending order.
    batches: Vec<u32>,
    /// How many of these matched the rows of their batch.
    matching: AtomicU64,
    /// Rows of all chunks, added ones included.
    rows: AtomicU64,
    writer: Mutex<Writer>,
    /// The lists that are read: none before [`expect`](Self::expect).
    lists: Lists,
}

struct Writer {
    file: File,
    synced: Instant,
}

impl Checkpoint {
    /// Opens the file of a data set, and finds its chunks.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] for a damaged beginning or another version.
    pub fn open(path: &Path, dataset: &str) -> Result<Self, BuildError> {
        let file = open_regular(path).on_path(IoAction::Read, path)?;
        let head = Head::read(dataset, &file).on_path(IoAction::Read, path)?;
        let head = head.map_err(|difference| Mismatch::new(path, difference))?;
        let found = head.slots.find_all(&file);
        let (batches, rows) = found.on_path(IoAction::Read, path)?;
        let to_write = OpenOptions::new().write(true).open(path);
        let writer = Writer {
            file: to_write.on_path(IoAction::Write, path)?,
            synced: Instant::now(),
        };
        Ok(Self {
            path: path.to_owned(),
            fingerprint: head.fingerprint,
            expected: None,
            slots: head.slots,
            file,
            batches,
            matching: AtomicU64::new(0),
            rows: AtomicU64::new(rows),
            writer: Mutex::new(writer),
            lists: Lists::default(),
        })
    }

    /// Sets the lists that are read, and how many of their rows need keys.
    pub fn expect(self, lists: Lists, rows: u64) -> Self {
        Self {
            lists,
            expected: Some(rows),
            ..self
        }
    }

    /// Refuses keys of a computer that derives other keys than this one.
    pub fn refuse_other(&self, test_key: TestKey) -> Result<(), Mismatch> {
        match self.slots.header.test_key == test_key {
            true => Ok(()),
            false => Err(Mismatch::new(&self.path, Difference::TestKey)),
        }
    }

    /// How many rows have keys.
    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Reads the chunk of a batch, if it was in the file when it was opened.
    ///
    /// # Errors
    ///
    /// A chunk that has been damaged since.
    pub fn chunk(&self, number: u32) -> Result<Option<Chunk>, BuildError> {
        if self.batches.binary_search(&number).is_err() {
            return Ok(None);
        }
        let chunk = self
            .slots
            .read(&self.file, number)
            .and_then(|chunk| chunk.ok_or_else(|| io::Error::other("another program wrote to it")));
        Ok(Some(chunk.on_path(IoAction::Read, &self.path)?))
    }

    /// Counts a chunk of the opened file that matches the rows of its batch.
    pub fn count_match(&self) {
        self.matching.fetch_add(1, Ordering::Relaxed);
    }

    /// The error for a chunk that does not; `first` is the first row of its batch, if it has one.
    pub fn mismatch(&self, first: Option<Place>) -> Mismatch {
        let difference = match first {
            Some(Place { list, line }) => Difference::Rows {
                list: self.lists.path(list).to_owned(),
                line,
            },
            None => Difference::FewerRows,
        };
        Mismatch::new(&self.path, difference)
    }

    /// Adds a chunk, unless a list has changed: the checkpoint must not hold keys of rows that
    /// the list will no longer have after the change is undone.
    ///
    /// # Errors
    ///
    /// [`Changed`](crate::input::Changed), or a full disk. The chunk is then missing.
    pub fn add(&self, chunk: &Chunk) -> Result<(), BuildError> {
        self.lists.refuse_changed()?;
        let offset = self.slots.offset(chunk.number);
        let slot = self.slots.to_bytes(chunk);
        let written = slot.and_then(|slot| lock(&self.writer).write(offset, &slot));
        written.on_path(IoAction::Write, &self.path)?;
        self.rows.fetch_add(chunk.rows, Ordering::Relaxed);
        Ok(())
    }

    /// Syncs the file.
    pub fn sync(&self) -> Result<(), BuildError> {
        let synced = lock(&self.writer).file.sync_data();
        Ok(synced.on_path(IoAction::Write, &self.path)?)
    }

    /// Refuses chunks that matched no batch. Call it after all rows were read.
    pub fn refuse_left_over(&self) -> Result<(), Mismatch> {
        if self.matching.load(Ordering::Relaxed) == self.batches.len() as u64 {
            Ok(())
        } else {
            Err(self.mismatch(None))
        }
    }
}

impl Writer {
    fn write(&mut self, offset: u64, slot: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.write_all(slot)?;
        if self.synced.elapsed() >= SYNC_EVERY {
            self.file.sync_data()?;
            self.synced = Instant::now();
        }
        Ok(())
    }
}
