//! Keys of nobody, to be looked up in every shard while it is read: how often they are found is the false-positive rate.

use anyhow::anyhow;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::identify::identifier;
use super::impossible;
use cek_nik::catalogue::Catalogue;
use cek_nik::filter::FilterHash;
use cek_nik::key::{Kdf, KeyDeriver, OutOfMemory};
use cek_nik::prefix::Prefix;

/// What the keys are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Of NIKs that cannot be real, as a client makes them.
    ImpossibleNiks,
    /// Of nothing: they are random bytes. Stretching a million NIKs would take hours, and what comes out of any key derivation is as good
    /// as random, or else no filter would keep its promise.
    RandomBytes,
}

impl Origin {
    /// The stable name, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::ImpossibleNiks => "impossible_niks",
            Self::RandomBytes => "random_bytes",
        }
    }
}

/// The first bytes of a key, which give the prefix, and those that give the places in the filter.
struct Probe {
    head: u32,
    hash: [u8; 16],
}

/// Keys in the order of their prefixes.
pub struct Probes {
    origin: Origin,
    sorted: Vec<Probe>,
}

impl Probes {
    /// Makes so many keys; the same ones for the same seed.
    ///
    /// # Errors
    ///
    /// None with SHA-256, and others are not derived here.
    pub fn new(catalogue: &Catalogue, count: u64, seed: u64) -> anyhow::Result<Self> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let (origin, mut sorted) = match catalogue.kdf() {
            Kdf::Sha256 => (
                Origin::ImpossibleNiks,
                derived(catalogue, count, &mut random)?,
            ),
            Kdf::Argon2id(_) => (Origin::RandomBytes, drawn(count, &mut random)),
        };
        sorted.sort_unstable_by_key(|probe| probe.head);
        Ok(Self { origin, sorted })
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.sorted.len() as u64
    }

    /// What they are made of.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Those with a prefix.
    pub fn of(&self, prefix: Prefix) -> impl Iterator<Item = FilterHash> {
        let rest = u32::BITS - u32::from(prefix.bits().get());
        let from = u64::from(prefix.value()) << rest;
        let to = from + (1 << rest);
        let start = self
            .sorted
            .partition_point(|probe| u64::from(probe.head) < from);
        self.sorted
            .iter()
            .skip(start)
            .take_while(move |probe| u64::from(probe.head) < to)
            .map(|probe| FilterHash::new(probe.hash))
    }
}

fn derived(catalogue: &Catalogue, count: u64, random: &mut impl Rng) -> anyhow::Result<Vec<Probe>> {
    let no_memory = |OutOfMemory| anyhow!("not enough memory to make keys");
    let mut deriver = KeyDeriver::new(catalogue.salt(), catalogue.kdf()).map_err(no_memory)?;
    (0..count)
        .map(|_| {
            let nik = impossible::draw(random);
            let key = deriver
                .derive(&identifier(catalogue.identifier(), &nik))
                .map_err(no_memory)?;
            Ok(Probe {
                head: u32::from_be_bytes(key.head()),
                hash: key.filter_hash().0,
            })
        })
        .collect()
}

fn drawn(count: u64, random: &mut impl Rng) -> Vec<Probe> {
    (0..count)
        .map(|_| {
            let mut hash = [0; 16];
            random.fill_bytes(&mut hash);
            Probe {
                head: random.next_u32(),
                hash,
            }
        })
        .collect()
}
