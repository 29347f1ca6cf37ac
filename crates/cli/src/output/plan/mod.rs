//! The report of `cek-nik plan`.

pub mod html;
pub mod json;
pub mod plot;
pub mod report;
pub mod text;
