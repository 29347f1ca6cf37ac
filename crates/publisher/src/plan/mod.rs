//! Plan of a data set: its parameters, derived from a target precision, with their costs and risks.
//!
//! A filter that is accurate for readers is as accurate for an enumerator, who tries all plausible
//! NIKs. So the publisher chooses how often an "in the list" answer must be true, and the filter is
//! no more accurate than that. `docs/PRIVACY.md` derives the formulas and names their sources.
//!
//! ```
//! use cek_nik_publisher::plan::choice::{BitsReason, Constraints, Plan};
//!
//! let plan = Plan::new(279_000_000, &Constraints::default())?;
//! assert_eq!(plan.chosen.prefix_bits.get(), 10);
//! assert_eq!(plan.bits_reason, BitsReason::FewestThatFit);
//! assert!(plan.chosen.shard_bytes <= 512 << 10);
//! # Ok::<(), cek_nik_publisher::plan::choice::PlanError>(())
//! ```

pub mod accuracy;
pub mod anonymity_set;
pub mod choice;
pub mod cost;
pub mod lost_rows;
pub mod number_format;
pub mod risk;
pub mod size;
