//! The cost of trying every plausible number against a site, for an attacker who wants the list.

use serde::Serialize;

use super::expected::candidates;
use cek_nik::catalogue::Catalogue;
use cek_nik::key::OutOfMemory;
use cek_nik_publisher::keys::speed;
use cek_nik_publisher::plan::accuracy::DEFAULT_NAME_WORDS;
use cek_nik_publisher::plan::cost::{Rent, core_hours};

/// The cost of making a key of every candidate. Looking them up comes on top.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Cost {
    /// Keys that one core of this computer makes in a second, all cores busy.
    pub keys_per_second_and_core: f64,
    /// Plausible NIKs, or pairs of a NIK and a first word of a name under a name lock.
    pub candidates: u64,
    /// Core-hours on this computer.
    pub core_hours: f64,
    /// The name of a graphics card that can be rented.
    pub gpu: &'static str,
    /// Hours of one such card.
    pub gpu_hours: f64,
    /// Their rent, in US dollars.
    pub dollars: f64,
}

impl Cost {
    /// Measures the speed of this computer on so many threads, which takes a second.
    ///
    /// # Errors
    ///
    /// Too little memory for a key on each thread.
    pub fn measure(catalogue: &Catalogue, threads: usize) -> Result<Self, OutOfMemory> {
        let keys_per_second = speed::keys_per_second(catalogue.kdf(), threads)?;
        Ok(Self::of(catalogue, keys_per_second))
    }

    /// Computes the cost at so many keys a second on each core.
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
