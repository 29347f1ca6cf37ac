//! Lists as people have them, through `plan --list`, `build` and a `check` of each person.
//!
//! `tests/lists/cases.json` says of each list who is in it, who must not be published, and what is
//! expected.

mod properties;
mod report;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use serde::Deserialize;

use crate::desk::{Desk, feed};

#[derive(Deserialize)]
struct Cases {
    /// Numbers, or numbers with names, by the name of the group.
    groups: BTreeMap<String, Vec<String>>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    list: String,
    expect: Expectation,
    /// The option that accepts what stops the build.
    flag: Option<String>,
    #[serde(default)]
    options: Vec<String>,
    /// The group of people who are in the list.
    people: Option<String>,
    /// The group of numbers that must never be published.
    strangers: Option<String>,
    /// Words of standard error.
    #[serde(default)]
    says: Vec<String>,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
enum Expectation {
    /// Everybody is found.
    #[serde(rename = "found")]
    Found,
    /// The build stops, and says why.
    #[serde(rename = "refused")]
    Refused,
    /// One of these.
    #[serde(rename = "found or refused")]
    FoundOrRefused,
    /// Something is said, whether the build stops or not.
    #[serde(rename = "warned")]
    Warned,
    /// Rows are rejected and named, whether the build stops or not.
    #[serde(rename = "rejected")]
    Rejected,
    /// The build stops unless an option accepts the harm.
    #[serde(rename = "needs a flag")]
    NeedsAFlag,
}

const SPEED: [&str; 2] = ["--core-speed", "20000000,60"];

impl Case {
    fn plan(&self, desk: &Desk) -> Output {
        let options = self.options.iter().map(String::as_str);
        let options: Vec<&str> = options
            .filter(|option| !option.starts_with("--accept"))
            .collect();
        desk.run(&[&["plan", "--list", &self.list][..], &SPEED, &options].concat())
    }

    fn build(&self, desk: &Desk, flag: Option<&str>) -> Output {
        let options: Vec<&str> = self
            .options
            .iter()
            .map(String::as_str)
            .chain(flag)
            .collect();
        let fixed = [
            "build", "--out", "site", "--id", "x", "--kdf", "sha256", &self.list,
        ];
        desk.run(&[&fixed[..], &options].concat())
    }

    /// Checks a case; the error says what is wrong.
    fn run(&self, groups: &BTreeMap<String, Vec<String>>) -> Result<(), String> {
        let desk = Desk::new();
        let list = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/lists")
            .join(&self.list);
        desk.write(&self.list, fs::read(list).expect("a list"));
        let plan = self.plan(&desk);
        let mut build = self.build(&desk, None);
        let text = format!("{}{}", stderr(&plan), stderr(&build));
        let built = build.status.success();
        let wrong = match self.expect {
            Expectation::Found if !built => "a good list is refused",
            Expectation::Refused | Expectation::NeedsAFlag if built => "a bad list is built",
            _ => "",
        };
        if !wrong.is_empty() {
            return Err(format!("{wrong}: {text}"));
        }
        for words in &self.says {
            if !stderr(&build).contains(words) {
                return Err(format!("does not say {words:?}: {text}"));
            }
        }
        // A build and a plan of the same list say the same about it.
        let header = |text: &str| text.contains("is read\n") || text.contains("error: ");
        if !header(&stderr(&plan)) || !header(&stderr(&build)) {
            return Err(format!("does not say how the list is read: {text}"));
        }
        if self.expect == Expectation::NeedsAFlag {
            build = self.build(&desk, self.flag.as_deref());
            if !build.status.success() {
                return Err(format!("the option does not help: {}", stderr(&build)));
            }
        }
        if !build.status.success() {
            return Ok(());
        }
        let group = |name: &Option<String>| name.as_ref().map(|name| groups[name].as_slice());
        let found = |people: &[String]| -> Vec<bool> {
            let lines = people.join("\n") + "\n";
            let command = ["check", "--site", "site", "--stdin", "--json"];
            let output = feed(&mut desk.command(&command), &lines);
            let answers = String::from_utf8(output.stdout).expect("text");
            answers
                .lines()
                .map(|line| line.contains("\"outcome\":\"member\""))
                .collect()
        };
        if let Some(people) = group(&self.people) {
            let found = found(people);
            let number = found.iter().filter(|found| **found).count();
            let all = matches!(
                self.expect,
                Expectation::Found | Expectation::FoundOrRefused
            );
            if all && number < people.len() {
                return Err(format!(
                    "{number} of {} people are found: {text}",
                    people.len()
                ));
            }
            if number == 0 {
                return Err(format!("nobody is found: {text}"));
            }
        }
        if let Some(strangers) = group(&self.strangers) {
            let published = found(strangers).iter().filter(|found| **found).count();
            if published > 0 {
                return Err(format!("{published} strangers are published: {text}"));
            }
        }
        Ok(())
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn everybody_is_found_or_the_publisher_is_told() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists/cases.json");
    let cases = fs::read_to_string(cases).expect("cases");
    let Cases { groups, cases } = serde_json::from_str(&cases).expect("cases");
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{}: {}", case.list, case.run(&groups).err()?)))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Columns are judged by the first rows; what happens behind these shows in the rows as a whole.
#[test]
fn harm_that_begins_behind_the_first_rows_stops_the_build() {
    let nik = |i: u64| format!("32010{}410780{}", 1 + i % 9, 9001 + i * 7 % 998);
    let mother = |i: u64| format!("32020{}410150{}", 1 + i % 9, 9001 + i % 998);
    let card = |i: u64| format!("320103010112{}", 9001 + i % 998);
    let clean = |i: u64| format!("BUDI,{},{},{}", mother(i), nik(i), card(i));
    let e15 = |i: u64| format!("BUDI,{},3.20101E+15,{}", mother(i), card(i));
    let rounded = |i: u64| format!("BUDI,{},{}0,{}", mother(i), &nik(i)[..15], card(i));
    let other_order = |i: u64| format!("{},{},BUDI,{}", nik(i), card(i), mother(i));
    let name_behind = |i: u64| format!("{},{},{},BUDI", mother(i), card(i), nik(i));
    let swapped = |i: u64| format!("BUDI,{},{},{}", mother(i), card(i), nik(i));
    type Row<'a> = &'a dyn Fn(u64) -> String;
    let tails: [(Row, u64, &str); 5] = [
        (&e15, 2_000, "2,000: a number as a spreadsheet writes it"),
        (&rounded, 2_000, "NIKs end in 0"),
        (&other_order, 600, "600: other characters than digits"),
        (&name_behind, 600, "600: fields in the wrong columns"),
        (&swapped, 600, "600: fields in the wrong columns"),
    ];
    for (tail, rows, says) in tails {
        let desk = Desk::new();
        let mut lines = vec!["NAMA,NIK_IBU,NIK,NO_KK".to_owned()];
        lines.extend((0..1_000).map(clean));
        lines.extend((1_000..1_000 + rows).map(tail));
        desk.write("list.csv", lines.join("\n"));
        let options = ["--out", "site", "--id", "x", "--kdf", "sha256", "list.csv"];
        let build = desk.run(&[&["build"][..], &options].concat());
        let text = stderr(&build);
        assert!(
            !build.status.success() && text.contains(says),
            "{says}: {text}"
        );
    }
}
