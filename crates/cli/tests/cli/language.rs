//! The language of the output: `--lang`, or else the environment, by one rule for all commands.

use std::process::Command;

use crate::desk::Desk;

/// The error of a command about a file or site that is not there.
fn error(desk: &Desk, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cek-nik"));
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    let output = command
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(desk.0.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

const COMMANDS: [&[&str]; 7] = [
    &["build", "nowhere.csv", "--out", "site"],
    &["add", "nowhere", "nowhere.csv"],
    &["remove", "nowhere", "x"],
    &["plan", "--list", "nowhere.csv"],
    &["verify", "nowhere"],
    &["audit", "nowhere"],
    &["pack", "nowhere", "--out", "x.cnkpack"],
];

const INDONESIAN: &str = "gagal: ";
const ENGLISH: &str = "error: ";

#[test]
fn each_command_speaks_the_language_of_the_environment() {
    let desk = Desk::new();
    for command in COMMANDS {
        for (environment, begins) in [
            (&[("LANG", "id_ID.UTF-8")][..], INDONESIAN),
            (&[("LANG", "en_US.UTF-8")], ENGLISH),
            (&[("LANG", "C.UTF-8")], ENGLISH),
            (&[], ENGLISH),
            (&[("LANG", "id_ID.UTF-8"), ("LC_ALL", "C.UTF-8")], ENGLISH),
            (&[("LANG", "C"), ("LC_MESSAGES", "id_ID")], INDONESIAN),
            (&[("LANG", "id_ID"), ("LC_ALL", "")], INDONESIAN),
        ] {
            let error = error(&desk, command, environment);
            assert!(
                error.starts_with(begins),
                "{command:?} {environment:?}: {error}"
            );
        }
    }
}

#[test]
fn lang_stands_above_the_environment() {
    let desk = Desk::new();
    for command in COMMANDS {
        for (lang, locale, begins) in [("id", "en_US.UTF-8", INDONESIAN), ("en", "id_ID", ENGLISH)]
        {
            let arguments = [command, &["--lang", lang]].concat();
            let error = error(&desk, &arguments, &[("LC_ALL", locale)]);
            assert!(error.starts_with(begins), "{arguments:?}: {error}");
        }
    }
}

#[test]
fn json_is_the_same_in_every_language() {
    let site = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cmd/sites/damaged");
    let desk = Desk::new();
    let json = |lang| {
        let arguments = ["verify", site, "--json", "--lang", lang];
        let output = desk.command(&arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(json("en").contains("it is not there"));
    assert_eq!(json("id"), json("en"));
}

/// A value that is not filled in, or English that is left, would show.
#[test]
fn an_indonesian_error_is_whole() {
    let desk = Desk::new();
    for command in COMMANDS {
        let arguments = [command, &["--lang", "id"]].concat();
        let error = error(&desk, &arguments, &[]);
        assert!(!error.contains(['{', '}']), "{error}");
        assert!(error.contains("nowhere"), "{error}");
        for english in [" the ", " is ", " cannot ", "/failure", "/cli"] {
            assert!(!error.contains(english), "{error}");
        }
    }
}
