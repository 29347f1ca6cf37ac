//! Cost of trying every plausible number against a site, for an attacker who wants the list.

use serde::Serialize;

use super::expected::candidates;
use cek_nik::catalogue::Catalogue;
use cek_nik::key::OutOfMemory;
use cek_nik_publisher::keys::speed;
use cek_nik_publisher::plan::accuracy::DEFAULT_NAME_WORDS;
use cek_nik_publisher::plan::cost::{Rent, core_hours};

/// Cost of deriving the key of every candidate. Looking the keys up is extra.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Cost {
    /// Keys per second that one core of this computer derives, with all cores busy.
    pub keys_per_second_and_core: f64,
    /// The number of plausible NIKs, or of pairs of a NIK and a first word under a name lock.
    pub candidates: u64,
    /// Core-hours on this computer.
    pub core_hours: f64,
    /// The name of a rented graphics card.
    pub gpu: &'static str,
    /// Hours of one such card.
    pub gpu_hours: f64,
    /// Their rent, in US dollars.
    pub dollars: f64,
}

impl Cost {
    /// Measures the speed of this computer on so many threads, which takes a second, and computes
    /// the cost.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`] if the computer lacks the memory for a key on each thread.
    pub fn measure(catalogue: &Catalogue, threads: usize) -> Result<Self, OutOfMemory> {
        let keys_per_second = speed::keys_per_second(catalogue.kdf(), threads)?;
        Ok(Self::of(catalogue, keys_per_second))
    }

    /// Computes the cost at so many keys per second on each core.
    pub fn of(catalogue: &Catalogue, keys_per_second: f64) -> Self {
        let candidates = candidates(catalogue.identifier(), DEFAULT_NAME_WORDS);
        let rent = Rent::of(candidates, catalogue.kdf());
        Self {
            keys_per_second_and_core: keys_per_second,
            candidates,
            core_hours: core_hours(candidates, keys_per_second),
            gpu: rent.gpu.name,
            gpu_hours: rent.hours,
            dollars: rent.dollars,
        }
    }
}
