//! What the commands print.

pub mod audit;
pub mod columns;
pub mod failure;
pub mod hints;
pub mod list_report;
pub mod number_format;
pub mod plan;
pub mod plan_summary;
pub mod progress;
pub mod reading;
pub mod report;
pub mod sanitize;
pub mod texts;
pub mod verify;
