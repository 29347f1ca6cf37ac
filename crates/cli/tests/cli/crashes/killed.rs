//! A command that is killed at a system call, and then given once more.

use std::fmt::Debug;
use std::fs;

use super::moment::{Moment, is_killed_at};
use crate::desk::{Desk, Files, sample, well};

pub const SALT: &str = "00112233445566778899aabbccddeeff";

/// A command that publishes to a site with certain files, killed at each moment in turn and then
/// given once more.
pub struct Killed {
    pub desk: Desk,
    pub command: Vec<&'static str>,
    /// The site before the command.
    pub before: Files,
    /// The record of its lists before the command.
    record: Files,
    /// The site after it.
    pub after: Files,
    /// What lies on the desk after it.
    names: Vec<String>,
}

impl Killed {
    const BUILD: [&str; 10] = [
        "build", "--out", "site", "--id", "x", "--kdf", "sha256", "--salt", SALT, "list.txt",
    ];

    /// A build of `list.txt` into a site with the files that a site of `old.txt` gets.
    pub fn new(before: impl FnOnce(&Desk) -> Files) -> Self {
        Self::of(&Self::BUILD, before)
    }

    pub fn of(command: &[&'static str], before: impl FnOnce(&Desk) -> Files) -> Self {
        let desk = Desk::new();
        desk.write("list.txt", sample(50, 61));
        let before = before(&desk);
        let killed = Self {
            command: command.to_vec(),
            before,
            record: desk.files_if_any(".site.lists"),
            after: Files::new(),
            names: Vec::new(),
            desk,
        };
        killed.restore();
        well(&killed.desk.run(command));
        let after = killed.desk.files("site");
        let names = killed.desk.names();
        Self {
            after,
            names,
            ..killed
        }
    }

    /// Puts the site and the record of its lists back as they were before the command.
    pub fn restore(&self) {
        for directory in ["site", ".site.lists", ".site.keys"] {
            let directory = self.desk.0.path().join(directory);
            if directory.exists() {
                fs::remove_dir_all(&directory).expect("removed");
            }
        }
        fs::create_dir(self.desk.0.path().join("site")).expect("made");
        for (directory, files) in [("site", &self.before), (".site.lists", &self.record)] {
            for (name, content) in files {
                self.desk.write_in(&format!("{directory}/{name}"), content);
            }
        }
    }

    /// Kills the command at a moment, checks the site, and gives the command once more. `false`
    /// when there is no such moment.
    pub fn at(&self, moment: &Moment, check: impl Fn(&Files, &Moment)) -> bool {
        self.restore();
        if !is_killed_at(&self.desk, moment, &self.command) {
            return false;
        }
        let site = self.desk.files_if_any("site");
        assert_whole_files(&self.before, &self.after, &site, moment);
        check(&site, moment);
        let again = self.desk.run(&self.command);
        // A data set that was added or removed without a trace cannot be once more.
        let is_edit = ["add", "remove"].contains(&self.command[0]);
        let is_done = is_edit && site == self.after;
        assert!(again.status.success() || is_done, "{moment:?}: {again:?}");
        assert!(self.desk.files("site") == self.after, "{moment:?}");
        assert_eq!(self.desk.names(), self.names, "{moment:?}");
        true
    }

    pub fn is_new(&self, site: &Files) -> bool {
        site.get("catalogue.json") == self.after.get("catalogue.json")
    }
}

pub fn shards(site: &Files) -> Files {
    let shards = site.iter().filter(|(name, _)| name.ends_with(".cnk"));
    shards.map(|(n, c)| (n.clone(), c.clone())).collect()
}

pub fn pages(site: &Files) -> Files {
    let is_page = |name: &str| name != "catalogue.json" && !name.starts_with("data/");
    let pages = site.iter().filter(|(name, _)| is_page(name));
    pages.map(|(n, c)| (n.clone(), c.clone())).collect()
}

/// A site of another list, by this version.
pub fn other_edition(desk: &Desk) -> Files {
    let list = desk.0.path().with_extension("old.txt");
    fs::write(&list, sample(50, 62)).expect("written");
    let mut build = Killed::BUILD;
    build[9] = list.to_str().expect("a path");
    well(&desk.run(&build));
    fs::remove_file(&list).expect("removed");
    desk.files("site")
}

/// Every file is whole: that of an edition or the other, or a probe.
pub fn assert_whole_files(before: &Files, after: &Files, site: &Files, moment: &impl Debug) {
    for (name, content) in site {
        let is_whole = [before, after]
            .iter()
            .any(|files| files.get(name) == Some(content));
        let is_probe = name.ends_with("/.cek-nik.probe") || name == ".cek-nik.probe";
        assert!(is_whole || is_probe, "{moment:?}: {name}");
    }
}

/// The edition that the catalogue names is there and whole.
pub fn assert_answers(killed: &Killed, site: &Files, moment: &Moment) {
    assert_edition(&killed.before, &killed.after, site, moment);
}

/// The same, of two editions.
pub fn assert_edition(before: &Files, after: &Files, site: &Files, moment: &impl Debug) {
    let catalogue = site.get("catalogue.json");
    let edition = match catalogue == after.get("catalogue.json") {
        true => after,
        false => before,
    };
    assert!(catalogue == edition.get("catalogue.json"), "{moment:?}");
    for (name, shard) in shards(edition) {
        assert!(site.get(&name) == Some(&shard), "{moment:?}: {name}");
    }
}

/// Every file of the other data sets is there, and the edition that the catalogue names is whole.
pub fn assert_edited(killed: &Killed, site: &Files, moment: &Moment) {
    assert_answers(killed, site, moment);
    for (name, content) in &killed.before {
        if killed.after.contains_key(name) && name.ends_with(".cnk") {
            assert!(site.get(name) == Some(content), "{moment:?}: {name}");
        }
    }
}
