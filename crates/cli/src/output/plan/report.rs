//! What `cek-nik plan` says about a plan, however it is shown.

use crate::output::number_format::number;
use crate::output::plan_summary;
use cek_nik::accuracy::POPULATION;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Argon2Cost, Kdf};
use cek_nik_publisher::plan::choice::Plan;
use cek_nik_publisher::plan::cost::{CoreSpeed, Cost, Enumeration};

/// All that is said about a plan, however it is shown.
pub struct Report {
    pub plan: Plan,
    /// What identifiers are wished for.
    pub identifier: IdentifierKind,
    /// The key derivation that is wished for.
    pub kdf: Kdf,
    /// The cost of Argon2id, also where SHA-256 is wished for.
    pub cost: Argon2Cost,
    pub speed: CoreSpeed,
    /// How many cores were measured; none where the speed was given.
    pub measured_on: Option<usize>,
    pub name_words: u64,
    pub sha256: Cost,
    pub argon2id: Cost,
    /// What `build` would refuse: the stable name for programs, and the words for people.
    pub harms: Vec<(&'static str, String)>,
}

impl Report {
    /// With the key derivation that is wished for.
    pub fn price(&self) -> Cost {
        match self.kdf {
            Kdf::Sha256 => self.sha256,
            Kdf::Argon2id(_) => self.argon2id,
        }
    }

    /// With the key derivation and the identifiers that are wished for.
    pub fn enumeration(&self) -> Enumeration {
        match self.identifier {
            IdentifierKind::Nik => self.price().enumerate,
            IdentifierKind::NikAndName => self.price().enumerate_name_locked,
        }
    }

    /// How to publish a plan for another population than the one with which `build` reckons.
    pub fn other_population(&self) -> Option<String> {
        (self.plan.constraints.population != POPULATION).then(|| {
            format!(
                "build reckons with {} people, not with {}, and may choose otherwise by itself: to publish this plan, give it --prefix-bits {} \
                 and --fpr {}",
                number(POPULATION),
                number(self.plan.constraints.population),
                self.plan.chosen.prefix_bits.get(),
                self.plan.false_positive_rate
            )
        })
    }

    /// What the publisher should know, and may not want: also what `build` would refuse.
    pub fn warnings(&self) -> Vec<String> {
        let harms = self.harms.iter();
        plan_summary::warnings(&self.plan, self.words_tried())
            .into_iter()
            .map(str::to_owned)
            .chain(self.other_population())
            .chain(harms.map(|(_, harm)| format!("build will refuse this: {harm}")))
            .collect()
    }

    /// How many first words are tried with each NIK, where the name lock is wished for.
    pub fn words_tried(&self) -> Option<u64> {
        plan_summary::name_words(self.identifier, self.name_words)
    }

    /// Both derivations with their prices, the wished one first.
    pub fn prices(&self) -> [(Kdf, Cost); 2] {
        let sha256 = (Kdf::Sha256, self.sha256);
        let argon2id = (Kdf::Argon2id(self.cost), self.argon2id);
        match self.kdf {
            Kdf::Sha256 => [sha256, argon2id],
            Kdf::Argon2id(_) => [argon2id, sha256],
        }
    }
}

/// The lines on which times are shown, in Mbit/s: what Lighthouse simulates as "slow 4G", and an ordinary one.
pub const LINES: [f64; 2] = [1.6, 20.0];

/// Seconds that so many bytes take on a line of so many Mbit/s, without the time until the first byte.
pub fn seconds_on(bytes: u64, megabits: f64) -> f64 {
    bytes as f64 * 8.0 / (megabits * 1e6)
}
