//! Bytes in place of `catalogue.json`, beside good shards.

use cek_nik::catalogue::{MAX_CHECK_BYTES, MAX_DATASETS, is_dataset_id};
use cek_nik_publisher::site::catalogue_document::CatalogueDocument;
use cek_nik_reader::catalogue_file::CatalogueFile;

use super::site::{self, SITE};
use super::today;

/// Reads the catalogue and checks a NIK by it. No path leaves the site, and no limit is exceeded.
pub fn run(bytes: &[u8]) -> bool {
    let Ok(file) = CatalogueFile::parse(bytes) else {
        return false;
    };
    let catalogue = file.catalogue();
    let datasets = catalogue.datasets();
    assert!((1..=MAX_DATASETS).contains(&datasets.len()));
    assert!(datasets.iter().all(|entry| is_dataset_id(&entry.id)));
    let check_bytes: usize = catalogue
        .usable()
        .map(|dataset| dataset.shard_bytes())
        .sum();
    assert!(check_bytes <= MAX_CHECK_BYTES);
    for dataset in catalogue.usable() {
        let path = dataset.shard_path(dataset.prefix_bits().prefix_of([0xff; 4]));
        let parts: Vec<&str> = path.split('/').collect();
        assert_eq!(parts.len(), 4, "{path:?}");
        assert!(parts[0] == "data" && parts[1] == dataset.id() && parts[3].ends_with(".cnk"));
    }
    assert_eq!(file.for_people().len(), datasets.len());
    let _ = CatalogueDocument::of(&file);
    let _ = catalogue.usable_age(today());
    assert!(catalogue.refuse_older(catalogue.edition()).is_ok());
    site::check(catalogue, &*SITE);
    true
}
