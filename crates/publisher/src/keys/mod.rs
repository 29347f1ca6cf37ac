//! The first pass: rows in, keys out.

pub mod argon2_worker;
pub mod derive_keys;
pub mod distinct_count;
pub mod speed;
