//! `cek-nik sign`, and the key that a reader pins.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use crate::desk::{Desk, feed, ill, well};

const MEMBER: &str = "3201014107909001";
const PASSWORD: &str = "kata sandi yang panjang\n";
const SIGNATURE: &str = "catalogue.json.minisig";

fn path(desk: &Desk, name: &str) -> PathBuf {
    desk.0.path().join(name)
}

/// A desk with a site of two lists, and a key pair.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("list.txt", format!("{MEMBER}\n"));
    desk.write("more.txt", "3201014107909002\n");
    build(&desk, "valid_days = 30");
    well(&make_key(&desk, "publisher.key"));
    desk
}

fn build(desk: &Desk, head: &str) {
    let dataset = |id: &str| format!("[[dataset]]\nid = \"{id}\"\ninputs = [\"{id}.txt\"]\n");
    let datasets = [dataset("list"), dataset("more")].concat();
    desk.write(
        "catalogue.toml",
        format!("kdf = \"sha256\"\n{head}\n{datasets}"),
    );
    well(&desk.run(&["build", "--out", "site", "catalogue.toml"]));
}

fn make_key(desk: &Desk, name: &str) -> Output {
    let arguments = ["sign", "--new-key", name, "--password-stdin"];
    feed(&mut desk.command(&arguments), PASSWORD)
}

fn sign(desk: &Desk, key: &str) -> Output {
    let arguments = ["sign", "site", "--key", key, "--password-stdin"];
    feed(&mut desk.command(&arguments), PASSWORD)
}

fn check(desk: &Desk, site: &str, key: &str) -> (Option<i32>, Value) {
    let arguments = ["check", "--stdin", "--json", "--site", site, "--key", key];
    let output = feed(&mut desk.command(&arguments), MEMBER);
    let line = serde_json::from_slice(&output.stdout);
    let line = line.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), line)
}

fn minisign(desk: &Desk, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new("minisign");
    feed(command.args(arguments).current_dir(&desk.0), input)
}

#[test]
fn the_minisign_tool_verifies_what_was_signed_here() {
    let desk = desk();
    let report = sign(&desk, "publisher.key");
    let printed = String::from_utf8_lossy(&report.stdout).into_owned();
    assert!(report.status.success(), "{printed}");
    let comment = "cek-nik edition 1, expires 2026-06-20";
    assert!(
        printed.contains(&format!("signed as \"{comment}\", 2 shards verified")),
        "{printed}"
    );
    let verify = ["-Vm", "site/catalogue.json", "-p", "publisher.key.pub"];
    let output = minisign(&desk, &verify, "");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert!(
        printed.contains(&format!("Trusted comment: {comment}")),
        "{printed}"
    );
    // Prehashed, which `-H` demands.
    assert!(
        minisign(&desk, &[&verify[..], &["-H"]].concat(), "")
            .status
            .success()
    );
}

#[test]
fn a_signature_of_the_minisign_tool_is_verified_here() {
    let desk = desk();
    for options in [&["-W"][..], &[]] {
        let make = ["-Gf", "-p", "tool.pub", "-s", "tool.key"];
        let password = PASSWORD.repeat(2);
        let made = minisign(&desk, &[&make[..], options].concat(), &password);
        assert!(made.status.success(), "{made:?}");
        let sign_by_tool = ["-Sm", "site/catalogue.json", "-s", "tool.key"];
        let signed = minisign(&desk, &sign_by_tool, PASSWORD);
        assert!(signed.status.success(), "{signed:?}");
        assert_eq!(check(&desk, "site", "tool.pub").0, Some(0), "{options:?}");
        // Its keys sign here too, with a password and without.
        fs::remove_file(path(&desk, "site").join(SIGNATURE)).expect("signed");
        well(&sign(&desk, "tool.key"));
        assert_eq!(check(&desk, "site", "tool.pub").0, Some(0), "{options:?}");
    }
}

#[test]
fn a_pinned_key_refuses_what_it_has_not_signed() {
    let desk = desk();
    let reason = |site: &str, key: &str| {
        let (status, line) = check(&desk, site, key);
        assert_eq!(status, Some(2), "{line}");
        assert_eq!(line["datasets"], Value::Array(Vec::new()), "{line}");
        line["reason"].as_str().expect("a reason").to_owned()
    };
    assert_eq!(reason("site", "publisher.key.pub"), "signature_missing");
    well(&sign(&desk, "publisher.key"));
    well(&make_key(&desk, "other.key"));
    assert_eq!(reason("site", "other.key.pub"), "signature_other_key");
    let (status, line) = check(&desk, "site", "publisher.key.pub");
    assert_eq!(status, Some(0), "{line}");
    let key = fs::read_to_string(path(&desk, "publisher.key.pub")).expect("readable");
    let key = key.lines().nth(1).expect("a key").to_owned();
    assert_eq!(check(&desk, "site", &key).0, Some(0));

    let catalogue = desk.files("site")["catalogue.json"].clone();
    let signature = desk.files("site")[SIGNATURE].clone();
    let text = String::from_utf8(catalogue.clone()).expect("text");
    for (from, to) in [
        ("\"edition\": 1", "\"edition\": 2"),
        ("2026-06-20", "2030-06-20"),
    ] {
        assert!(text.contains(from));
        desk.write("site/catalogue.json", text.replace(from, to));
        assert_eq!(reason("site", &key), "signature_wrong", "{to}");
    }
    desk.write("site/catalogue.json", &catalogue);
    let text = String::from_utf8(signature).expect("text");
    for (changed, code) in [
        (text.replace("edition 1", "edition 9"), "signature_wrong"),
        (text[..text.len() - 20].to_owned(), "signature_invalid"),
        (String::new(), "signature_invalid"),
        ("<!doctype html>".to_owned(), "signature_invalid"),
        (text.replace("\nRU", "\nRW"), "signature_invalid"),
    ] {
        desk.write_in(&format!("site/{SIGNATURE}"), &changed);
        let found = reason("site", &key);
        let possible = [code, "signature_unsupported"];
        assert!(possible.contains(&found.as_str()), "{found}: {changed}");
    }
}

#[test]
fn a_comment_of_cek_nik_names_the_edition_that_is_signed() {
    let desk = desk();
    let make = ["-Gf", "-W", "-p", "tool.pub", "-s", "tool.key"];
    assert!(minisign(&desk, &make, "").status.success());
    for (comment, reason) in [
        ("cek-nik edition 1, expires 2026-06-20", None),
        ("what the publisher likes", None),
        (
            "cek-nik edition 2, expires 2026-06-20",
            Some("signature_other_edition"),
        ),
        (
            "cek-nik edition 1, expires 2026-06-21",
            Some("signature_other_edition"),
        ),
        ("cek-nik edition 1", Some("signature_other_edition")),
        ("cek-nik ", Some("signature_other_edition")),
    ] {
        let sign = [
            "-Sm",
            "site/catalogue.json",
            "-s",
            "tool.key",
            "-t",
            comment,
        ];
        assert!(minisign(&desk, &sign, "").status.success());
        let (_, line) = check(&desk, "site", "tool.pub");
        assert_eq!(line["reason"].as_str(), reason, "{comment}");
    }
}

#[test]
fn readers_are_told_in_words_why_a_signature_counts_for_nothing() {
    let desk = desk();
    for (language, words) in [
        (
            "id",
            "Belum bisa diperiksa. Tidak ada tanda tangan penerbit di sini",
        ),
        (
            "en",
            "Could not check. The publisher's signature is missing",
        ),
    ] {
        let site = ["check", "--stdin", "--site", "site", "--lang", language];
        let key = ["--key", "publisher.key.pub"];
        let output = feed(&mut desk.command(&[&site[..], &key].concat()), MEMBER);
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(printed.contains(words), "{printed}");
    }
}

#[test]
fn a_changed_site_loses_its_signature_and_an_unchanged_one_keeps_it() {
    let desk = desk();
    let is_signed = || desk.files("site").contains_key(SIGNATURE);
    well(&sign(&desk, "publisher.key"));
    let report = well(&desk.run(&["build", "--out", "site", "catalogue.toml"]));
    assert!(is_signed() && !report.contains("signature"), "{report}");
    assert_eq!(check(&desk, "site", "publisher.key.pub").0, Some(0));
    desk.write("c.txt", "3201014107909003\n");
    for command in [
        &["add", "site", "c.txt"][..],
        &["remove", "site", "c"],
        &["build", "--out", "site", "catalogue.toml"],
    ] {
        build(&desk, "valid_days = 31");
        well(&sign(&desk, "publisher.key"));
        assert!(is_signed());
        if command[0] == "build" {
            desk.write("list.txt", format!("{MEMBER}\n3201014107909004\n"));
        }
        if command[0] == "remove" {
            well(&desk.run(&["add", "site", "c.txt"]));
            well(&sign(&desk, "publisher.key"));
        }
        let report = well(&desk.run(command));
        assert!(!is_signed(), "{command:?}");
        assert!(
            report.contains("signature of the old edition was removed"),
            "{report}"
        );
        assert!(report.contains("cek-nik sign site --key FILE"), "{report}");
    }
}

#[test]
fn a_damaged_site_is_not_signed() {
    let desk = desk();
    let files = desk.files("site");
    let shard = files
        .keys()
        .find(|name| name.ends_with(".cnk"))
        .expect("a shard");
    let mut damaged = files[shard].clone();
    *damaged.last_mut().expect("bytes") ^= 1;
    desk.write_in(&format!("site/{shard}"), damaged);
    let error = ill(&sign(&desk, "publisher.key"));
    assert!(
        error.contains(".cnk in") && error.contains("it is damaged"),
        "{error}"
    );
    assert!(!desk.files("site").contains_key(SIGNATURE));
}

#[test]
fn a_wrong_password_and_other_files_sign_nothing() {
    let desk = desk();
    let arguments = ["sign", "site", "--key", "publisher.key", "--password-stdin"];
    for (password, words) in [
        ("another\n", "the password does not open publisher.key"),
        ("\n", "the password does not open publisher.key"),
        ("", "standard input has no password"),
    ] {
        let error = ill(&feed(&mut desk.command(&arguments), password));
        assert!(error.contains(words), "{error}");
    }
    for file in ["publisher.key.pub", "list.txt", "catalogue.toml"] {
        let error = ill(&sign(&desk, file));
        assert!(error.contains("is not a secret key of minisign"), "{error}");
        assert!(error.contains("cek-nik sign --new-key"), "{error}");
    }
    assert!(ill(&sign(&desk, "nowhere.key")).contains("cannot read nowhere.key"));
    let error = ill(&desk.run(&["sign", "elsewhere", "--key", "publisher.key"]));
    assert!(!error.is_empty());
    assert!(!desk.files("site").contains_key(SIGNATURE));
}

#[cfg(unix)]
#[test]
fn a_secret_key_is_private_never_replaced_and_never_in_a_site() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk();
    let mode = path(&desk, "publisher.key")
        .metadata()
        .expect("made")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let (secret, public) = ("publisher.key", "publisher.key.pub");
    let before = [secret, public].map(|name| fs::read(path(&desk, name)).expect("made"));
    let error = ill(&make_key(&desk, secret));
    assert!(
        error.contains("publisher.key exists; refusing to replace it"),
        "{error}"
    );
    fs::remove_file(path(&desk, secret)).expect("removed");
    let error = ill(&make_key(&desk, secret));
    assert!(error.contains("publisher.key.pub exists"), "{error}");
    assert!(!path(&desk, secret).exists());
    fs::write(path(&desk, secret), &before[0]).expect("written");
    assert_eq!(fs::read(path(&desk, public)).expect("there"), before[1]);

    fs::create_dir(path(&desk, "site/keys")).expect("made");
    std::os::unix::fs::symlink("site/keys", path(&desk, "link")).expect("made");
    for inside in ["site/my.key", "site/keys/my.key", "link/my.key"] {
        let error = ill(&make_key(&desk, inside));
        assert!(error.contains("is inside the site"), "{error}");
    }
    let empty = ["sign", "--new-key", "my.key", "--password-stdin"];
    let error = ill(&feed(&mut desk.command(&empty), "\n"));
    assert!(error.contains("the password is empty"), "{error}");
    assert!(!path(&desk, "my.key").exists());
}

#[test]
fn a_pack_takes_the_signature_with_it() {
    let desk = desk();
    let pack = |more: &[&str]| desk.run(&[&["pack", "site"][..], more].concat());
    well(&pack(&["--out", "unsigned.cnkpack"]));
    let key = ["--key", "publisher.key.pub"];
    let error = ill(&pack(&[&["--out", "a.cnkpack"][..], &key].concat()));
    assert!(error.contains("its catalogue is not signed"), "{error}");
    well(&sign(&desk, "publisher.key"));
    let packed = pack(&[&["--out", "a.cnkpack"][..], &key].concat());
    let printed = String::from_utf8_lossy(&packed.stdout).into_owned();
    assert!(
        printed.contains("Signature: cek-nik edition 1, expires 2026-06-20"),
        "{printed}"
    );
    well(&pack(&["--html", "a.html"]));
    well(&pack(&["--out", "one.cnkpack", "--dataset", "list"]));
    for (file, reason) in [
        ("a.cnkpack", None),
        ("a.html", None),
        ("unsigned.cnkpack", Some("signature_missing")),
        // The signature is of all lists.
        ("one.cnkpack", Some("signature_missing")),
    ] {
        let (_, line) = check(&desk, file, "publisher.key.pub");
        assert_eq!(line["reason"].as_str(), reason, "{file}: {line}");
        let verified = desk.run(&[&["pack", "--verify", file][..], &key].concat());
        assert_eq!(verified.status.success(), reason.is_none(), "{file}");
        well(&desk.run(&["pack", "--verify", file]));
    }
    assert_eq!(
        fs::read(path(&desk, "unsigned.cnkpack")).expect("written")[8],
        1
    );
    assert_eq!(fs::read(path(&desk, "a.cnkpack")).expect("written")[8], 2);
    // A pack of a pack is the same.
    well(&desk.run(&["pack", "a.cnkpack", "--out", "b.cnkpack"]));
    assert!(fs::read(path(&desk, "a.cnkpack")).ok() == fs::read(path(&desk, "b.cnkpack")).ok());
    let text = String::from_utf8(desk.files("site")["catalogue.json"].clone()).expect("text");
    desk.write(
        "site/catalogue.json",
        text.replace("\"edition\": 1", "\"edition\": 2"),
    );
    let error = ill(&pack(&["--out", "stale.cnkpack"]));
    assert!(
        error.contains("the signature does not fit its catalogue"),
        "{error}"
    );
    let reader = check(&desk, "a.cnkpack", "publisher.key.pub");
    assert_eq!(reader.0, Some(0));
}

#[test]
fn a_key_that_is_none_is_named() {
    let desk = desk();
    for key in ["nowhere.pub", "list.txt", "publisher.key", "RWabc", ""] {
        let arguments = ["check", "--stdin", "--site", "site", "--key", key];
        let output = feed(&mut desk.command(&arguments), MEMBER);
        let message = crate::desk::message(&output);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains("public key of minisign"), "{message}");
    }
}
