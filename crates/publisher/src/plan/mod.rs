//! From one knob, certainty, to every parameter of a data set, and what each of them costs whom.
//!
//! A filter that is accurate for readers is as accurate for an attacker who tries all plausible
//! NIKs. So the publisher chooses how sure a reader who is told "in the list" may be, and no
//! accuracy beyond that is given away. `docs/PRIVACY.md` derives the formulas and names their sources.

pub mod accuracy;
pub mod anonymity_set;
pub mod choice;
pub mod cost;
pub mod lost_rows;
pub mod number_format;
pub mod risk;
pub mod size;
