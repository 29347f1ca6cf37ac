//! Probes: keys that nobody has. The share of them that a shard seems to hold is its false-positive
//! rate.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::Serialize;

use cek_nik::catalogue::Catalogue;
use cek_nik::filter::FilterHash;
use cek_nik::identifier::{Identifier, IdentifierKind};
use cek_nik::key::{Kdf, KeyDeriver, OutOfMemory};
use cek_nik::name::NameWord;
use cek_nik::nik::Nik;
use cek_nik::prefix::Prefix;

mod impossible;

/// Origin of probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Impossible NIKs, derived as clients do.
    ImpossibleNiks,
    /// Random bytes. Stretching a million NIKs would take hours, and the keys of any derivation are
    /// as good as random, or no filter would keep its rate.
    RandomBytes,
}

/// Key of a probe: its first bytes, which give the prefix, and those that choose the bits in the
/// filter.
struct Probe {
    head: u32,
    hash: [u8; 16],
}

/// Probes, sorted by prefix.
pub struct Probes {
    origin: Origin,
    sorted: Vec<Probe>,
}

impl Probes {
    /// Makes `count` probes. The same seed gives the same probes.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`] never occurs: only SHA-256 keys are derived here, without memory.
    pub fn new(catalogue: &Catalogue, count: u64, seed: u64) -> Result<Self, OutOfMemory> {
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

    /// The origin of the probes.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The probes with a prefix.
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
            .map(|probe| FilterHash(probe.hash))
    }
}

/// The first word of a name in probes under a name lock. Any word gives the same measurement.
const FIRST_WORD: &str = "SITI";

fn derived(
    catalogue: &Catalogue,
    count: u64,
    random: &mut impl Rng,
) -> Result<Vec<Probe>, OutOfMemory> {
    let mut deriver = KeyDeriver::new(catalogue.salt(), catalogue.kdf())?;
    let kind = catalogue.identifier();
    #[expect(clippy::expect_used, reason = "it is a word, whatever is audited")]
    let word = NameWord::parse(FIRST_WORD).expect("a word");
    let identifier = |nik: &Nik| match kind {
        IdentifierKind::Nik => Identifier::of_nik(nik),
        IdentifierKind::NikAndName => Identifier::of_nik_and_name(nik, &word),
    };
    (0..count)
        .map(|_| {
            let nik = impossible::draw(random);
            let key = deriver.derive(&identifier(&nik))?;
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
