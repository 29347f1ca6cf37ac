//! Keys that take long to make, on all cores, each made once: a chunk of rows at a time, which is then kept.

use sha2::{Digest, Sha256};

use crate::checkpoint::chunk::Chunk;
use crate::checkpoint::file::Checkpoint;
use crate::error::BuildError;
use crate::input::stats::Place;
use crate::job::Event;
use crate::partition::Record;
use crate::worker_group::WorkerGroup;
use cek_nik::identifier::Identifier;
use cek_nik::key::{Argon2Cost, Key, KeyDeriver, OutOfMemory};

/// The fewest rows of a chunk. Its verifier costs one more key, that is less than one in a hundred.
const FEWEST_ROWS: u32 = 128;
/// What a chunk of more rows costs, in KiB of memory and passes: some tenths of a second of one core. A build that is stopped loses the
/// chunks that it is working on.
const CHUNK_COST: u32 = 1 << 18;

/// About how many rows make a chunk: 128 at the default cost, two seconds of one core.
pub fn rows_of_a_chunk(cost: Argon2Cost) -> u32 {
    (CHUNK_COST / (cost.memory_kib() * cost.iterations())).max(FEWEST_ROWS)
}

/// What one thread needs to make keys of one chunk after the other.
pub struct Argon2Worker<'a> {
    kept: Option<&'a Checkpoint>,
    watch: &'a WorkerGroup<'a>,
    identifiers: Vec<Identifier>,
    first: Option<Place>,
}

impl<'a> Argon2Worker<'a> {
    /// With no keys in hand.
    pub fn new(kept: Option<&'a Checkpoint>, watch: &'a WorkerGroup<'a>) -> Self {
        Self {
            kept,
            watch,
            identifiers: Vec::new(),
            first: None,
        }
    }

    /// One more row of the chunk.
    pub fn push(&mut self, identifier: Identifier, place: Place) {
        self.first.get_or_insert(place);
        self.identifiers.push(identifier);
    }

    /// The keys of the chunk that the rows of a batch make, each once: those that are kept of it, or new ones, which are then kept.
    ///
    /// # Errors
    ///
    /// Kept keys that are of other rows ([`crate::checkpoint::fingerprint::Mismatch`]), a full disk, [`crate::job::Cancelled`], or a derivation that fails.
    pub fn finish(
        &mut self,
        number: u64,
        deriver: &mut KeyDeriver,
    ) -> Result<Vec<Record>, BuildError> {
        // A batch has the bytes of `rows_of_a_chunk` rows at most, whatever a row is.
        let rows = self.identifiers.len() as u32;
        let first = self.first.take();
        let identifiers = std::mem::take(&mut self.identifiers);
        let Some(kept) = self.kept else {
            return self.derive(identifiers, deriver);
        };
        if let Some(chunk) = kept.chunk(number)? {
            self.watch.check_cancelled()?;
            if chunk.rows != rows || chunk.verifier != verifier(&identifiers, deriver)? {
                return Err(kept.unfit(first).into());
            }
            kept.fits();
            self.watch.progress().on(Event::Checked(rows.into()));
            return Ok(chunk.keys);
        }
        if rows == 0 {
            return Ok(Vec::new());
        }
        let chunk = Chunk {
            number,
            rows,
            verifier: verifier(&identifiers, deriver)?,
            keys: self.derive(identifiers, deriver)?,
        };
        kept.add(&chunk)?;
        Ok(chunk.keys)
    }

    /// A value that fills half of a list, as one does for people without a number, is not stretched again and again.
    fn derive(
        &self,
        mut identifiers: Vec<Identifier>,
        deriver: &mut KeyDeriver,
    ) -> Result<Vec<Record>, BuildError> {
        identifiers.sort_unstable_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
        let same = |a: &Identifier, b: &Identifier| a.as_bytes() == b.as_bytes();
        let mut keys = Vec::new();
        for repeated in identifiers.chunk_by(same) {
            let Some(identifier) = repeated.first() else {
                continue;
            };
            self.watch.check_cancelled()?;
            let key = deriver.derive(identifier).map_err(has_failed)?;
            keys.push(Record::of(&key));
            self.watch
                .progress()
                .on(Event::Advance(repeated.len() as u64));
        }
        // The order would tell something about the rows that the key of a number does not.
        keys.sort_unstable();
        Ok(keys)
    }
}

/// What the rows of a chunk are recognised by: the key of their hash, which costs whoever tries out rows as much as any key.
fn verifier(
    identifiers: &[Identifier],
    deriver: &mut KeyDeriver,
) -> Result<[u8; Key::LENGTH], BuildError> {
    let mut hash = Sha256::new();
    for identifier in identifiers {
        hash.update(identifier.as_bytes());
        hash.update(b"\n");
    }
    let mut password = *b"rows:................................";
    let (_, place) = password.split_at_mut(b"rows:".len());
    place.copy_from_slice(&hash.finalize());
    let key = deriver.derive_from(&password).map_err(has_failed)?;
    Ok(*key.as_bytes())
}

fn has_failed(OutOfMemory: OutOfMemory) -> BuildError {
    BuildError::OutOfMemory
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    use super::*;
    use crate::job::{Job, Progress};
    use cek_nik::key::{Kdf, Salt};
    use cek_nik::nik::Nik;

    /// How many rows have got their keys, and in how many steps.
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
        let job = Job {
            today: "2026-11-23".parse().unwrap(),
            progress: &counter,
            stop: &AtomicBool::new(false),
            threads: 1,
        };
        let watch = WorkerGroup::new(&job);
        let cost = Argon2Cost::new(8, 1, 1).unwrap();
        let mut deriver = KeyDeriver::new(Salt([7; 16]), Kdf::Argon2id(cost)).unwrap();
        let mut argon2_worker = Argon2Worker::new(None, &watch);
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
        assert_eq!(
            rows(Argon2Cost::MAX_MEMORY_KIB, Argon2Cost::MAX_ITERATIONS),
            128
        );
        assert_eq!(rows(64, 1), 4096);
        assert_eq!(rows(8, 1), 32768);
    }
}
