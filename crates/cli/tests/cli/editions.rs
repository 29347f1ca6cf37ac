//! Editions: their numbers, and what `check` says when they have expired.

use std::process::Output;

use serde_json::Value;

use crate::desk::{Desk, feed, well};

const MEMBER: &str = "3201014107909001";
const STRANGER: &str = "9471014107909999";

/// Noon on 2026-05-21 UTC, the day of the desk.
const PUBLISHED: u64 = 1_779_364_800;
const DAY: u64 = 86_400;

/// A desk with a description of two lists, valid for 30 days.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("list.txt", format!("{MEMBER}\n"));
    desk.write("more.txt", "3201014107909002\n");
    describe(&desk, "valid_days = 30");
    desk
}

fn describe(desk: &Desk, head: &str) {
    let dataset = "[[dataset]]\nid = \"list\"\ninputs = [\"list.txt\"]\n";
    let description = format!("argon2 = \"m=64,t=1,p=1\"\n{head}\n{dataset}");
    desk.write("catalogue.toml", description);
}

fn on_day(desk: &Desk, day: u64, arguments: &[&str]) -> Output {
    let mut command = desk.command(arguments);
    let now = (PUBLISHED + day * DAY).to_string();
    command
        .env("SOURCE_DATE_EPOCH", now)
        .output()
        .expect("runs")
}

fn build(desk: &Desk, day: u64) {
    well(&on_day(
        desk,
        day,
        &["build", "--out", "site", "catalogue.toml"],
    ));
}

/// Edition number, publication and expiry.
fn edition(desk: &Desk) -> (Value, Value, Value) {
    let files = desk.files("site");
    let catalogue: Value = serde_json::from_slice(&files["catalogue.json"]).expect("JSON");
    let field = |name: &str| catalogue[name].clone();
    (field("edition"), field("published"), field("expires"))
}

fn numbered(number: u64, published: &str, expires: &str) -> (Value, Value, Value) {
    (number.into(), published.into(), expires.into())
}

#[test]
fn each_change_of_a_site_is_a_new_edition() {
    let desk = desk();
    build(&desk, 0);
    let first = numbered(1, "2026-05-21", "2026-06-20");
    assert_eq!(edition(&desk), first);
    build(&desk, 0);
    assert_eq!(edition(&desk), first, "nothing has changed");
    build(&desk, 1);
    assert_eq!(edition(&desk), numbered(2, "2026-05-22", "2026-06-21"));
    well(&on_day(&desk, 2, &["add", "site", "more.txt"]));
    assert_eq!(edition(&desk), numbered(3, "2026-05-23", "2026-06-22"));
    well(&on_day(&desk, 3, &["remove", "site", "more"]));
    let fourth = numbered(4, "2026-05-24", "2026-06-23");
    assert_eq!(edition(&desk), fourth);
    describe(&desk, "valid_days = 10");
    build(&desk, 3);
    assert_eq!(edition(&desk), numbered(5, "2026-05-24", "2026-06-03"));
    let list = [
        "build",
        "--argon2",
        "m=64,t=1,p=1",
        "--out",
        "site",
        "list.txt",
    ];
    well(&on_day(&desk, 4, &list));
    assert_eq!(edition(&desk), numbered(6, "2026-05-25", "2026-06-04"));
}

#[test]
fn a_site_without_an_expiry_stays_as_it_is_while_its_lists_do() {
    let desk = desk();
    describe(&desk, "");
    build(&desk, 0);
    let files = desk.files("site");
    assert_eq!(edition(&desk), (1.into(), Value::Null, Value::Null));
    build(&desk, 100);
    assert!(desk.files("site") == files, "the site has changed");
}

#[test]
fn a_site_from_before_editions_gets_the_first_number() {
    let desk = desk();
    describe(&desk, "");
    build(&desk, 0);
    let path = "site/catalogue.json";
    let files = desk.files("site");
    let catalogue = String::from_utf8(files["catalogue.json"].clone()).expect("text");
    desk.write(path, catalogue.replace("\"edition\": 1,\n  ", ""));
    assert_eq!(edition(&desk).0, Value::Null);
    build(&desk, 0);
    assert!(desk.files("site") == files, "the site has changed");
}

#[test]
fn a_period_that_is_no_number_of_days_is_refused() {
    for (days, words) in [
        ("0", "give 1 to 3650 days"),
        ("3651", "give 1 to 3650 days"),
        ("\"30\"", "expected u32"),
    ] {
        let desk = desk();
        describe(&desk, &format!("valid_days = {days}"));
        let output = desk.run(&["build", "--out", "site", "catalogue.toml"]);
        let message = crate::desk::message(&output);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(words), "{message}");
    }
}

fn check(desk: &Desk, site: &str, day: i64, options: &[&str]) -> (Option<i32>, String) {
    let mut command = desk.command(&["check", "--stdin", "--site", site]);
    let now = (PUBLISHED as i64 + day * DAY as i64).to_string();
    command.args(options).env("SOURCE_DATE_EPOCH", now);
    let output = feed(&mut command, &format!("{STRANGER}\n{MEMBER}\n"));
    let printed = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
    (output.status.code(), printed)
}

#[test]
fn an_expired_edition_answers_and_says_so_until_it_is_too_old() {
    let desk = desk();
    build(&desk, 0);
    well(&on_day(
        &desk,
        0,
        &["pack", "site", "--out", "leak.cnkpack"],
    ));
    for site in ["site", "leak.cnkpack"] {
        for (day, status, expired, answers) in [
            // A clock that is behind neither refuses nor answers by itself.
            (-10_000, 0, 0, 2),
            (0, 0, 0, 2),
            (30, 0, 0, 2),
            (31, 0, 2, 2),
            (60, 0, 2, 2),
            (61, 2, 0, 0),
            (100_000, 2, 0, 0),
        ] {
            let (found, printed) = check(&desk, site, day, &["--lang", "en"]);
            assert_eq!(found, Some(status), "{site}, {day}: {printed}");
            let said = printed.matches("valid until 2026-06-20").count();
            assert_eq!(said, expired, "{site}, {day}: {printed}");
            let answered =
                ["In the list", "Not in this list"].map(|words| printed.matches(words).count());
            assert_eq!(
                answered.iter().sum::<usize>(),
                answers,
                "{site}, {day}: {printed}"
            );
            let refused = printed.contains("expired too long ago");
            assert_eq!(refused, status == 2, "{site}, {day}: {printed}");
        }
        let (_, indonesian) = check(&desk, site, 61, &["--lang", "id"]);
        assert!(
            indonesian.contains("Belum bisa diperiksa. Masa berlaku"),
            "{indonesian}"
        );
    }
}

#[test]
fn programs_are_told_of_the_expiry_too() {
    let desk = desk();
    build(&desk, 0);
    let lines = |day| -> Vec<Value> {
        let (_, printed) = check(&desk, "site", day, &["--json"]);
        let lines = printed.lines().map(serde_json::from_str);
        lines.collect::<Result<_, _>>().expect("JSON")
    };
    for line in lines(30) {
        assert_eq!(line.get("expired"), None, "{line}");
    }
    for line in lines(31) {
        assert_eq!(line["expired"], "2026-06-20", "{line}");
    }
    for line in lines(61) {
        assert_eq!(line["reason"], "edition_too_old", "{line}");
    }
}
