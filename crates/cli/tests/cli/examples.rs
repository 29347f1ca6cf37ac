//! The examples of the library, on a site that the command line has built.

use std::process::Output;

use cek_nik::check::{Answer, FetchError, Outcome, Reason};
use cek_nik::nik::Nik;

use crate::desk::Desk;

#[path = "../../../../examples/check_directory.rs"]
#[expect(dead_code, reason = "its main asks on standard input")]
mod check_directory;

#[cfg(all(feature = "http", feature = "serve"))]
#[path = "../../../../examples/check_http.rs"]
#[expect(dead_code, reason = "its main asks on standard input")]
mod check_http;

const MEMBER: &str = "3201014107909001";
const STRANGER: &str = "9471014107909999";

fn site(list: &str, identifier: &str) -> Desk {
    let desk = Desk::new();
    desk.write("list.csv", list);
    let output: Output = desk.run(&[
        "build",
        "--kdf",
        "sha256",
        "--identifier",
        identifier,
        "--out",
        "site",
        "list.csv",
    ]);
    assert!(output.status.success());
    desk
}

fn nik(digits: &str) -> Nik {
    Nik::parse(digits).expect("a NIK")
}

fn outcomes(answers: &[Answer]) -> Vec<Outcome> {
    answers.iter().map(|answer| answer.outcome).collect()
}

#[test]
fn check_directory_gives_all_three_outcomes() {
    let desk = site(&format!("{MEMBER}\n"), "nik");
    let directory = desk.0.path().join("site");
    let check = |digits| {
        let answers = check_directory::check(&directory, &nik(digits)).expect("a catalogue");
        outcomes(&answers)
    };
    assert_eq!(check(MEMBER), [Outcome::Member]);
    assert_eq!(check(STRANGER), [Outcome::NonMember]);
    std::fs::remove_dir_all(directory.join("data")).expect("removed");
    let missing = Outcome::Unknown(Reason::Fetch(FetchError::NotFound));
    assert_eq!(check(MEMBER), [missing]);
}

#[cfg(all(feature = "http", feature = "serve"))]
#[test]
fn check_http_asks_a_name_locked_site_with_the_name() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    use cek_nik::name::NameWord;

    let desk = site(&format!("NIK,NAMA\n{MEMBER},Siti Contoh\n"), "nik+nama");
    let mut server = desk
        .command(&["serve", "site", "--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("runs");
    let mut said = String::new();
    BufReader::new(server.stdout.take().expect("piped"))
        .read_line(&mut said)
        .expect("the address");
    let address = said.split_whitespace().next().expect("an address");

    let (site, catalogue) = check_http::open(address).expect("a catalogue");
    let check = |digits, name: Option<&str>| {
        let name = name.map(|name| NameWord::parse(name).expect("a name"));
        let answers = check_http::check(&site, &catalogue, &nik(digits), name.as_ref());
        answers.map(|answers| outcomes(&answers))
    };
    assert_eq!(check(MEMBER, Some("siti")), Ok(vec![Outcome::Member]));
    assert_eq!(check(STRANGER, Some("siti")), Ok(vec![Outcome::NonMember]));
    assert_eq!(check(MEMBER, None), Err(Reason::OtherIdentifier));

    server.kill().expect("stopped");
    server.wait().expect("ended");
    let gone = Outcome::Unknown(Reason::Fetch(FetchError::Unreachable));
    assert_eq!(check(MEMBER, Some("siti")), Ok(vec![gone]));
}
