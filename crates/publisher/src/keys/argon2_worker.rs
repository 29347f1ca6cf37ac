//! Argon2 worker: one thread's key derivation, chunk by chunk, with a checkpoint after each.

use crate::checkpoint::chunk::Chunk;
use crate::checkpoint::file::Checkpoint;
use crate::error::BuildError;
use crate::input::stats::Place;
use crate::job::Event;
use crate::key_file::part::RowSum;
use crate::key_file::trailer::Counts;
use crate::partition::Record;
use crate::worker_group::WorkerGroup;
use cek_nik::identifier::Identifier;
use cek_nik::key::{Argon2Cost, KeyDeriver};

/// The fewest rows of a chunk. With these, the list id adds less than 1 % to the work.
const FEWEST_ROWS: u32 = 128;
/// The cost of a larger chunk, in KiB times passes: a few tenths of a second of one core. A stopped
/// build loses the chunks that it is working on.
const CHUNK_COST: u32 = 1 << 18;

/// About how many rows make a chunk: 128 at the default cost, which take two seconds of one core.
pub fn rows_of_a_chunk(cost: Argon2Cost) -> u32 {
    (CHUNK_COST / (cost.memory_kib() * cost.iterations())).max(FEWEST_ROWS)
}

/// The rows of the current batch, which get their keys together.
pub struct Argon2Worker<'a> {
    checkpoint: Option<&'a Checkpoint>,
    group: &'a WorkerGroup<'a>,
    identifiers: Vec<Identifier>,
    first: Option<Place>,
}

impl<'a> Argon2Worker<'a> {
    pub fn new(checkpoint: Option<&'a Checkpoint>, group: &'a WorkerGroup<'a>) -> Self {
        Self {
            checkpoint,
            group,
            identifiers: Vec::new(),
            first: None,
        }
    }

    /// Adds a row to the batch.
    pub fn push(&mut self, identifier: Identifier, location: Place) {
        self.first.get_or_insert(location);
        self.identifiers.push(identifier);
    }

    /// Ends a batch. Returns its different keys, from the checkpoint or newly derived and then
    /// added to the checkpoint.
    ///
    /// # Errors
    ///
    /// [`Mismatch`](crate::checkpoint::fingerprint::Mismatch) for a chunk of other rows, a full
    /// disk, [`Cancelled`](crate::job::Cancelled), or not enough memory.
    pub fn finish(
        &mut self,
        number: u32,
        deriver: &mut KeyDeriver,
    ) -> Result<Vec<Record>, BuildError> {
        let rows = self.identifiers.len() as u64;
        let first = self.first.take();
        let identifiers = std::mem::take(&mut self.identifiers);
        let Some(checkpoint) = self.checkpoint else {
            return self.derive(identifiers, deriver);
        };
        let sum = RowSum::of(&identifiers, checkpoint.fingerprint.keys.salt)?;
        if let Some(chunk) = checkpoint.chunk(number)? {
            self.group.check_cancelled()?;
            if chunk.rows != rows || chunk.list != sum.list_id(&Counts::of_rows(rows), deriver)? {
                return Err(checkpoint.mismatch(first).into());
            }
            checkpoint.count_match();
            self.group.progress().on(Event::Checked(rows));
            return Ok(chunk.keys);
        }
        if rows == 0 {
            return Ok(Vec::new());
        }
        let chunk = Chunk {
            number,
            rows,
            list: sum.list_id(&Counts::of_rows(rows), deriver)?,
            keys: self.derive(identifiers, deriver)?,
        };
        checkpoint.add(&chunk)?;
        Ok(chunk.keys)
    }

    /// Derives each different identifier once: a placeholder number can fill half of a list.
    fn derive(
        &self,
        mut identifiers: Vec<Identifier>,
        deriver: &mut KeyDeriver,
    ) -> Result<Vec<Record>, BuildError> {
        identifiers.sort_unstable_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
        let same = |a: &Identifier, b: &Identifier| a.as_bytes() == b.as_bytes();
        let mut keys = Vec::new();
        for repeated in identifiers.chunk_by(same) {
            let [identifier, ..] = repeated else {
                unreachable!("`chunk_by` gives no empty slices");
            };
            self.group.check_cancelled()?;
            let key = deriver.derive(identifier)?;
            keys.push(Record::of(&key));
            self.group
                .progress()
                .on(Event::Advance(repeated.len() as u64));
        }
        // The order of the rows would reveal more than their keys do.
        keys.sort_unstable();
        Ok(keys)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::job::{Progress, TestJob};
    use cek_nik::key::{Kdf, Salt};
    use cek_nik::nik::Nik;

    /// Counts the rows that got their keys, and the events.
    #[derive(Default)]
    struct Counter {
        rows: AtomicU64,
        keys: AtomicU64,
    }

    impl Progress for Counter {
        fn on(&self, event: Event) {
            if let Event::Advance(by) = event {
                self.rows.fetch_add(by, Ordering::Relaxed);
                self.keys.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn a_number_that_fills_a_chunk_is_stretched_once() {
        let counter = Counter::default();
        let test = TestJob::default();
        let job = test.job(&counter);
        let group = WorkerGroup::new(&job);
        let cost = Argon2Cost::new(8, 1, 1).unwrap();
        let mut deriver = KeyDeriver::new(Salt([7; 16]), Kdf::Argon2id(cost)).unwrap();
        let mut argon2_worker = Argon2Worker::new(None, &group);
        for line in 1..=100 {
            let nik = if line == 50 {
                "3201014107909002"
            } else {
                "3201014107909001"
            };
            let identifier = Identifier::of_nik(&Nik::parse(nik).unwrap());
            argon2_worker.push(identifier, Place { list: 0, line });
        }
        let keys = argon2_worker.finish(0, &mut deriver).unwrap();
        assert_eq!(keys.len(), 2);
        assert!(keys.is_sorted());
        assert_eq!(counter.rows.load(Ordering::Relaxed), 100);
        assert_eq!(counter.keys.load(Ordering::Relaxed), 2);
        assert!(argon2_worker.finish(1, &mut deriver).unwrap().is_empty());
    }

    #[test]
    fn chunks_are_small_for_dear_keys_and_large_for_cheap_ones() {
        let rows = |m, t| rows_of_a_chunk(Argon2Cost::new(m, t, 1).unwrap());
        assert_eq!(rows(19456, 2), 128);
        assert_eq!(rows(Argon2Cost::MAX_MEMORY_KIB, 8), 128);
        assert_eq!(rows(64, 1), 4096);
        assert_eq!(rows(8, 1), 32768);
    }
}
