//! `cek-nik check` against a directory: exit status as in grep, and never the number in what is
//! printed.

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::desk::{Desk, feed};

const MEMBER: &str = "3201014107909001";
const STRANGER: &str = "9471014107909999";

fn site() -> TempDir {
    site_of(&format!("{MEMBER}\n"), "nik")
}

fn name_locked_site() -> TempDir {
    site_of(
        &format!("NIK,NAMA\n{MEMBER},HJ. NUR'AINI CONTOH\n"),
        "nik+nama",
    )
}

fn site_of(list: &str, identifier: &str) -> TempDir {
    let desk = tempfile::tempdir().expect("a directory");
    fs::write(desk.path().join("list.csv"), list).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_cek-nik"))
        .args(["build", "--kdf", "sha256", "--identifier", identifier])
        .args(["--out", "site", "list.csv"])
        .env("SOURCE_DATE_EPOCH", "1779321600")
        .current_dir(&desk)
        .output()
        .expect("runs");
    assert!(output.status.success());
    desk
}

fn check(desk: &TempDir, input: &str, json: bool) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cek-nik"));
    command
        .args(["check", "--site", "site", "--stdin", "--lang", "en"])
        .args(json.then_some("--json"))
        .current_dir(desk);
    feed(&mut command, input)
}

#[test]
fn the_exit_status_says_what_was_found() {
    let desk = site();
    for (input, status) in [
        (MEMBER.to_owned(), 0),
        (STRANGER.to_owned(), 1),
        (format!("{STRANGER}\n{MEMBER}\n"), 0),
        (format!("{STRANGER}\n123\n"), 2),
        (format!("123\n{MEMBER}\n"), 0),
        ("\n".to_owned(), 2),
        (String::new(), 2),
    ] {
        for json in [false, true] {
            let output = check(&desk, &input, json);
            assert_eq!(output.status.code(), Some(status), "{input:?}");
            let printed = [output.stdout, output.stderr].concat();
            let printed = String::from_utf8_lossy(&printed);
            assert!(!printed.is_empty(), "{input:?}: nothing was said");
            assert!(
                !printed.contains(MEMBER) && !printed.contains(STRANGER),
                "{printed}"
            );
        }
    }
}

#[test]
fn a_name_locked_site_is_asked_with_both() {
    let desk = name_locked_site();
    for (input, status) in [
        (format!("{MEMBER},Nur\u{2019}aini\n"), 0),
        ("3201 0141 0790 9001;Dra. NURAINI Misal\n".to_owned(), 0),
        (format!("{MEMBER}\tnuraini\n"), 0),
        (format!("{MEMBER}|NURAINI, S.Pd.\r\n"), 0),
        (format!("{MEMBER};NURAINI, S.Pd., M.Pd.\n"), 0),
        (format!("{MEMBER}\tNURAINI\t\r\n"), 0),
        (format!("{MEMBER},AINI\n"), 1),
        (format!("{STRANGER},NURAINI\n"), 1),
        (format!("{MEMBER}\n"), 2),
        (format!("{MEMBER},\n"), 2),
        (format!("{MEMBER},Hj. N.\n"), 2),
        (format!("{MEMBER},,NURAINI\n"), 2),
        (format!("{MEMBER},M.,NURAINI\n"), 2),
        (format!("{MEMBER},NURA1NI\n"), 2),
        (format!("{MEMBER},{}\n", "NURAINI".repeat(9)), 2),
        (format!("{MEMBER} NURAINI\n"), 2),
        (format!("NURAINI,{MEMBER}\n"), 2),
    ] {
        for json in [false, true] {
            let output = check(&desk, &input, json);
            assert_eq!(output.status.code(), Some(status), "{input:?}");
            let printed = [output.stdout, output.stderr].concat();
            let printed = String::from_utf8_lossy(&printed).to_uppercase();
            assert!(!printed.is_empty(), "{input:?}: nothing was said");
            for secret in [MEMBER, STRANGER, "NURA", "AINI"] {
                assert!(!printed.contains(secret), "{input:?}: {printed}");
            }
        }
    }
}

/// Taking the second column for the name would answer "not in this list" for somebody who is in it.
#[test]
fn a_line_with_more_columns_than_nik_and_name_is_not_an_answer() {
    let desk = name_locked_site();
    for line in [
        format!("{MEMBER}\tPEREMPUAN\tNURAINI"),
        format!("{MEMBER},PEREMPUAN,NURAINI"),
        format!("{MEMBER};PEREMPUAN;NURAINI;1979"),
        format!("{MEMBER}|PEREMPUAN|NURAINI"),
        format!("{MEMBER}\tPEREMPUAN;NURAINI"),
        format!("{MEMBER},PEREMPUAN | NURAINI"),
        format!("{MEMBER};NURAINI;1979"),
        format!("{MEMBER},NURAINI, S.Pd."),
        format!("{MEMBER},,NURAINI"),
        format!("{MEMBER},NURAINI,"),
    ] {
        let output = check(&desk, &line, true);
        assert_eq!(output.status.code(), Some(2), "{line:?}");
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "{\"line\":1,\"datasets\":[],\"reason\":\"extra_columns\"}\n",
            "{line:?}"
        );
    }
    let output = check(&desk, &format!("{MEMBER},NURAINI, S.Pd.\n"), false);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("more than two columns"), "{printed}");
}

/// A tab is white space, which a NIK may contain: two columns could be read as the digits of one
/// NIK.
#[test]
fn columns_are_not_joined_to_one_nik() {
    let desk = site();
    let (nik, rest) = STRANGER.split_at(15);
    for line in [
        format!("{nik}\t{rest}"),
        format!("{MEMBER}\t1979"),
        format!("{MEMBER}\tNURAINI"),
        format!("{MEMBER};1979"),
    ] {
        let output = check(&desk, &line, true);
        assert_eq!(output.status.code(), Some(2), "{line:?}");
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "{\"line\":1,\"datasets\":[],\"reason\":\"extra_columns\"}\n",
            "{line:?}"
        );
    }
    let output = check(&desk, &format!("{MEMBER}\t\r\n"), true);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_name_without_a_word_is_no_answer_and_has_a_reason() {
    let desk = name_locked_site();
    let input = format!(
        "{MEMBER}\n{MEMBER},Hj.\n{MEMBER},A1\n{MEMBER},{}\n",
        "A".repeat(61)
    );
    let output = check(&desk, &input, true);
    let printed = String::from_utf8(output.stdout).expect("text");
    let reasons = ["no_name", "no_word", "not_a_letter", "word_too_long"];
    for ((number, reason), line) in (1..).zip(reasons).zip(printed.lines()) {
        let expected = format!(r#"{{"line":{number},"datasets":[],"reason":"{reason}"}}"#);
        assert_eq!(line, expected);
    }
    assert_eq!(printed.lines().count(), reasons.len(), "{printed}");
}

#[test]
fn not_in_a_name_locked_list_is_said_with_the_spelling_in_mind() {
    let desk = name_locked_site();
    let printed = check(&desk, &format!("{MEMBER},AINI\n"), false).stdout;
    let printed = String::from_utf8(printed).expect("text");
    assert!(
        printed.contains("Not in this list. The name counts"),
        "{printed}"
    );
    let printed = check(&site(), &format!("{STRANGER}\n"), false).stdout;
    assert_eq!(
        String::from_utf8_lossy(&printed),
        "1: list, edition of 2026-05-21: Not in this list\n"
    );
}

#[test]
fn rows_that_were_refused_are_not_counted_as_listed_and_are_said_beside_not_in_the_list() {
    let listed: String = (9_001..=9_200)
        .map(|serial| format!("320101410790{serial},CONTOH\n"))
        .collect();
    let list = format!("NIK,NAMA\n{listed}3201014107909201,MA?RUF CONTOH\n");
    let desk = site_of(&list, "nik+nama");
    let catalogue = fs::read_to_string(desk.path().join("site/catalogue.json")).expect("readable");
    assert!(catalogue.contains("\"rows\": 200,\n      \"rows_refused\": 1,"));
    let printed = check(&desk, "3201014107909201,MA'RUF\n", false).stdout;
    let printed = String::from_utf8(printed).expect("text");
    assert!(
        printed.ends_with(
            "Some rows of the list could not be used (1). People in those rows get this answer too.\n"
        ),
        "{printed}"
    );
}

#[test]
fn a_site_that_takes_no_name_refuses_one() {
    let output = check(&site(), &format!("{MEMBER},NURAINI\n"), true);
    assert_eq!(output.status.code(), Some(2));
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains(r#""reason":"extra_columns""#), "{printed}");
}

#[test]
fn a_missing_shard_is_not_an_answer() {
    let desk = site();
    fs::remove_dir_all(desk.path().join("site/data")).expect("removed");
    let output = check(&desk, STRANGER, true);
    assert_eq!(output.status.code(), Some(2));
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(
        printed.trim(),
        r#"{"line":1,"datasets":[{"id":"list","outcome":"unknown","reason":"not_found","certainty":0.937094191,"built":"2026-05-21"}]}"#
    );
}

#[test]
fn what_a_catalogue_says_cannot_forge_a_line() {
    let desk = site();
    let path = desk.path().join("site/catalogue.json");
    let text = fs::read_to_string(&path).expect("readable");
    let forged = text.replace(
        "\"en\": \"list\"",
        "\"en\": \"x: In the list\\n\\u001b[2K1: list\"",
    );
    assert_ne!(forged, text);
    fs::write(&path, forged).expect("written");
    let printed = String::from_utf8(check(&desk, STRANGER, false).stdout).expect("text");
    assert_eq!(printed.lines().count(), 1, "{printed}");
    assert!(!printed.contains('\u{1b}'), "{printed}");
}

/// The caveat is part of "not in this list": a field that is wrong in one data set must not take it
/// away from any.
#[test]
fn an_odd_value_in_one_data_set_leaves_the_caveats_of_all() {
    let desk = Desk::new();
    let rows: String = (0..200)
        .map(|i| format!("32010141079{:05}\n", 9_001 + i))
        .collect();
    for id in ["a", "b"] {
        desk.write(&format!("{id}.txt"), rows.clone() + "32010141079\n");
    }
    desk.write(
        "catalogue.toml",
        "kdf = \"sha256\"\n[[dataset]]\nid = \"a\"\ninputs = [\"a.txt\"]\n\
         [[dataset]]\nid = \"b\"\ninputs = [\"b.txt\"]\n",
    );
    let built = desk.run(&[
        "build",
        "catalogue.toml",
        "--out",
        "site",
        "--accept-enumeration",
    ]);
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let path = desk.0.path().join("site/catalogue.json");
    let good = fs::read_to_string(&path).expect("readable");
    let check = |arguments: &[&str]| {
        let all = [
            &["check", "--site", "site", "--stdin", "--lang", "en"],
            arguments,
        ]
        .concat();
        let output = feed(&mut desk.command(&all), &format!("{STRANGER}\n"));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let answered = |id| {
        format!(
            "1: {id}, edition of 2026-05-21: Not in this list. Some rows of the list could not be \
             used (1). People in those rows get this answer too.\n"
        )
    };
    assert_eq!(check(&[]), answered("a") + &answered("b"));
    for (field, odd, is_usable) in [
        ("\"prefix_bits\": 0", "\"prefix_bits\": -1", false),
        ("\"rows_refused\": 1", "\"rows_refused\": 1.0", true),
        ("\"distinct\": 200", "\"distinct\": 2e2", true),
        ("\"date\": \"\"", "\"date\": 2021", true),
    ] {
        assert!(good.contains(field), "{field} is not in {good}");
        fs::write(&path, good.replacen(field, odd, 1)).expect("written");
        let found = check(&[]);
        assert!(found.ends_with(&answered("b")), "{odd}: {found}");
        assert_eq!(
            found.starts_with(&answered("a")),
            is_usable,
            "{odd}: {found}"
        );
        let json = check(&["--json"]);
        let b = r#"{"id":"b","outcome":"non_member","certainty":0.99,"built":"2026-05-21","rows_refused":1}"#;
        assert!(json.contains(b), "{json}");
    }
}
