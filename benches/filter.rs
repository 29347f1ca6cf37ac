//! False-positive rate of a filter: as measured for ours, and for the textbook form of enhanced
//! double hashing, which reduces the values to the size of the filter first.
//!
//! Small lists need very low rates, since few members are compared with a whole population. The
//! textbook form does not reach them.

use cek_nik::filter::{Bloom, FilterHash};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

const ASKED: u64 = 400_000_000;

fn main() {
    println!(
        "keys in list   promised       ours   textbook   \
         (false positives per billion, {ASKED} keys asked)"
    );
    for (keys, rate) in [
        (100, 3.5e-9),
        (1_000, 3.5e-8),
        (10_000, 3.5e-7),
        (100_000, 3.5e-6),
    ] {
        let hashes = (-f64::log2(rate)).round();
        let size = -hashes * f64::from(keys) / f64::ln(1.0 - rate.powf(1.0 / hashes));
        let bits = (size / 8.0).ceil() as u64 * 8;
        let bloom = Bloom::new(bits, hashes as u8).expect("a filter within the limits");
        let ours = measure(bloom, keys, |hash| bloom.places(&FilterHash(hash)));
        let textbook = measure(bloom, keys, |hash| reduced_first(bloom, hash));
        let per_billion = |count: u64| count as f64 * 1e9 / ASKED as f64;
        println!(
            "{keys:12} {:10.0} {:10.1} {:10.1}",
            rate * 1e9,
            per_billion(ours),
            per_billion(textbook)
        );
    }
}

/// Fills a filter with random keys and counts how many other random keys it holds.
fn measure<P: Iterator<Item = u64>>(
    bloom: Bloom,
    keys: u32,
    places: impl Fn([u8; 16]) -> P,
) -> u64 {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut draw = || {
        let mut hash = [0; 16];
        random.fill_bytes(&mut hash);
        hash
    };
    let mut filter = vec![false; bloom.bits() as usize];
    for _ in 0..keys {
        for place in places(draw()) {
            filter[place as usize] = true;
        }
    }
    (0..ASKED)
        .filter(|_| places(draw()).all(|place| filter[place as usize]))
        .count() as u64
}

fn reduced_first(bloom: Bloom, hash: [u8; 16]) -> impl Iterator<Item = u64> {
    let both = u128::from_le_bytes(hash);
    let size = bloom.bits();
    let mut value = both as u64 % size;
    let mut step = (both >> 64) as u64 % size;
    (1..=u64::from(bloom.hashes())).map(move |round| {
        let place = value;
        value = (value + step) % size;
        step = (step + round) % size;
        place
    })
}
