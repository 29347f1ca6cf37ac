//! Content of a plan's report, for the terminal, JSON and the page.

use crate::output::number_format::number;
use crate::output::plan_summary;
use cek_nik::accuracy::POPULATION;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Argon2Cost, Kdf};
use cek_nik_publisher::plan::choice::Plan;
use cek_nik_publisher::plan::cost::{CoreSpeed, Cost, Enumeration};

/// A plan with its costs and risks.
pub struct Report {
    pub plan: Plan,
    /// What identifiers are made of.
    pub identifier: IdentifierKind,
    /// The requested key derivation.
    pub kdf: Kdf,
    /// The cost of Argon2id, also if SHA-256 is requested.
    pub cost: Argon2Cost,
    pub speed: CoreSpeed,
    /// The number of cores measured; `None` if the speed was given.
    pub measured_on: Option<usize>,
    pub name_words: u64,
    pub sha256: Cost,
    pub argon2id: Cost,
    /// Risks that `build` refuses: the stable name for programs, and the words for people.
    pub risks: Vec<(&'static str, String)>,
}

impl Report {
    /// The cost with the requested key derivation.
    pub fn requested_cost(&self) -> Cost {
        match self.kdf {
            Kdf::Sha256 => self.sha256,
            Kdf::Argon2id(_) => self.argon2id,
        }
    }

    /// The cost of trying everything, with the requested key derivation and identifiers.
    pub fn enumeration(&self) -> Enumeration {
        match self.identifier {
            IdentifierKind::Nik => self.requested_cost().enumerate,
            IdentifierKind::NikAndName => self.requested_cost().enumerate_name_locked,
        }
    }

    /// How to publish a plan for another population than `build` assumes.
    pub fn other_population(&self) -> Option<String> {
        (self.plan.constraints.population != POPULATION).then(|| {
            format!(
                "build assumes {} people, not {}, and may choose differently: to publish this \
                 plan, give it --prefix-bits {} and --fpr {}",
                number(POPULATION),
                number(self.plan.constraints.population),
                self.plan.chosen.prefix_bits.get(),
                self.plan.false_positive_rate
            )
        })
    }

    /// Properties that the publisher may not want, and risks that `build` refuses.
    pub fn warnings(&self) -> Vec<String> {
        let risks = self.risks.iter();
        plan_summary::warnings(&self.plan, self.words_tried())
            .into_iter()
            .map(str::to_owned)
            .chain(self.other_population())
            .chain(risks.map(|(_, risk)| format!("build will refuse this: {risk}")))
            .collect()
    }

    /// The first names tried with each NIK, under the name lock.
    pub fn words_tried(&self) -> Option<u64> {
        plan_summary::name_words(self.identifier, self.name_words)
    }

    /// Both key derivations with their costs, the requested one first.
    pub fn costs(&self) -> [(Kdf, Cost); 2] {
        let sha256 = (Kdf::Sha256, self.sha256);
        let argon2id = (Kdf::Argon2id(self.cost), self.argon2id);
        match self.kdf {
            Kdf::Sha256 => [sha256, argon2id],
            Kdf::Argon2id(_) => [argon2id, sha256],
        }
    }
}

/// Connection speeds in Mbit/s for which download times are shown: Lighthouse's "slow 4G", and an
/// ordinary one.
pub const LINES: [f64; 2] = [1.6, 20.0];

/// Seconds to download `bytes` at a speed in Mbit/s, without the time to the first byte.
pub fn seconds_on(bytes: u64, megabits: f64) -> f64 {
    bytes as f64 * 8.0 / (megabits * 1e6)
}
