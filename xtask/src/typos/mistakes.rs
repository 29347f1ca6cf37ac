//! Typing errors in numbers.

use rand_chacha::ChaCha8Rng;

use crate::typos::population::below;

/// Kind of typing error.
#[derive(Clone, Copy)]
pub struct Typo {
    pub name: &'static str,
    pub make: fn(&mut [u8; 16], &mut ChaCha8Rng),
}

pub const TYPOS: [Typo; 3] = [
    Typo {
        name: "one wrong digit",
        make: one_wrong,
    },
    Typo {
        name: "neighbours swapped",
        make: swapped,
    },
    Typo {
        name: "two wrong digits",
        make: two_wrong,
    },
];

fn one_wrong(digits: &mut [u8; 16], random: &mut ChaCha8Rng) {
    let position = below(random, 16) as usize;
    replace(digits, position, random);
}

fn two_wrong(digits: &mut [u8; 16], random: &mut ChaCha8Rng) {
    let first = below(random, 16) as usize;
    let second = (first + 1 + below(random, 15) as usize) % 16;
    replace(digits, first, random);
    replace(digits, second, random);
}

/// Swaps two neighbours that differ: swapping equal ones changes nothing.
fn swapped(digits: &mut [u8; 16], random: &mut ChaCha8Rng) {
    let different: Vec<usize> = (1..16).filter(|&i| digits[i - 1] != digits[i]).collect();
    if !different.is_empty() {
        let right = different[below(random, different.len() as u64) as usize];
        digits.swap(right - 1, right);
    }
}

/// Replaces the digit at a position by another one.
pub fn replace(digits: &mut [u8; 16], position: usize, random: &mut ChaCha8Rng) {
    let old = u64::from(digits[position] - b'0');
    let new = (old + 1 + below(random, 9)) % 10;
    digits[position] = b'0' + new as u8;
}
