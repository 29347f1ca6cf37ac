//! Vectors of signatures, assembled here by docs/FORMAT.md, section 5.4, with a key that everybody
//! knows.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use blake2::{Blake2b512, Digest};
use ed25519_compact::{KeyPair, Seed};
use serde_json::{Value, json};

use crate::vectors::save;
use crate::vectors::site::Site;

const COMMENT: &str = "cek-nik edition 7, expires 2027-02-23";

/// A key pair of minisign.
struct Key {
    id: [u8; 8],
    pair: KeyPair,
}

impl Key {
    fn new(byte: u8) -> Self {
        Self {
            id: [byte; 8],
            pair: KeyPair::from_seed(Seed::new([byte; 32])),
        }
    }

    fn public(&self, algorithm: &[u8]) -> String {
        STANDARD.encode([algorithm, &self.id, &*self.pair.pk].concat())
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        *self.pair.sk.sign(message, None)
    }
}

/// Parts of a signature file.
#[derive(Clone)]
struct Parts {
    algorithm: [u8; 2],
    id: [u8; 8],
    signature: [u8; 64],
    comment: String,
    global: [u8; 64],
    line_end: &'static str,
}

impl Parts {
    fn of(key: &Key, catalogue: &str, comment: &str) -> Self {
        let signature = key.sign(&Blake2b512::digest(catalogue));
        Self {
            algorithm: *b"ED",
            id: key.id,
            signature,
            comment: comment.to_owned(),
            global: key.sign(&[&signature, comment.as_bytes()].concat()),
            line_end: "\n",
        }
    }

    fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut parts = self.clone();
        change(&mut parts);
        parts.text()
    }

    fn text(&self) -> String {
        let first = [&self.algorithm[..], &self.id, &self.signature].concat();
        let lines = [
            "untrusted comment: signature of catalogue.json by cek-nik",
            &STANDARD.encode(first),
            &format!("trusted comment: {}", self.comment),
            &STANDARD.encode(self.global),
            "",
        ];
        lines.join(self.line_end)
    }
}

pub fn write(out: &Path, site: &Site) -> anyhow::Result<()> {
    let mut catalogue = site.catalogue.clone();
    catalogue["edition"] = json!(7);
    catalogue["published"] = json!("2026-11-23");
    catalogue["expires"] = json!("2027-02-23");
    let endless = site.catalogue.to_string();
    let text = catalogue.to_string();
    let (key, other) = (Key::new(7), Key::new(8));
    let public = key.public(b"Ed");
    let good = Parts::of(&key, &text, COMMENT);
    let good_text = good.text();
    let commented = |comment: &str| Parts::of(&key, &text, comment).text();
    let line = |number: usize, to: &str| {
        let mut lines: Vec<&str> = good_text.lines().collect();
        lines[number] = to;
        lines.join("\n")
    };
    let first = good_text.lines().nth(1).unwrap_or_default();
    let plain = Parts {
        algorithm: *b"Ed",
        signature: key.sign(text.as_bytes()),
        ..good.clone()
    };
    let plain_global = key.sign(&[&plain.signature, COMMENT.as_bytes()].concat());
    let forged = Parts {
        id: key.id,
        ..Parts::of(&other, &text, COMMENT)
    };
    let ok = |comment: &str| json!({ "comment": comment });
    let no = |reason: &str| json!({ "reason": reason });
    let long = "x".repeat(16384 - good_text.len() + COMMENT.len());
    let files = [
        ("good", "a good signature", good_text.clone(), ok(COMMENT)),
        (
            "line-ends",
            "lines that end with CR and LF",
            good.with(|p| p.line_end = "\r\n"),
            ok(COMMENT),
        ),
        (
            "no-last-line-end",
            "no line end behind the last line",
            good_text.trim_end().to_owned(),
            ok(COMMENT),
        ),
        (
            "other-untrusted-comment",
            "another untrusted comment",
            line(0, "untrusted comment: halo"),
            ok(COMMENT),
        ),
        (
            "own-comment",
            "a comment of the publisher's own",
            commented("daftar kami"),
            ok("daftar kami"),
        ),
        ("empty-comment", "an empty comment", commented(""), ok("")),
        (
            "comment-not-ascii",
            "a comment that is not ASCII",
            commented("edisi \u{2116} 7"),
            ok("edisi \u{2116} 7"),
        ),
        ("longest", "the longest file", commented(&long), ok(&long)),
        (
            "too-long",
            "one byte longer",
            commented(&format!("{long}x")),
            no("signature_invalid"),
        ),
        (
            "comment-other-edition",
            "a comment about another edition",
            commented("cek-nik edition 8, expires 2027-02-23"),
            no("signature_other_edition"),
        ),
        (
            "comment-other-expiry",
            "a comment about another expiry",
            commented("cek-nik edition 7, expires 2037-02-23"),
            no("signature_other_edition"),
        ),
        (
            "comment-without-expiry",
            "a comment without the expiry",
            commented("cek-nik edition 7"),
            no("signature_other_edition"),
        ),
        (
            "comment-continued",
            "more behind the comment",
            commented("cek-nik edition 7, expires 2027-02-23 "),
            no("signature_other_edition"),
        ),
        (
            "comment-changed",
            "a comment that was changed",
            good.with(|p| p.comment = "cek-nik edition 8, expires 2027-02-23".to_owned()),
            no("signature_wrong"),
        ),
        (
            "other-key",
            "another key",
            Parts::of(&other, &text, COMMENT).text(),
            no("signature_other_key"),
        ),
        (
            "forged",
            "another key with the id of this one",
            forged.text(),
            no("signature_wrong"),
        ),
        (
            "other-catalogue",
            "the signature of another catalogue",
            Parts::of(&key, &endless, COMMENT).text(),
            no("signature_wrong"),
        ),
        (
            "plain",
            "a signature of the file itself, not prehashed",
            Parts {
                global: plain_global,
                ..plain
            }
            .text(),
            no("signature_unsupported"),
        ),
        (
            "other-algorithm",
            "an unknown algorithm",
            good.with(|p| p.algorithm = *b"Xy"),
            no("signature_unsupported"),
        ),
        (
            "algorithm-first",
            "an unknown algorithm and another key",
            good.with(|p| (p.algorithm, p.id) = (*b"Xy", [9; 8])),
            no("signature_unsupported"),
        ),
        (
            "bit-of-signature",
            "one bit of the signature",
            good.with(|p| p.signature[0] ^= 1),
            no("signature_wrong"),
        ),
        (
            "bit-of-global",
            "one bit of the global signature",
            good.with(|p| p.global[63] ^= 1),
            no("signature_wrong"),
        ),
        (
            "global-of-another-comment",
            "the global signature of another comment",
            good.with(|p| p.global = Parts::of(&key, &text, "x").global),
            no("signature_wrong"),
        ),
        (
            "zeros",
            "signatures of zeros",
            good.with(|p| (p.signature, p.global) = ([0; 64], [0; 64])),
            no("signature_wrong"),
        ),
        ("empty", "no bytes", String::new(), no("signature_invalid")),
        (
            "html",
            "a web page",
            "<!doctype html>".to_owned(),
            no("signature_invalid"),
        ),
        (
            "cut",
            "cut in the last line",
            good_text[..good_text.len() - 10].to_owned(),
            no("signature_invalid"),
        ),
        (
            "three-lines",
            "no global signature",
            good_text.lines().take(3).collect::<Vec<_>>().join("\n"),
            no("signature_invalid"),
        ),
        (
            "five-lines",
            "a line too many",
            format!("{good_text}more\n"),
            no("signature_invalid"),
        ),
        (
            "no-untrusted-comment",
            "another beginning of the first line",
            line(0, "comment: halo"),
            no("signature_invalid"),
        ),
        (
            "no-trusted-comment",
            "another beginning of the third line",
            line(2, COMMENT),
            no("signature_invalid"),
        ),
        (
            "base64-spaces",
            "base64 with a space",
            line(1, &format!(" {first}")),
            no("signature_invalid"),
        ),
        (
            "base64-alphabet",
            "base64 of the other alphabet",
            line(1, &format!("{}-=", &first[..98])),
            no("signature_invalid"),
        ),
        (
            "base64-without-padding",
            "base64 without padding",
            line(1, first.trim_end_matches('=')),
            no("signature_invalid"),
        ),
        (
            "signature-short",
            "a signature of 73 bytes",
            line(1, &STANDARD.encode([7; 73])),
            no("signature_invalid"),
        ),
        (
            "signature-long",
            "a signature of 75 bytes",
            line(1, &STANDARD.encode([7; 75])),
            no("signature_invalid"),
        ),
    ];
    for (name, case, file, expect) in files {
        vector(
            out,
            name,
            case,
            &text,
            Some(file.as_bytes()),
            &public,
            &expect,
        )?;
    }
    let missing = no("signature_missing");
    vector(
        out,
        "missing",
        "no signature",
        &text,
        None,
        &public,
        &missing,
    )?;
    let not_utf8 = [good_text.as_bytes(), b"\xff"].concat();
    let invalid = no("signature_invalid");
    vector(
        out,
        "not-utf-8",
        "no UTF-8",
        &text,
        Some(&not_utf8),
        &public,
        &invalid,
    )?;
    let comment = "cek-nik edition 0";
    let file = Parts::of(&key, &endless, comment).text();
    let case = "a catalogue without edition and expiry";
    vector(
        out,
        "no-edition",
        case,
        &endless,
        Some(file.as_bytes()),
        &public,
        &ok(comment),
    )?;
    let file = Parts::of(&key, "{}", COMMENT).text();
    let refused = no("catalogue_not_a_catalogue");
    let case = "a good signature of something else than a catalogue";
    vector(
        out,
        "of-no-catalogue",
        case,
        "{}",
        Some(file.as_bytes()),
        &public,
        &refused,
    )?;
    let forged = no("signature_other_key");
    let file = Parts::of(&other, "{}", COMMENT).text();
    let case = "the signature comes before the catalogue";
    vector(
        out,
        "first",
        case,
        "{}",
        Some(file.as_bytes()),
        &public,
        &forged,
    )?;

    let file = Some(good_text.as_bytes());
    let key_invalid = no("key_invalid");
    let keys = [
        (
            "key-file",
            "a whole file with a key",
            format!("untrusted comment: halo\n{public}\n"),
            ok(COMMENT),
        ),
        ("key-empty", "no key", String::new(), key_invalid.clone()),
        (
            "key-cut",
            "a key that is cut",
            public[..55].to_owned(),
            key_invalid.clone(),
        ),
        (
            "key-algorithm",
            "a key of another algorithm",
            key.public(b"Xy"),
            key_invalid.clone(),
        ),
        (
            "key-prehashed",
            "the algorithm of a signature in a key",
            key.public(b"ED"),
            key_invalid.clone(),
        ),
        (
            "key-comment-alone",
            "a comment and no key",
            "untrusted comment: halo\n".to_owned(),
            key_invalid,
        ),
        (
            "key-other",
            "another key",
            other.public(b"Ed"),
            no("signature_other_key"),
        ),
    ];
    for (name, case, key, expect) in keys {
        vector(out, name, case, &text, file, &key, &expect)?;
    }
    Ok(())
}

fn vector(
    out: &Path,
    name: &str,
    case: &str,
    catalogue: &str,
    file: Option<&[u8]>,
    key: &str,
    expect: &Value,
) -> anyhow::Result<()> {
    let mut given = json!({ "catalogue": catalogue, "key": key });
    if let Some(file) = file {
        given["file"] = base16ct::lower::encode_string(file).into();
    }
    let vector = json!({ "case": case, "signature": given, "expect": expect });
    save(out, &format!("signature-{name}"), &vector)
}
