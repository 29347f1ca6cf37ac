//! The fuzz targets on their seeds, and on seeds with random damage that is always the same.

use std::fs;
use std::path::Path;

#[path = "../../../tests/support/damage.rs"]
mod damage;
#[path = "../../../fuzz/src/lib.rs"]
mod fuzz;

use damage::Damager;

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Runs a target on the files of directories and on so many damaged ones. Some seeds must be
/// accepted and some of the others refused, or the target would look at nothing.
fn all(run: fn(&[u8]) -> bool, directories: &[&str], damages: usize) {
    let mut paths = Vec::new();
    for directory in directories {
        for entry in fs::read_dir(Path::new(REPOSITORY).join(directory)).unwrap() {
            paths.push(entry.unwrap().path());
        }
    }
    // Directories are read in any order.
    paths.sort();
    let seeds: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
    let accepted = seeds.iter().filter(|seed| run(seed)).count();
    assert!(accepted > 1, "{accepted} of {} seeds", seeds.len());
    let mut damager = Damager::new(19);
    let refused = (0..damages).filter(|_| {
        let seed = damager.choose(&seeds);
        let other = damager.choose(&seeds);
        !run(&damager.damage(seed, other))
    });
    assert!(refused.count() > damages / 10);
}

#[test]
fn address() {
    all(fuzz::address::run, &["fuzz/seeds/address"], 20_000);
}

#[test]
fn catalogue() {
    all(fuzz::catalogue::run, &["fuzz/seeds/catalogue"], 4_000);
}

#[test]
fn key_file() {
    all(fuzz::key_file::run, &["fuzz/seeds/key_file"], 4_000);
}

#[test]
fn lists() {
    let directories = ["crates/cli/tests/lists", "crates/publisher/tests/lists"];
    all(fuzz::lists::run, &directories, 200);
}

#[test]
fn name() {
    all(fuzz::name::run, &["fuzz/seeds/name"], 20_000);
}

#[test]
fn nik() {
    all(fuzz::nik::run, &["fuzz/seeds/nik"], 20_000);
}

#[test]
fn pack() {
    all(fuzz::pack::run, &["fuzz/seeds/pack"], 4_000);
}

#[test]
fn shard() {
    all(fuzz::shard::run, &["fuzz/seeds/shard"], 1_500);
}
