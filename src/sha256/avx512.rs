//! SHA-256 of sixteen messages at once, each in a lane of the vectors of AVX-512.
//!
//! On a processor that has both, this takes 0.36 times as long as the SHA extensions with one
//! message after the other. It is the only unsafe code of the crate: it converts between vectors
//! and arrays, and it calls instructions that not every processor has.

#![expect(
    unsafe_code,
    reason = "2.6 times as fast as sha2; a test compares the digests"
)]

use core::arch::x86_64::{
    __m512i, _mm512_add_epi32, _mm512_ror_epi32, _mm512_set1_epi32, _mm512_srli_epi32,
    _mm512_ternarylogic_epi32,
};
use core::array;
use core::mem::transmute;

use zeroize::Zeroizing;

use crate::nik::DIGITS;

use super::{Digest, FIRST_STATE, MESSAGE_BITS, START_BYTES};

const LANES: usize = 16;

const START_WORDS: usize = START_BYTES / 4;
const NIK_WORDS: usize = DIGITS / 4;

/// The same word of each message.
type Words = [u32; LANES];

/// The constants of the rounds (FIPS 180-4, section 4.2.2).
const ROUNDS: [[u32; 16]; 4] = [
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
        0x9bdc06a7, 0xc19bf174,
    ],
    [
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc,
        0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
        0x06ca6351, 0x14292967,
    ],
    [
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
        0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624,
        0xf40e3585, 0x106aa070,
    ],
    [
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
        0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb,
        0xbef9a3f7, 0xc67178f2,
    ],
];

cpufeatures::new!(processor, "avx512f");

/// A processor with AVX-512.
pub(super) struct Lanes(());

impl Lanes {
    pub(super) fn detect() -> Option<Self> {
        processor::get().then_some(Self(()))
    }

    /// [`super::digest_each`] for full lanes. Returns the remaining messages.
    #[expect(clippy::indexing_slicing, reason = "each word has that lane")]
    pub(super) fn digest_each<'a>(
        &self,
        start: &[u8; START_BYTES],
        niks: &'a [u128],
        take: &mut impl FnMut(Digest),
    ) -> &'a [u128] {
        let mut block = Zeroizing::new([[0; LANES]; 16]);
        let (front, _) = start.as_chunks();
        for (words, bytes) in block.iter_mut().zip(front) {
            *words = [u32::from_be_bytes(*bytes); LANES];
        }
        let padding = block.iter_mut().skip(START_WORDS + NIK_WORDS);
        for (words, word) in padding.zip([1 << 31, 0, 0, 0, 0, 0, MESSAGE_BITS]) {
            *words = [word; LANES];
        }
        let (groups, rest) = niks.as_chunks();
        for group in groups {
            for (index, words) in block
                .iter_mut()
                .skip(START_WORDS)
                .take(NIK_WORDS)
                .enumerate()
            {
                *words = group.map(|digits: u128| (digits >> (96 - 32 * index)) as u32);
            }
            // SAFETY: a value of this type exists only where the processor has AVX-512.
            let digests = unsafe { digests(&block) };
            for lane in 0..LANES {
                take(digests.map(|words| words[lane]));
            }
        }
        rest
    }
}

#[target_feature(enable = "avx512f")]
#[expect(clippy::indexing_slicing, reason = "all indices are below 16")]
fn digests(block: &[Words; 16]) -> [Words; 8] {
    let mut w = block.map(|words| to_vector(words));
    let first = FIRST_STATE.map(|word| splat(word));
    let mut state = first;
    for (round, constants) in ROUNDS.iter().enumerate() {
        for index in 0..16 {
            if round > 0 {
                let x = w[(index + 1) % 16];
                let y = w[(index + 14) % 16];
                let x = xor(rotate::<7>(x), rotate::<18>(x), _mm512_srli_epi32::<3>(x));
                let y = xor(rotate::<17>(y), rotate::<19>(y), _mm512_srli_epi32::<10>(y));
                w[index] = add(add(w[index], x), add(w[(index + 9) % 16], y));
            }
            let [a, b, c, d, e, f, g, h] = state;
            let sum = xor(rotate::<6>(e), rotate::<11>(e), rotate::<25>(e));
            let choice = _mm512_ternarylogic_epi32::<CHOICE>(e, f, g);
            let word = add(w[index], splat(constants[index]));
            let mixed = add(add(add(h, word), sum), choice);
            let sum = xor(rotate::<2>(a), rotate::<13>(a), rotate::<22>(a));
            let majority = _mm512_ternarylogic_epi32::<MAJORITY>(a, b, c);
            let top = add(mixed, add(sum, majority));
            state = [top, a, b, c, add(d, mixed), e, f, g];
        }
    }
    array::from_fn(|index| to_words(add(state[index], first[index])))
}

/// Truth tables of three bits.
const XOR: i32 = 0x96;
const CHOICE: i32 = 0xca;
const MAJORITY: i32 = 0xe8;

#[inline]
#[target_feature(enable = "avx512f")]
fn xor(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<XOR>(a, b, c)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn rotate<const BITS: i32>(a: __m512i) -> __m512i {
    _mm512_ror_epi32::<BITS>(a)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add(a: __m512i, b: __m512i) -> __m512i {
    _mm512_add_epi32(a, b)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn splat(word: u32) -> __m512i {
    _mm512_set1_epi32(word.cast_signed())
}

#[inline]
#[target_feature(enable = "avx512f")]
fn to_vector(words: Words) -> __m512i {
    // SAFETY: both are 64 bytes, and any bytes are a vector.
    unsafe { transmute::<Words, __m512i>(words) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn to_words(vector: __m512i) -> Words {
    // SAFETY: both are 64 bytes, and any bytes are words.
    unsafe { transmute::<__m512i, Words>(vector) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Full lanes, none, and some left over. Without AVX-512 the two are the same path.
        #[test]
        fn digests_are_those_of_the_safe_path(
            start: [u8; START_BYTES],
            niks in prop::collection::vec(any::<u128>(), 0..70),
        ) {
            let mut safe = Vec::new();
            super::super::one_by_one(&start, &niks, &mut |digest| safe.push(digest));
            let mut digests = Vec::new();
            super::super::digest_each(&start, &niks, |digest| digests.push(digest));
            prop_assert_eq!(digests, safe);
        }
    }
}
