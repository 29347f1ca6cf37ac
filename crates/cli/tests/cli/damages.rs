//! Random damages of everything that readers and publishers open: sites, signatures, pages, packs,
//! public keys and key files. Each is refused, or answered as if it were whole.
//!
//! The same damages come each time. `make damages` tries [`ALL`] of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use cek_nik::check::{Answer, Checker, Outcome, Reason};
use cek_nik::identifier::Identifier;
use cek_nik::nik::{Date, Nik};
use cek_nik::signature::PublicKey;
use cek_nik_audit::verify;
use cek_nik_publisher::job::{Job, Silent};
use cek_nik_publisher::key_file::reader::KeyFile;
use cek_nik_publisher::pack;
use cek_nik_reader::site::Site;

use crate::desk::{Desk, Files, feed, sample, well};
use damage::Damager;

#[path = "../../../../tests/support/damage.rs"]
mod damage;

const ALL: usize = 10_000;
const FEW: usize = 400;
const SEED: u64 = 2026;
/// People of each list, and of none: together, they look at every shard.
const PEOPLE: usize = 6;
/// Longer than any of the damages takes on any computer.
const PATIENCE: Duration = Duration::from_secs(120);

const CATALOGUE: &str = "site/catalogue.json";
const SIGNATURE: &str = "site/catalogue.json.minisig";
const PASSWORD: &str = "kata sandi yang panjang\n";
/// A key pair that signs nothing but this test's site, which so is the same each time.
const SECRET_KEY: &str = "untrusted comment: cek-nik secret key\n\
    RWRTY0Iy9wonFy2jpSkdTCvUiC94LoPQAmsY3BeU6iaCSxJEwtYAABAAAAAAAAAAAAIAAAAAMn9Jbt742wtTd7e2udlUyxzP\
    2MQgDRoytU8/h67lW6eZUoRNGoe39fAm4eQ675XGkv8cebr9mpy12FJy89qnqygO3yryTn/tbowZ4Ldm7pq/3gfBitEH6oBW\
    vFIallJvzky1+HAS4cE=\n";
const PUBLIC_KEY: &str = "untrusted comment: minisign public key: 628310626D889DF5\n\
    RWT1nYhtYhCDYvKTqKDvliOWudOTL0YLXtCQH9Vnv85G/f3W0uyIEOJE\n";
const SALT: &str = "00112233445566778899aabbccddeeff";
const CATALOGUE_TOML: &str = "kdf = \"sha256\"\nvalid_days = 30\n\
    [[dataset]]\nid = \"pecah\"\ninputs = [\"pecah.txt\"]\nprefix_bits = 2\n\
    [[dataset]]\nid = \"utuh\"\ninputs = [\"utuh.txt\"]\n";
const PACK: &str = "x.cnkpack";
const PAGE_WITH_PACK: &str = "x.html";
const KEYS: &str = "x.cnkkeys";

/// What is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Catalogue,
    Shard,
    Signature,
    Page,
    /// A file of the site that is missing, or another one in its place.
    OtherFile,
    Pack,
    PageWithPack,
    PublicKey,
    KeyFile,
}

const TARGETS: [Target; 9] = [
    Target::Catalogue,
    Target::Shard,
    Target::Signature,
    Target::Page,
    Target::OtherFile,
    Target::Pack,
    Target::PageWithPack,
    Target::PublicKey,
    Target::KeyFile,
];

/// What came of a damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    /// Nothing is answered from it.
    Refused,
    /// Some answers are missing, the others are right.
    Partly,
    /// Every answer is right.
    Right,
}

/// A signed site of two data sets with what is made of it, and another edition of it.
struct Whole {
    desk: Desk,
    files: Files,
    shards: Vec<String>,
    pages: Vec<String>,
    other_edition: Vec<Vec<u8>>,
    key: PublicKey,
    people: Vec<Identifier>,
    /// The right answers, by person.
    answers: Vec<Vec<Answer>>,
}

impl Whole {
    fn new() -> Self {
        let desk = Desk::new();
        build(&desk, "other", 90);
        let other_edition = desk.files("other").into_values().collect();
        let lists = build(&desk, "site", 91);
        desk.write("publisher.key", SECRET_KEY);
        desk.write("publisher.key.pub", PUBLIC_KEY);
        let sign = ["sign", "site", "--key", "publisher.key", "--password-stdin"];
        well(&feed(&mut desk.command(&sign), PASSWORD));
        well(&desk.run(&["pack", "site", "--out", PACK]));
        well(&desk.run(&["pack", "site", "--html", PAGE_WITH_PACK]));
        let keys = ["keys", "utuh.txt", "--salt", SALT];
        well(&desk.run(&[&keys[..], &["--kdf", "sha256", "--out", KEYS]].concat()));
        let files = desk.files("");
        let in_site = |name: &&String| name.starts_with("site/");
        let names = || files.keys().filter(in_site).cloned();
        let key = PublicKey::parse(PUBLIC_KEY).expect("a key");
        let strangers = sample(PEOPLE as u64, 99);
        let people = [&lists[0], &lists[1], &strangers].map(|list| {
            let people = list
                .lines()
                .take(PEOPLE)
                .map(|nik| Nik::parse(nik).expect("a NIK"));
            people
                .map(|nik| Identifier::of_nik(&nik))
                .collect::<Vec<_>>()
        });
        let mut whole = Self {
            shards: names().filter(|name| name.ends_with(".cnk")).collect(),
            pages: Vec::new(),
            other_edition,
            people: people.concat(),
            answers: Vec::new(),
            key,
            files,
            desk,
        };
        let verified = whole.verify_site().expect("a site");
        whole.pages = verified.pages.into_iter().map(|page| page.file).collect();
        whole.answers = whole.ask("site", None).expect("answers");
        let outcomes = whole
            .answers
            .iter()
            .map(|answers| [0, 1].map(|i| answers[i].outcome));
        let (yes, no) = (Outcome::Member, Outcome::NonMember);
        let right = [[yes, no], [no, yes], [no, no]].map(|answers| [answers; PEOPLE]);
        assert!(outcomes.eq(right.concat()));
        whole
    }

    fn path(&self, name: &str) -> PathBuf {
        self.desk.0.path().join(name)
    }

    /// Asks as `check` does, with a pinned key or without.
    fn ask(&self, name: &str, key: Option<&PublicKey>) -> Result<Vec<Vec<Answer>>, Reason> {
        let site = Site::local(self.path(name));
        let file = match key {
            Some(key) => site.signed_catalogue(key)?,
            None => site.catalogue()?,
        };
        if key.is_some() {
            // It is the one that was signed.
            assert!(site.catalogue_file()? == self.files[CATALOGUE], "{name}");
        }
        let catalogue = file.catalogue();
        catalogue.usable_age(today())?;
        let mut checker = Checker::new(catalogue)?.keeping_whole_sets();
        // A damaged cost of keys may be a hundred times that of the others.
        let people = match catalogue.kdf() {
            cek_nik::key::Kdf::Sha256 => &self.people[..],
            _ => &self.people[..1],
        };
        let answers = people
            .iter()
            .map(|one| pollster::block_on(checker.check(one, &site)));
        Ok(answers.collect())
    }

    /// Asks with the key and without it. No answer may be wrong.
    fn judge(&self, name: &str, case: &str) -> [Effect; 2] {
        let [signed, unsigned] = [Some(&self.key), None].map(|key| self.effect(name, key, case));
        // A signature refuses more, never less.
        assert!(signed <= unsigned, "{case}: {signed:?}, {unsigned:?}");
        [signed, unsigned]
    }

    fn effect(&self, name: &str, key: Option<&PublicKey>, case: &str) -> Effect {
        let Ok(found) = self.ask(name, key) else {
            return Effect::Refused;
        };
        let mut missing = false;
        for (answers, right) in found.iter().zip(&self.answers) {
            missing |= answers.len() < right.len();
            for answer in answers {
                let is_unknown = matches!(answer.outcome, Outcome::Unknown(_));
                missing |= is_unknown;
                let right = right.iter().find(|right| right.dataset == answer.dataset);
                let is_right = right.is_some_and(|right| match key {
                    Some(_) => right == answer,
                    // The certainty comes from numbers that only a signature vouches for.
                    None => right.outcome == answer.outcome,
                });
                assert!(
                    is_right || is_unknown,
                    "{case}: {answer:?} instead of {right:?}"
                );
            }
        }
        match missing {
            true => Effect::Partly,
            false => Effect::Right,
        }
    }

    fn verify_site(&self) -> Result<verify::Verification, verify::error::VerifyError> {
        let stop = AtomicBool::new(false);
        let options = verify::Options {
            key: Some(&self.key),
            ..verify::Options::default()
        };
        verify::directory(&self.path("site"), &options, &job(&stop))
    }

    /// One damage, the same for the same state of the damager.
    fn damage(&self, number: usize, damager: &mut Damager) -> (Target, [Effect; 2]) {
        let target = TARGETS[number % TARGETS.len()];
        let others: Vec<&Vec<u8>> = self.files.values().collect();
        let other = *damager.choose(&others);
        let page = || self.pages.iter().map(|name| format!("site/{name}"));
        let name = match target {
            Target::Catalogue => CATALOGUE.to_owned(),
            Target::Signature => SIGNATURE.to_owned(),
            Target::Shard => damager.choose(&self.shards).clone(),
            Target::Page => damager.choose(&page().collect::<Vec<_>>()).clone(),
            Target::OtherFile => {
                let mut names = self.shards.clone();
                names.extend([CATALOGUE, SIGNATURE].map(str::to_owned));
                damager.choose(&names).clone()
            }
            Target::Pack => PACK.to_owned(),
            Target::PageWithPack => PAGE_WITH_PACK.to_owned(),
            Target::PublicKey => "publisher.key.pub".to_owned(),
            Target::KeyFile => KEYS.to_owned(),
        };
        let whole = &self.files[&name];
        let damaged = match target {
            Target::OtherFile => match damager.below(4) {
                0 => Vec::new(),
                1 => damager.choose(&self.other_edition).clone(),
                _ => other.clone(),
            },
            _ => damager.damage(whole, other),
        };
        let case = format!("damage {number}, {name}");
        if target == Target::PublicKey {
            return (target, [self.damaged_key(&damaged, &case), Effect::Right]);
        }
        let path = self.path(&name);
        match damaged.is_empty() && target == Target::OtherFile {
            true => fs::remove_file(&path).expect("removed"),
            false => fs::write(&path, &damaged).expect("written"),
        }
        let is_same = damaged == *whole;
        let effect = match target {
            Target::KeyFile => [verify_keys(&path); 2],
            Target::Pack | Target::PageWithPack => {
                let stop = AtomicBool::new(false);
                let verified = pack::verify::verify(&path, Some(&self.key), &job(&stop));
                if target == Target::Pack {
                    assert_eq!(verified.is_ok(), is_same, "{case}");
                }
                self.judge(&name, &case)
            }
            _ => {
                let effect = self.judge("site", &case);
                let is_found = self.is_found(&case, (target == Target::Page).then_some(is_same));
                assert!(is_found || effect == [Effect::Right; 2], "{case}");
                effect
            }
        };
        assert!(!is_same || effect == [Effect::Right; 2], "{case}");
        fs::write(&path, whole).expect("written");
        (target, effect)
    }

    /// Whether `verify` finds anything wrong. It must find each change of a page.
    fn is_found(&self, case: &str, is_page_same: Option<bool>) -> bool {
        let Ok(verified) = self.verify_site() else {
            return true;
        };
        let as_built = verified.pages.iter().filter(|page| page.as_built);
        let is_whole = as_built.count() == self.pages.len();
        assert!(is_page_same.is_none_or(|same| same == is_whole), "{case}");
        verified.harms_readers()
    }

    fn damaged_key(&self, damaged: &[u8], case: &str) -> Effect {
        let text = String::from_utf8_lossy(damaged);
        match PublicKey::parse(&text) {
            Ok(key) => {
                let effect = self.effect("site", Some(&key), case);
                assert!(key == self.key || effect == Effect::Refused, "{case}");
                effect
            }
            Err(_) => Effect::Refused,
        }
    }
}

fn today() -> Date {
    Date::new(2026, 5, 22).expect("a date")
}

fn job(stop: &AtomicBool) -> Job<'_> {
    Job {
        today: today(),
        progress: &Silent,
        stop,
        threads: 1,
        memory: 64 << 20,
    }
}

/// Builds a site of two lists, and gives the lists.
fn build(desk: &Desk, site: &str, seed: u64) -> [String; 2] {
    let lists = [sample(600, seed), sample(100, seed + 100)];
    desk.write("pecah.txt", &lists[0]);
    desk.write("utuh.txt", &lists[1]);
    desk.write(
        "catalogue.toml",
        format!("salt = \"{SALT}\"\n{CATALOGUE_TOML}"),
    );
    let build = ["build", "--out", site, "catalogue.toml"];
    well(&desk.run(&build));
    lists
}

/// A key file is used whole, or not at all.
fn verify_keys(path: &Path) -> Effect {
    let verified = KeyFile::open(path).is_ok_and(|file| file.verify().is_ok());
    match verified {
        true => Effect::Right,
        false => Effect::Refused,
    }
}

/// Tries so many damages, and prints what came of them. A damage that hangs is named.
fn campaign(damages: usize) {
    let (sender, receiver) = mpsc::channel();
    let worker = thread::spawn(move || {
        let whole = Whole::new();
        let mut damager = Damager::new(SEED);
        for number in 0..damages {
            sender
                .send(whole.damage(number, &mut damager))
                .expect("somebody listens");
        }
        whole
    });
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    let mut number = 0;
    loop {
        match receiver.recv_timeout(PATIENCE) {
            Ok((target, [signed, unsigned])) => {
                *counts.entry((target, true, signed)).or_default() += 1;
                *counts.entry((target, false, unsigned)).or_default() += 1;
            }
            Err(RecvTimeoutError::Timeout) => panic!("damage {number} hangs"),
            Err(RecvTimeoutError::Disconnected) => break,
        }
        number += 1;
    }
    let whole = worker.join().expect("no panic");
    assert_eq!(number, damages);
    assert!(whole.desk.files("") == whole.files);
    println!("refused, partly answered, rightly answered; with a pinned key, without one");
    for target in TARGETS {
        let effects = [Effect::Refused, Effect::Partly, Effect::Right];
        let [signed, unsigned] = [true, false].map(|key| {
            effects.map(|effect| {
                counts
                    .get(&(target, key, effect))
                    .copied()
                    .unwrap_or_default()
            })
        });
        println!("{target:?}: {signed:?}, {unsigned:?}");
        // A page takes no part in an answer.
        assert_eq!(
            signed[2] < damages / TARGETS.len(),
            target != Target::Page,
            "{target:?}"
        );
    }
}

#[test]
fn some_damages_cause_no_wrong_answer() {
    campaign(FEW);
}

#[test]
#[ignore = "takes minutes: make damages"]
fn damages_cause_no_wrong_answer() {
    campaign(ALL);
}

/// By design: nothing but a pinned key tells a whole site from another one.
#[test]
fn another_site_in_place_of_a_site_is_noticed_with_a_key_alone() {
    let whole = Whole::new();
    let answers = whole.ask("other", None).expect("answers");
    assert_eq!(answers[0][0].outcome, Outcome::NonMember);
    assert_eq!(whole.answers[0][0].outcome, Outcome::Member);
    assert!(whole.ask("other", Some(&whole.key)).is_err());
}
