//! Random damage of bytes, the same for the same seed: what disks, transfers, editors and hands do
//! to files.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The most changes of one damage.
const MOST_CHANGES: usize = 6;

/// Source of damage.
pub struct Damager(ChaCha8Rng);

impl Damager {
    /// A source that always gives the same damages.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.0.next_u64() % end as u64) as usize
    }

    /// One of several.
    pub fn choose<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// Bytes with one to [`MOST_CHANGES`] changes, most often one. Some bring in a piece of
    /// `other`. A change may undo another.
    pub fn damage(&mut self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        let changes = match self.below(2) {
            0 => 1,
            _ => 1 + self.below(MOST_CHANGES),
        };
        for _ in 0..changes {
            self.change(&mut bytes, other);
        }
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(bytes.len() + 1);
        let end = bytes.len().min(at + 1 + self.length());
        let byte = self.0.next_u64() as u8;
        match self.below(10) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            3 => {
                let from = self.below(other.len() + 1);
                let piece = &other[from..other.len().min(from + 1 + self.length())];
                let end = bytes.len().min(at + piece.len());
                bytes.splice(at..end, piece.iter().copied());
            }
            4 => bytes.insert(at, byte),
            5 => bytes[at..end].fill([0, 0xff, b' ', b'0'][self.below(4)]),
            6 => bytes[at..end].reverse(),
            7 => bytes.extend((0..=self.length()).map(|index| byte.wrapping_mul(index as u8))),
            8 if at < bytes.len() => bytes[at] = byte,
            _ if at < bytes.len() => bytes[at] ^= 1 << (byte % 8),
            _ => {}
        }
    }

    /// A length, most often a short one.
    fn length(&mut self) -> usize {
        let most = 1 << self.below(9);
        self.below(most)
    }
}
