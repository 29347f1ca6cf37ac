//! A command that is killed at a system call, and then given once more.

use std::fs;
use std::process::Command;

use crate::desk::{Desk, Files, sample, well};

pub const SALT: &str = "00112233445566778899aabbccddeeff";

/// System calls that change what lies in a directory. Not every kind of processor has all of them.
const CHANGES: [&str; 8] = [
    "?rename",
    "?renameat",
    "?renameat2",
    "?unlink",
    "?unlinkat",
    "?rmdir",
    "?mkdir",
    "?mkdirat",
];

/// Which system call, and which of the calls of it.
pub type Moment = (&'static str, usize);

/// Runs a command, and kills it right before a system call; `false` when it ends well without so
/// many of them.
fn is_killed_at(desk: &Desk, (call, number): Moment, arguments: &[&str]) -> bool {
    let command = desk.command(arguments);
    let output = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e"])
        .arg(format!("trace={call}"))
        .arg("-e")
        .arg(format!("inject={call}:signal=KILL:when={number}"))
        .arg(command.get_program())
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", "1779321600")
        .current_dir(&desk.0)
        .output()
        .expect("this test needs strace");
    let killed = std::os::unix::process::ExitStatusExt::signal(&output.status) == Some(9);
    assert!(killed || output.status.success(), "{output:?}");
    killed
}

/// A command that publishes to a site with certain files, killed at each moment in turn and then
/// given once more.
pub struct Killed {
    desk: Desk,
    command: Vec<&'static str>,
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

    fn restore(&self) {
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

    /// Checks the site after each moment; says how many there were.
    pub fn at_every_moment(&self, check: impl Fn(&Files, Moment)) -> usize {
        let moments = |call| (1..).map(move |number| (call, number));
        CHANGES
            .into_iter()
            .map(|call| {
                let killed = moments(call).take_while(|&moment| self.is_killed_at(moment, &check));
                killed.count()
            })
            .sum()
    }

    fn is_killed_at(&self, moment: Moment, check: impl Fn(&Files, Moment)) -> bool {
        self.restore();
        if !is_killed_at(&self.desk, moment, &self.command) {
            return false;
        }
        let site = self.desk.files_if_any("site");
        for (name, content) in &site {
            let is_whole = [&self.before, &self.after]
                .iter()
                .any(|files| files.get(name) == Some(content));
            let is_probe = name.ends_with("/.cek-nik.probe") || name == ".cek-nik.probe";
            assert!(is_whole || is_probe, "{moment:?}: {name}");
        }
        check(&site, moment);
        let again = self.desk.run(&self.command);
        // Once a data set is gone without a trace, there is none to remove.
        let is_gone = self.command.first() == Some(&"remove") && site == self.after;
        assert!(again.status.success() || is_gone, "{moment:?}: {again:?}");
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

/// The edition that the catalogue names is there and whole.
pub fn assert_answers(killed: &Killed, site: &Files, moment: Moment) {
    let edition = match killed.is_new(site) {
        true => &killed.after,
        false => &killed.before,
    };
    let catalogue = "catalogue.json";
    assert!(site.get(catalogue) == edition.get(catalogue), "{moment:?}");
    for (name, shard) in shards(edition) {
        assert!(site.get(&name) == Some(&shard), "{moment:?}: {name}");
    }
}
