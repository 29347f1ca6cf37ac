//! Formats: compression, encodings and files other than text. Whatever a list is written in, it
//! leaves this folder as UTF-8 text with rows.

mod compound_file;
pub mod decode_error;
pub mod encoding;
pub mod foreign;
mod json_lines;
mod meter;
mod open;
#[cfg(feature = "parquet")]
mod parquet_file;
mod records;
mod workbook;

pub(super) use meter::Meter;
pub(super) use open::{Lines, Opened, open};
pub(super) use records::DELIMITER;
