//! Page with a pack inside, in base64 within one element.

use std::io::{self, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;
use sha2::{Digest, Sha256};

use cek_nik::merkle::Hash;
use cek_nik::pack::PackError;

/// The markup before the pack.
pub const START: &str = "<template id=\"pack\">";
/// The markup behind the pack.
pub const END: &str = "</template>";

/// The most bytes of all shards together in a page: 16 MiB. Browsers decode the whole page.
pub const MOST_SHARD_BYTES: u64 = 16 << 20;

/// The longest page with a pack, in bytes: 32 MiB. In base64, 16 MiB of shards and 4 MiB of
/// catalogue need less.
const MOST_BYTES: u64 = 32 << 20;

/// Page around a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageAround {
    /// The length, in bytes.
    pub bytes: u64,
    /// The SHA-256 of the page.
    pub sha256: Hash,
    /// The SHA-256 of the page without the pack: that of the published page.
    pub empty_sha256: Hash,
}

/// Reads a whole page, and extracts the pack.
///
/// # Errors
///
/// All errors of the reader. The inner errors are [`PackError::NotAPack`] for a page without a
/// pack, [`PackError::WrongLength`] for one that ends within it, and [`PackError::Damaged`] for bad
/// base64.
pub fn read(page: impl Read) -> io::Result<(PageAround, Result<Vec<u8>, PackError>)> {
    let mut bytes = Vec::new();
    page.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    // Without a pack, the page is all there is.
    let [before, _, behind] = split(&bytes).unwrap_or([&bytes, &[], &[]]);
    let empty = Sha256::new().chain_update(before).chain_update(behind);
    let around = PageAround {
        bytes: bytes.len() as u64,
        sha256: Sha256::digest(&bytes).into(),
        empty_sha256: empty.finalize().into(),
    };
    Ok((around, decode(&bytes)))
}

fn decode(page: &[u8]) -> Result<Vec<u8>, PackError> {
    if page.len() as u64 > MOST_BYTES {
        return Err(PackError::NotAPack);
    }
    let [_, text, _] = split(page)?;
    if text.is_empty() {
        return Err(PackError::NotAPack);
    }
    STANDARD.decode(text).map_err(|_| PackError::Damaged)
}

/// The page before the base64, the base64, and the page behind it.
fn split(page: &[u8]) -> Result<[&[u8]; 3], PackError> {
    let start = memmem::find(page, START.as_bytes()).ok_or(PackError::NotAPack)? + START.len();
    let (before, rest) = page.split_at(start);
    let length = memmem::find(rest, END.as_bytes()).ok_or(PackError::WrongLength)?;
    let (base64, behind) = rest.split_at(length);
    Ok([before, base64, behind])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(page: &str) -> Result<Vec<u8>, PackError> {
        read(page.as_bytes()).unwrap().1
    }

    #[test]
    fn a_pack_is_found_anywhere_in_the_page() {
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
