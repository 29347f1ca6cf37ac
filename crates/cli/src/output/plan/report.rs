//! Content of a plan's report, for the terminal, JSON and the page.

use serde::Serialize;

use crate::output::plan_summary;
use crate::output::texts::Texts;
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

/// The days that deriving the keys of a list takes with all cores.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BuildTimes {
    days_on_1_machine: f64,
    days_on_10_machines: f64,
    days_on_100_machines: f64,
}

impl BuildTimes {
    fn of(core_hours: f64, cores: usize) -> Self {
        let days = core_hours / cores as f64 / 24.0;
        Self {
            days_on_1_machine: days,
            days_on_10_machines: days / 10.0,
            days_on_100_machines: days / 100.0,
        }
    }

    /// The times in words.
    pub fn words(self, texts: Texts) -> String {
        let of_days = |days: f64| texts.duration(24.0 * days);
        let values = [
            ("one", &*of_days(self.days_on_1_machine)),
            ("ten", &*of_days(self.days_on_10_machines)),
            ("hundred", &*of_days(self.days_on_100_machines)),
        ];
        texts.fill("/plan/build_times", &values)
    }
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
    pub fn other_population(&self, texts: Texts) -> Option<String> {
        (self.plan.constraints.population != POPULATION).then(|| {
            let values = [
                ("assumed", &*texts.number(POPULATION)),
                ("given", &*texts.number(self.plan.constraints.population)),
                ("bits", &*self.plan.chosen.prefix_bits.get().to_string()),
                ("fpr", &*self.plan.false_positive_rate.to_string()),
            ];
            texts.fill("/plan/warning/other_population", &values)
        })
    }

    /// Properties that the publisher may not want, and risks that `build` refuses.
    pub fn warnings(&self, texts: Texts) -> Vec<String> {
        let risks = self.risks.iter();
        let refused = |risk| texts.fill("/plan/warning/refused", &[("risk", risk)]);
        plan_summary::warnings(texts, &self.plan, self.words_tried())
            .into_iter()
            .map(str::to_owned)
            .chain(self.other_population(texts))
            .chain(risks.map(|(_, risk)| refused(risk)))
            .collect()
    }

    /// The first names tried with each NIK, under the name lock.
    pub fn words_tried(&self) -> Option<u64> {
        plan_summary::name_words(self.identifier, self.name_words)
    }

    /// The time for a build on computers like this one; `None` if the speed was given, for a
    /// computer whose cores are unknown.
    pub fn build_times(&self, cost: &Cost) -> Option<BuildTimes> {
        let cores = self.measured_on?;
        Some(BuildTimes::of(cost.build_core_hours, cores))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::texts::Language;

    #[test]
    fn ten_machines_take_a_tenth_of_the_time() {
        let times = BuildTimes::of(2_400.0, 2);
        assert_eq!(
            times.words(Texts::new(Language::En)),
            "50 days on this computer, 120 hours on 10 like it, 12 hours on 100"
        );
    }
}
