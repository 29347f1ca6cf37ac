//! Content of a plan's report, for the terminal, JSON and the page.

use std::fmt;

use serde::Serialize;

use crate::output::number_format::{duration, number};
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
}

impl fmt::Display for BuildTimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_days = |days: f64| duration(24.0 * days);
        write!(
            f,
            "{} on this computer, {} on 10 like it, {} on 100",
            of_days(self.days_on_1_machine),
            of_days(self.days_on_10_machines),
            of_days(self.days_on_100_machines)
        )
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

    #[test]
    fn ten_machines_take_a_tenth_of_the_time() {
        let times = BuildTimes::of(2_400.0, 2);
        assert_eq!(
            times.to_string(),
            "50 days on this computer, 120 hours on 10 like it, 12 hours on 100"
        );
    }
}
