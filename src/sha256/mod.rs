//! SHA-256 of many salted NIKs: messages of one block each, in which only the digits differ.

use sha2::block_api::compress256;
use zeroize::Zeroizing;

use crate::nik::DIGITS;

#[cfg(target_arch = "x86_64")]
mod avx512;

/// Digest in the words of SHA-256. A digest in bytes has each word most significant byte first.
pub(crate) type Digest = [u32; 8];

/// The bytes of a message in front of the digits.
pub(crate) const START_BYTES: usize = 20;

const MESSAGE_BYTES: usize = START_BYTES + DIGITS;

/// The last word of a padded block: the length of the message in bits.
const MESSAGE_BITS: u32 = 8 * MESSAGE_BYTES as u32;

/// The first state of SHA-256 (FIPS 180-4, section 5.3.3).
const FIRST_STATE: Digest = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Calls a function with the digest of each message, in their order. A message is `start` and the
/// digits of a NIK, as [`crate::nik::NikBatch::digits`] has them.
pub(crate) fn digest_each(start: &[u8; START_BYTES], niks: &[u128], mut take: impl FnMut(Digest)) {
    #[cfg(target_arch = "x86_64")]
    let niks = match avx512::Lanes::detect() {
        Some(lanes) => lanes.digest_each(start, niks, &mut take),
        None => niks,
    };
    one_by_one(start, niks, &mut take);
}

fn one_by_one(start: &[u8; START_BYTES], niks: &[u128], take: &mut impl FnMut(Digest)) {
    let mut block = Zeroizing::new([0; 64]);
    let (message, padding) = block.split_at_mut(MESSAGE_BYTES);
    let (front, _) = message.split_at_mut(START_BYTES);
    front.copy_from_slice(start);
    if let [first, .., a, b, c, d] = padding {
        *first = 0x80;
        [*a, *b, *c, *d] = MESSAGE_BITS.to_be_bytes();
    }
    for digits in niks {
        let (_, rest) = block.split_at_mut(START_BYTES);
        let (text, _) = rest.split_at_mut(DIGITS);
        text.copy_from_slice(&digits.to_be_bytes());
        let mut state = FIRST_STATE;
        compress256(&mut state, core::slice::from_ref(&block));
        take(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest as _, Sha256};

    /// Whatever the processor: the machines of the tests have AVX-512 or not.
    #[test]
    fn digests_are_those_of_sha2() {
        // Full lanes, none, and some left over.
        for count in 0..70_u8 {
            let start = core::array::from_fn(|index| count.wrapping_mul(31) ^ index as u8);
            let spread =
                |nik: u8| u128::from(nik).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
            let niks: Vec<_> = (0..count)
                .map(|nik| spread(nik.wrapping_mul(count)))
                .collect();
            let expected = niks.iter().map(|digits| {
                let hash = Sha256::new()
                    .chain_update(start)
                    .chain_update(digits.to_be_bytes());
                let hash = hash.finalize();
                let (words, _) = hash.as_chunks();
                core::array::from_fn(|index| u32::from_be_bytes(words[index]))
            });
            let expected: Vec<Digest> = expected.collect();
            let mut digests = Vec::new();
            digest_each(&start, &niks, |digest| digests.push(digest));
            assert_eq!(digests, expected);
            digests.clear();
            one_by_one(&start, &niks, &mut |digest| digests.push(digest));
            assert_eq!(digests, expected);
        }
    }
}
