//! Commands that are killed at every system call that changes anything.
//!
//! The whole of it takes minutes, and is `make crashes`. A few moments of each command are tested
//! with all other tests.

use std::fs;

use super::killed::{Killed, SALT, assert_edited, other_edition};
use super::moment::{Moment, is_killed_at, moments, some};
use crate::desk::{Desk, Files, sample, well};

/// The moments that are tested each time, of each command.
const FEW: usize = 12;

/// Of all moments, these are tested.
type Choice = fn(Vec<Moment>) -> Vec<Moment>;

fn all(moments: Vec<Moment>) -> Vec<Moment> {
    assert!(moments.len() >= 200, "{}", moments.len());
    moments
}

fn few(moments: Vec<Moment>) -> Vec<Moment> {
    some(moments, FEW)
}

fn kill(killed: &Killed, choice: Choice, name: &str) {
    killed.restore();
    let moments = choice(moments(&killed.desk, &killed.command));
    let check = |site: &Files, moment: &Moment| assert_edited(killed, site, moment);
    for moment in &moments {
        assert!(killed.at(moment, check), "{name} has no {moment:?}");
    }
    println!("{name}: killed at {} moments", moments.len());
}

const BUILD: [&str; 11] = [
    "build",
    "--out",
    "site",
    "--id",
    "x",
    "--argon2",
    "m=8,t=1,p=1",
    "--salt",
    SALT,
    "--prefix-bits=1",
    "list.txt",
];

fn build(choice: Choice) {
    kill(&Killed::of(&BUILD, other_edition), choice, "build");
}

fn add(choice: Choice) {
    let add = ["add", "site", "list.txt", "--date", "2021-05"];
    kill(
        &Killed::of(&add, |desk| two_datasets(desk, "4")),
        choice,
        "add",
    );
}

fn remove(choice: Choice) {
    let remove = ["remove", "site", "first"];
    kill(
        &Killed::of(&remove, |desk| two_datasets(desk, "7")),
        choice,
        "remove",
    );
}

/// A site of two data sets, with prefixes of so many bits.
fn two_datasets(desk: &Desk, bits: &str) -> Files {
    desk.write("first.txt", sample(4_500, 64));
    desk.write("second.txt", sample(4_500, 65));
    let build = ["build", "--out", "site", "--id", "first", "--salt", SALT];
    let more = ["--kdf", "sha256", "--prefix-bits", bits, "first.txt"];
    well(&desk.run(&[&build[..], &more].concat()));
    well(&desk.run(&["add", "site", "second.txt"]));
    desk.files("site")
}

/// A pack under its name is the old one or the new one, whole, and the next run succeeds. What a
/// killed one leaves has another name.
fn pack(choice: Choice, option: &str, name: &str) {
    let desk = Desk::new();
    let path = desk.0.path().join(name);
    let make = |seed| {
        desk.write("list.txt", sample(9_000, seed));
        let build = ["build", "--out", "site", "--id", "x", "--salt", SALT];
        let more = ["--kdf", "sha256", "--prefix-bits", "8", "list.txt"];
        well(&desk.run(&[&build[..], &more].concat()));
    };
    let pack = ["pack", "site", option, name];
    make(66);
    well(&desk.run(&pack));
    let old = fs::read(&path).expect("readable");
    make(67);
    well(&desk.run(&pack));
    let new = fs::read(&path).expect("readable");
    assert!(old != new);
    let names = desk.names();
    for before in [None, Some(&old)] {
        let restore = || match before {
            Some(old) => fs::write(&path, old).expect("written"),
            None => fs::remove_file(&path).expect("removed"),
        };
        restore();
        let moments = choice(moments(&desk, &pack));
        for moment in &moments {
            restore();
            assert!(is_killed_at(&desk, moment, &pack), "{moment:?}");
            let killed = fs::read(&path).ok();
            let is_whole = killed.as_ref() == before || killed.as_ref() == Some(&new);
            assert!(is_whole, "{moment:?}");
            for left in desk.names() {
                let is_part = left.starts_with(&format!(".{name}.")) && left.ends_with(".part");
                assert!(is_part || names.contains(&left), "{moment:?}: {left}");
                if is_part {
                    fs::remove_file(desk.0.path().join(left)).expect("removed");
                }
            }
            well(&desk.run(&pack));
            assert!(fs::read(&path).expect("readable") == new, "{moment:?}");
        }
        println!("pack {option}: killed at {} moments", moments.len());
    }
}

#[test]
fn a_build_that_is_killed_at_some_calls_leaves_a_whole_site() {
    build(few);
}

#[test]
fn an_addition_that_is_killed_at_some_calls_leaves_a_whole_site() {
    add(few);
}

#[test]
fn a_removal_that_is_killed_at_some_calls_leaves_a_whole_site() {
    remove(few);
}

#[test]
fn packing_that_is_killed_at_some_calls_leaves_a_whole_pack() {
    pack(few, "--out", "x.cnkpack");
}

#[test]
#[ignore = "takes minutes: make crashes"]
fn a_build_that_is_killed_at_any_call_leaves_a_whole_site() {
    build(all);
}

#[test]
#[ignore = "takes minutes: make crashes"]
fn an_addition_that_is_killed_at_any_call_leaves_a_whole_site() {
    add(all);
}

#[test]
#[ignore = "takes minutes: make crashes"]
fn a_removal_that_is_killed_at_any_call_leaves_a_whole_site() {
    remove(all);
}

#[test]
#[ignore = "takes minutes: make crashes"]
fn packing_that_is_killed_at_any_call_leaves_a_whole_pack() {
    pack(all, "--out", "x.cnkpack");
    pack(all, "--html", "x.html");
}
