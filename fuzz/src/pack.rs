//! Bytes in place of a pack, or of a page with a pack inside.

use std::io::Cursor;

use cek_nik::catalogue::Dataset;
use cek_nik::check::{FetchError, Source};
use cek_nik::pack::{HEADER_BYTES, Header};
use cek_nik::prefix::Prefix;
use cek_nik_reader::pack_file::Pack;
use cek_nik_reader::page;
use sha2::{Digest, Sha256};

use super::site;

struct Packed<'a>(Pack<Cursor<&'a [u8]>>);

impl Source for Packed<'_> {
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        self.0.shard(dataset, prefix)
    }
}

/// Checks a NIK with the pack, as it is and with a digest that fits, so that the bytes behind the
/// digest are read as well.
pub fn run(bytes: &[u8]) -> bool {
    let (_, inside) = page::read(bytes).expect("in memory");
    let is_page = inside.is_ok_and(|pack| is_pack(&pack));
    let is_good = is_pack(bytes);
    let index = Header::read(bytes)
        .ok()
        .and_then(|header| bytes.get(HEADER_BYTES..HEADER_BYTES + header.index_bytes()));
    if let Some(index) = index {
        let mut fits = bytes.to_vec();
        fits[HEADER_BYTES - 32..HEADER_BYTES].copy_from_slice(&Sha256::digest(index));
        is_pack(&fits);
    }
    is_page || is_good
}

fn is_pack(bytes: &[u8]) -> bool {
    let Ok(pack) = Pack::open(Cursor::new(bytes)) else {
        return false;
    };
    assert_eq!(pack.length(), bytes.len() as u64);
    let file = pack.catalogue().expect("an open pack has a catalogue");
    let catalogue = file.into_catalogue();
    for dataset in catalogue.usable() {
        for prefix in dataset.prefix_bits().all().take(8) {
            let shard = pack.shard(dataset, prefix).expect("within the pack");
            assert_eq!(shard.len(), dataset.shard_bytes());
        }
    }
    site::check(&catalogue, &Packed(pack));
    true
}
