//! The report of `cek-nik audit`.

pub mod figures;
pub mod text;
mod wording;
