//! Bytes in place of a shard.

use cek_nik::catalogue::Dataset;
use cek_nik::check::{FetchError, Outcome, Source};
use cek_nik::filter::FilterHash;
use cek_nik::merkle;
use cek_nik::prefix::Prefix;
use cek_nik::shard::{self, Shard};
use cek_nik_reader::catalogue_file::CatalogueFile;

use super::site::{self, SITE};

struct Anywhere<'a>(&'a [u8]);

impl Source for Anywhere<'_> {
    async fn shard(&self, _: &Dataset, _: Prefix) -> Result<Vec<u8>, FetchError> {
        Ok(self.0.to_vec())
    }
}

/// Checks a NIK with the bytes in place of each shard. Then looks it up in the bytes as a filter,
/// which the root of a catalogue names.
pub fn run(bytes: &[u8]) -> bool {
    site::check(&SITE.catalogue, &Anywhere(bytes));
    let mut is_shard = false;
    for dataset in SITE.catalogue.usable() {
        for prefix in dataset.prefix_bits().all() {
            let is_good = SITE.get(dataset, prefix) == Some(bytes);
            assert_eq!(Shard::verify(bytes, dataset, prefix).is_ok(), is_good);
            is_shard |= is_good;
        }
        look_up(bytes, dataset);
    }
    is_shard
}

/// Makes a shard of the bytes, repeated as often as needed, and a root that fits.
fn look_up(bytes: &[u8], dataset: &Dataset) {
    let filter = dataset.filter();
    let prefix = dataset.prefix_bits().prefix_of([0x5a; 4]);
    let header = shard::header(dataset.binding(), filter, prefix);
    let content = bytes.iter().copied().chain(std::iter::repeat(0));
    let rest = dataset.shard_bytes() - header.len();
    let shard: Vec<u8> = header.into_iter().chain(content.take(rest)).collect();
    let (filled, path) = shard.split_at(header.len() + filter.bytes());
    let (siblings, _) = path.as_chunks();
    let root = merkle::root_from_path(merkle::leaf(&[filled]), prefix.value(), siblings);
    let hex = |root: &merkle::Hash| base16ct::lower::encode_string(root);
    let text = SITE
        .catalogue_file
        .replace(&hex(dataset.root()), &hex(&root));
    let catalogue = CatalogueFile::parse(text.as_bytes()).expect("a catalogue");
    let fits = catalogue
        .catalogue()
        .usable()
        .find(|other| other.id() == dataset.id());
    let fits = Shard::verify(&shard, fits.expect("the data set"), prefix).expect("it fits");
    let mut hash = FilterHash([0; 16]);
    for (to, from) in hash.0.iter_mut().zip(bytes.iter().rev()) {
        *to = *from;
    }
    let is_set = |place: u64| filled[header.len() + (place / 8) as usize] >> (place % 8) & 1 == 1;
    let expected = match filter.places(&hash).all(is_set) {
        true => Outcome::Member,
        false => Outcome::NonMember,
    };
    assert_eq!(fits.look_up(&hash), expected);
}
