//! A good site, and a NIK in both of its lists.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cek_nik::catalogue::{Catalogue, Dataset};
use cek_nik::check::{Checker, FetchError, Outcome, Source};
use cek_nik::identifier::Identifier;
use cek_nik::nik::Nik;
use cek_nik::prefix::Prefix;
use cek_nik_reader::catalogue_file::CatalogueFile;
use serde_json::Value;

/// The site of a test vector.
pub static SITE: LazyLock<Site> = LazyLock::new(|| {
    let vector = include_str!("../../tests/vectors/good-both.json");
    let vector: Value = serde_json::from_str(vector).expect("a vector");
    let check = &vector["check"];
    let text = |name: &str| check[name].as_str().expect("a text").to_owned();
    let decode = |hex: &Value| {
        base16ct::lower::decode_vec(hex.as_str().expect("digits")).expect("an even number of them")
    };
    let files = check["files"].as_object().expect("files");
    let catalogue = CatalogueFile::parse(text("catalogue").as_bytes());
    Site {
        catalogue: catalogue.expect("a catalogue").into_catalogue(),
        catalogue_file: text("catalogue"),
        shards: files
            .iter()
            .map(|(name, hex)| (name.clone(), decode(hex)))
            .collect(),
        nik: Nik::parse(&text("nik")).expect("a NIK"),
    }
});

/// Site in memory.
pub struct Site {
    /// The catalogue.
    pub catalogue: Catalogue,
    /// The text of `catalogue.json`.
    pub catalogue_file: String,
    /// The shards, by path.
    shards: BTreeMap<String, Vec<u8>>,
    /// A NIK in both lists.
    pub nik: Nik,
}

impl Site {
    /// A shard, by its data set and prefix.
    pub fn get(&self, dataset: &Dataset, prefix: Prefix) -> Option<&[u8]> {
        let shard = self.shards.get(&dataset.shard_path(prefix));
        shard.map(Vec::as_slice)
    }
}

impl Source for Site {
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        let shard = self.get(dataset, prefix).ok_or(FetchError::NotFound)?;
        Ok(shard.to_vec())
    }
}

/// Checks the NIK by any catalogue and shards: it must be in each list, or not be checked.
pub fn check(catalogue: &Catalogue, shards: &impl Source) {
    // Keys of another derivation are those of other shards, and may take a second.
    if catalogue.kdf() != SITE.catalogue.kdf() {
        return;
    }
    let mut checker = Checker::new(catalogue).expect("memory");
    let identifier = Identifier::of_nik(&SITE.nik);
    for answer in pollster::block_on(checker.check(&identifier, shards)) {
        assert_ne!(answer.outcome, Outcome::NonMember, "{}", answer.dataset);
    }
}
