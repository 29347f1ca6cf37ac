//! Commands that are killed at each change of a directory leave the old edition or the new one.

use super::killed::{Killed, SALT, assert_answers, assert_edited, other_edition, pages, shards};
use super::moment::{DIRECTORIES, Moment};
use crate::desk::{Desk, Files, sample, well};

/// Checks the site after each change of a directory; says how many there were.
fn at_every_moment(killed: &Killed, check: impl Fn(&Files, &Moment)) -> usize {
    let all = |call| (1..).map(move |number| Moment::new(call, number));
    let killed_at = |call| all(call).take_while(|moment| killed.at(moment, &check));
    DIRECTORIES.iter().map(|call| killed_at(call).count()).sum()
}

#[test]
fn a_killed_build_of_the_same_version_changes_the_catalogue_and_no_page() {
    let killed = Killed::new(other_edition);
    let moments = at_every_moment(&killed, |site, moment| {
        assert_answers(&killed, site, moment);
        assert!(pages(site).keys().any(|name| name == "index.html"));
        for (name, content) in pages(site) {
            // The feed, which names the new edition, is moved in before the catalogue.
            if !name.ends_with(".probe") && name != "editions.atom" {
                assert!(killed.before.get(&name) == Some(&content), "{name}");
            }
        }
    });
    assert!(moments > 10, "{moments}");
}

#[test]
fn a_killed_build_of_another_version_has_all_its_pages_before_the_catalogue() {
    let killed = Killed::new(|desk| {
        let mut files = other_edition(desk);
        for (name, content) in &mut files {
            if name != "catalogue.json" && !name.starts_with("data/") {
                *content = format!("{name} of another version").into_bytes();
            }
        }
        files
    });
    let mut mixed = 0;
    let moments = {
        let mixed = std::cell::Cell::from_mut(&mut mixed);
        at_every_moment(&killed, |site, moment| {
            assert_answers(&killed, site, moment);
            let now: Files = pages(site)
                .into_iter()
                .filter(|(name, _)| !name.ends_with(".probe"))
                .collect();
            let is_new = now == pages(&killed.after);
            let is_old = now == pages(&killed.before);
            assert!(is_new || !killed.is_new(site), "{moment:?}");
            if !is_new && !is_old {
                mixed.set(mixed.get() + 1);
                // The list of hashes comes behind the pages that it names.
                for name in ["index.html", "cek-nik.html", "cek-nik-offline.html"] {
                    let is_new = |name| now[name] == killed.after[name];
                    assert!(!is_new("sw.js") || is_new(name), "{moment:?}: {name}");
                }
            }
        })
    };
    // What the guide says of these moments is true of some.
    assert!(moments > 20 && mixed > 5, "{moments}, {mixed}");
}

#[test]
fn a_killed_first_build_leaves_a_whole_site_or_none() {
    let killed = Killed::new(|_| Files::new());
    let moments = at_every_moment(&killed, |site, moment| {
        let is_empty = site.keys().all(|name| name == ".cek-nik.probe");
        assert!(is_empty || *site == killed.after, "{moment:?}");
    });
    assert!(moments > 5, "{moments}");
}

/// A site of two data sets, with keys so cheap that they take no time but are stretched.
fn two_datasets(desk: &Desk) -> Files {
    desk.write("first.txt", sample(50, 64));
    desk.write("second.txt", sample(60, 65));
    let build = ["build", "--out", "site", "--id", "first", "--salt", SALT];
    let cost = ["--argon2", "m=8,t=1,p=1", "first.txt"];
    well(&desk.run(&[&build[..], &cost].concat()));
    well(&desk.run(&["add", "site", "second.txt"]));
    desk.files("site")
}

#[test]
fn a_killed_addition_leaves_the_old_edition_or_the_new_one() {
    let killed = Killed::of(
        &["add", "site", "list.txt", "--date", "2021-05"],
        two_datasets,
    );
    assert_eq!(shards(&killed.after).len(), 3);
    let moments = at_every_moment(&killed, |site, moment| assert_edited(&killed, site, moment));
    assert!(moments > 20, "{moments}");
}

#[test]
fn a_killed_removal_leaves_the_old_edition_or_the_new_one_and_then_no_shard() {
    let killed = Killed::of(&["remove", "site", "first"], two_datasets);
    assert_eq!(shards(&killed.after).len(), 1);
    let moments = at_every_moment(&killed, |site, moment| assert_edited(&killed, site, moment));
    assert!(moments > 10, "{moments}");
}

#[test]
fn a_killed_build_of_an_unchanged_list_leaves_its_shards() {
    let build = [
        "build",
        "--out",
        "site",
        "--id",
        "x",
        "--argon2",
        "m=8,t=1,p=1",
        "list.txt",
    ];
    let killed = Killed::of(&build, |desk| {
        well(&desk.run(&build));
        desk.files("site")
    });
    assert!(killed.before == killed.after);
    let moments = at_every_moment(&killed, |site, moment| assert_edited(&killed, site, moment));
    assert!(moments > 5, "{moments}");
}
