//! A page with a pack inside: the pack stands in base64 within one element of it.

use std::io::{self, Read};
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;
use sha2::{Digest, Sha256};

use cek_nik::merkle::Hash;
use cek_nik::pack::PackError;

/// What stands before the pack.
pub const START: &str = "<template id=\"pack\">";
/// What stands behind it.
pub const END: &str = "</template>";

/// The bytes of all shards together that a page may hold: 16 MiB. Every browser has to decode the
/// page whole.
pub const MOST_SHARD_BYTES: u64 = 16 << 20;

/// A longer file is no page with a pack inside: 32 MiB, since a third more than 16 MiB of shards
/// and 4 MiB of catalogue is less.
const MOST_BYTES: u64 = 32 << 20;

/// A page with a pack inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageAround {
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: Hash,
    /// The SHA-256 that it would have without the pack, as the page that is published.
    pub empty_sha256: Hash,
}

/// Reads a whole page, and takes the pack out of it.
///
/// # Errors
///
/// Whatever reading it reports; and for a page without a pack, [`PackError::NotAPack`], for one
/// that ends within it, [`PackError::WrongLength`], for what is no base64, [`PackError::Damaged`].
pub fn read(page: impl Read) -> io::Result<(PageAround, Result<Vec<u8>, PackError>)> {
    let mut bytes = Vec::new();
    page.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    let around = PageAround {
        bytes: bytes.len() as u64,
        sha256: Sha256::digest(&bytes).into(),
        empty_sha256: digest_without(place(&bytes).unwrap_or_default(), &bytes),
    };
    Ok((around, decode(&bytes)))
}

fn decode(page: &[u8]) -> Result<Vec<u8>, PackError> {
    if page.len() as u64 > MOST_BYTES {
        return Err(PackError::NotAPack);
    }
    let text = place(page).and_then(|place| page.get(place).ok_or(PackError::NotAPack))?;
    if text.is_empty() {
        return Err(PackError::NotAPack);
    }
    STANDARD.decode(text).map_err(|_| PackError::Damaged)
}

/// Where the base64 stands.
fn place(page: &[u8]) -> Result<Range<usize>, PackError> {
    let start = memmem::find(page, START.as_bytes()).ok_or(PackError::NotAPack)? + START.len();
    let rest = page.get(start..).unwrap_or_default();
    let length = memmem::find(rest, END.as_bytes()).ok_or(PackError::WrongLength)?;
    Ok(start..start + length)
}

fn digest_without(place: Range<usize>, page: &[u8]) -> Hash {
    Sha256::new()
        .chain_update(page.get(..place.start).unwrap_or_default())
        .chain_update(page.get(place.end..).unwrap_or_default())
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(page: &str) -> Result<Vec<u8>, PackError> {
        read(page.as_bytes()).unwrap().1
    }

    #[test]
    fn a_pack_is_found_wherever_it_stands() {
        let page = format!("<!doctype html>\n<p>{START}aGFsbw=={END}</p>{START}{END}");
        assert_eq!(pack(&page), Ok(b"halo".to_vec()));
    }

    #[test]
    fn every_other_page_has_its_reason() {
        for (page, error) in [
            ("".to_owned(), PackError::NotAPack),
            ("<!doctype html><p>Wi-Fi".to_owned(), PackError::NotAPack),
            (format!("{START}{END}"), PackError::NotAPack),
            (format!("{START}aGFsbw=="), PackError::WrongLength),
            (START.to_owned(), PackError::WrongLength),
            (format!("{START}aGFsbw{END}"), PackError::Damaged),
            (format!("{START}aGFs\nbw=={END}"), PackError::Damaged),
            (format!("{START}aGFsb_=={END}"), PackError::Damaged),
            (format!("{START}aGFsbx=={END}"), PackError::Damaged),
        ] {
            assert_eq!(pack(&page), Err(error), "{page}");
        }
    }

    #[test]
    fn a_page_that_is_too_long_is_none() {
        let page = format!("{START}aGFsbw=={END}");
        let of_length = |length: u64| page.clone() + &" ".repeat(length as usize - page.len());
        assert_eq!(pack(&of_length(MOST_BYTES)), Ok(b"halo".to_vec()));
        assert_eq!(pack(&of_length(MOST_BYTES + 1)), Err(PackError::NotAPack));
    }
}
