//! Checkpoint file of one data set: reads the chunks of a stopped build, and appends new ones.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::chunk::{Chunk, Found, find_all};
use super::fingerprint::{Difference, Fingerprint, Head, Mismatch};
use super::source_stamp::Lists;
use crate::error::BuildError;
use crate::input::stats::Place;
use crate::io_action::{IoAction, OnPath};
use crate::job::lock;
use crate::key_file::fit::TestKey;
use crate::key_file::header::Header;
use cek_nik_reader::regular_file::open_regular;

/// How often appended chunks are synced: about the work that a power cut costs.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// The keys of one data set. Any number of threads may use it at once.
pub struct Checkpoint {
    /// The file.
    pub path: PathBuf,
    /// The parameters of the build that created it.
    pub fingerprint: Fingerprint,
    /// How many rows need keys, once [`expect`](Self::expect) was called.
    pub expected: Option<u64>,
    header: Header,
    file: File,
    /// The chunks that were in the file when it was opened, by batch number.
    chunks: Vec<Found>,
    /// How many of these matched the rows of their batch.
    matching: AtomicU64,
    /// Rows of all chunks, appended ones included.
    rows: AtomicU64,
    end: Mutex<End>,
    /// The lists that are read: none before [`expect`](Self::expect).
    lists: Lists,
}

/// The end of the file, where chunks are appended.
struct End {
    file: File,
    length: u64,
    synced: Instant,
}

impl Checkpoint {
    /// Opens the file of a data set, finds its chunks, and truncates it after the last one.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] for a damaged beginning or another version.
    pub fn open(path: &Path, dataset: &str) -> Result<Self, BuildError> {
        let file = open_regular(path).on_path(IoAction::Read, path)?;
        let head = Head::read(dataset, &file).on_path(IoAction::Read, path)?;
        let head = head.map_err(|difference| Mismatch::new(path, difference))?;
        let found = find_all(&file, &head.header, head.length);
        let (chunks, length) = found.on_path(IoAction::Read, path)?;
        let end = End::truncate(path, length).on_path(IoAction::Write, path)?;
        let rows = chunks.iter().map(|chunk| chunk.rows).sum();
        Ok(Self {
            path: path.to_owned(),
            fingerprint: head.fingerprint,
            expected: None,
            header: head.header,
            file,
            chunks,
            matching: AtomicU64::new(0),
            rows: AtomicU64::new(rows),
            end: Mutex::new(end),
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
        match self.header.test_key == test_key {
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
        let index = self.chunks.binary_search_by_key(&number, |c| c.number);
        let Some(found) = index.ok().and_then(|index| self.chunks.get(index)) else {
            return Ok(None);
        };
        let read = Chunk::read(&self.file, &self.header, found.offset)
            .and_then(|chunk| chunk.ok_or_else(|| io::Error::other("another program wrote to it")));
        let (chunk, _) = read.on_path(IoAction::Read, &self.path)?;
        Ok(Some(chunk))
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

    /// Appends a chunk, unless a list has changed: the checkpoint must not hold keys of rows that
    /// the list will no longer have after the change is undone.
    ///
    /// # Errors
    ///
    /// [`Changed`](crate::input::Changed), or a full disk. The chunk is then removed again, as far
    /// as possible.
    pub fn add(&self, chunk: &Chunk) -> Result<(), BuildError> {
        self.lists.refuse_changed()?;
        let bytes = chunk.to_bytes(&self.header);
        let appended = bytes.and_then(|bytes| lock(&self.end).append(&bytes));
        appended.on_path(IoAction::Write, &self.path)?;
        self.rows.fetch_add(chunk.rows, Ordering::Relaxed);
        Ok(())
    }

    /// Syncs the file after the last chunk.
    pub fn sync(&self) -> Result<(), BuildError> {
        let synced = lock(&self.end).file.sync_data();
        Ok(synced.on_path(IoAction::Write, &self.path)?)
    }

    /// Refuses chunks that matched no batch. Call it after all rows were read.
    pub fn refuse_left_over(&self) -> Result<(), Mismatch> {
        if self.matching.load(Ordering::Relaxed) == self.chunks.len() as u64 {
            Ok(())
        } else {
            Err(self.mismatch(None))
        }
    }
}

impl End {
    fn truncate(path: &Path, length: u64) -> io::Result<Self> {
        OpenOptions::new().write(true).open(path)?.set_len(length)?;
        Ok(Self {
            file: OpenOptions::new().append(true).open(path)?,
            length,
            synced: Instant::now(),
        })
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Err(error) = self.file.write_all(bytes) {
            // A reader skips what cannot be truncated now.
            let _ = self.file.set_len(self.length);
            return Err(error);
        }
        self.length += bytes.len() as u64;
        if self.synced.elapsed() >= SYNC_EVERY {
            self.file.sync_data()?;
            self.synced = Instant::now();
        }
        Ok(())
    }
}
