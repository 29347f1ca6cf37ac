//! The report of `cek-nik audit`.

pub mod figures;
pub mod html;
pub mod json;
pub mod plot;
pub mod text;
