//! The file of the keys of one data set: read where they were made before, added to where they were not.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::chunk::{Chunk, Found, find_all};
use super::fingerprint::{Difference, Fingerprint, Mismatch};
use super::source_stamp::Lists;
use crate::error::BuildError;
use crate::input::stats::Place;
use crate::io_action::{IoAction, OnPath};
use cek_nik_reader::regular_file::open_regular;

/// How often what was written is forced onto the disk: about what a power cut costs.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// The keys of one data set. Any number of threads may use it at once.
pub struct Checkpoint {
    path: PathBuf,
    fingerprint: Fingerprint,
    file: File,
    /// What was there when the file was opened, by number.
    there: Vec<Found>,
    /// How many of these have been found to be of the same rows.
    fitting: AtomicU64,
    /// Rows of all chunks, also of those that were added.
    rows: AtomicU64,
    end: Mutex<End>,
    /// None before it is known of which rows keys are wanted.
    lists: Option<Lists>,
    expected: Option<u64>,
}

/// Where chunks are added.
struct End {
    file: File,
    length: u64,
    synced: Instant,
}

impl Checkpoint {
    /// Reads a file through, and cuts off what is no chunk at its end.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] where it does not begin as it should, or whatever the file system reports.
    pub fn open(path: &Path) -> Result<Self, BuildError> {
        let file = open_regular(path).on_path(IoAction::Read, path)?;
        let (fingerprint, start) = Fingerprint::read(&file)
            .on_path(IoAction::Read, path)?
            .map_err(|difference| Mismatch::new(path, difference))?;
        let (there, length) = find_all(&file, start).on_path(IoAction::Read, path)?;
        let end = End::cut(path, length).on_path(IoAction::Write, path)?;
        let rows = there.iter().map(|chunk| u64::from(chunk.rows)).sum();
        Ok(Self {
            path: path.to_owned(),
            fingerprint,
            file,
            there,
            fitting: AtomicU64::new(0),
            rows: AtomicU64::new(rows),
            end: Mutex::new(end),
            lists: None,
            expected: None,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Says of which lists keys are wanted, and of how many rows.
    pub fn expect(self, lists: Lists, rows: u64) -> Self {
        Self {
            lists: Some(lists),
            expected: Some(rows),
            ..self
        }
    }

    /// What all of them were made with.
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    /// Of how many rows there are keys.
    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Of how many rows keys are wanted, once that is known.
    pub fn expected(&self) -> Option<u64> {
        self.expected
    }

    /// The chunk of a batch, if it was there when the file was opened.
    ///
    /// # Errors
    ///
    /// Whatever the file system reports, or that the chunk has been damaged meanwhile.
    pub fn chunk(&self, number: u64) -> Result<Option<Chunk>, BuildError> {
        let Ok(place) = self.there.binary_search_by_key(&number, |c| c.number) else {
            return Ok(None);
        };
        let place = self.there.get(place).map_or(0, |found| found.place);
        let read = Chunk::read(&self.file, place).and_then(|chunk| {
            chunk.ok_or_else(|| io::Error::other("something else has written to it"))
        });
        let (chunk, _) = read.on_path(IoAction::Read, &self.path)?;
        Ok(Some(chunk))
    }

    /// A chunk of those that were there is of the same rows.
    pub fn fits(&self) {
        self.fitting.fetch_add(1, Ordering::Relaxed);
    }

    /// The error for a chunk that is not; `first` is where its rows begin now.
    pub fn unfit(&self, first: Option<Place>) -> Mismatch {
        let difference = match first {
            Some(Place { list, line }) => Difference::Rows {
                list: self.path_of(list).unwrap_or_default(),
                line,
            },
            None => Difference::FewerRows,
        };
        Mismatch::new(&self.path, difference)
    }

    fn path_of(&self, list: usize) -> Option<PathBuf> {
        self.lists.as_ref()?.path(list).map(Path::to_owned)
    }

    /// Adds a chunk, unless something has been written to a list by now: whatever was written before its rows were read is seen here, so that
    /// no chunk is kept of other rows than those that the list will have when it is put right.
    ///
    /// # Errors
    ///
    /// [`Changed`](crate::input::Changed), or whatever the file system reports; nothing of the chunk is then left, as far as that
    /// is possible.
    pub fn add(&self, chunk: &Chunk) -> Result<(), BuildError> {
        self.lists.as_ref().map_or(Ok(()), Lists::refuse_changed)?;
        let bytes = chunk.to_bytes();
        let mut end = self.end.lock().unwrap_or_else(|broken| broken.into_inner());
        end.add(&bytes).on_path(IoAction::Write, &self.path)?;
        self.rows
            .fetch_add(u64::from(chunk.rows), Ordering::Relaxed);
        Ok(())
    }

    /// Forces everything onto the disk, now that no more chunks come.
    ///
    /// # Errors
    ///
    /// Whatever the file system reports.
    pub fn sync(&self) -> Result<(), BuildError> {
        let end = self.end.lock().unwrap_or_else(|broken| broken.into_inner());
        end.file.sync_data().on_path(IoAction::Write, &self.path)?;
        Ok(())
    }

    /// Whether every chunk that was there has been found to be of the same rows; to be asked when all rows have been read.
    ///
    /// # Errors
    ///
    /// [`Mismatch`].
    pub fn refuse_left_over(&self) -> Result<(), Mismatch> {
        if self.fitting.load(Ordering::Relaxed) == self.there.len() as u64 {
            Ok(())
        } else {
            Err(self.unfit(None))
        }
    }
}

impl End {
    fn cut(path: &Path, length: u64) -> io::Result<Self> {
        OpenOptions::new().write(true).open(path)?.set_len(length)?;
        Ok(Self {
            file: OpenOptions::new().append(true).open(path)?,
            length,
            synced: Instant::now(),
        })
    }

    fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Err(error) = self.file.write_all(bytes) {
            // What cannot be cut off now is passed over by whoever reads the file.
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
