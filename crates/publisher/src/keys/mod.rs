//! Key derivation: the first pass of a build, from rows to keys on disk.

mod argon2_worker;
pub(crate) mod derive_keys;
pub(crate) mod distinct_count;
pub mod speed;
#[cfg(test)]
mod tests;

pub use derive_keys::Keys;
