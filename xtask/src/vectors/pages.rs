//! Vectors of pages with a pack: good ones, and one malformation each. They are assembled here by
//! docs/FORMAT.md, section 7.1, and not by the code that the vectors test.

use std::path::Path;

use anyhow::ensure;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::vectors::packs::{HEADER, MAGIC, Pack};
use crate::vectors::site::Site;
use crate::vectors::{IN_BOTH, both, save};

const START: &str = "<template id=\"pack\">";
const END: &str = "</template>";

pub fn write(out: &Path, site: &Site) -> anyhow::Result<()> {
    let pack = padded(site)?;
    let base64 = STANDARD.encode(pack.bytes());
    ensure!(
        base64.ends_with("==") && base64.contains('+') && base64.contains('/'),
        "the pack does not show every mistake that can be made in base64"
    );
    good(out, &base64)?;
    elements(out, &base64)?;
    texts(out, &base64)?;
    packs(out, &pack)
}

/// A pack whose base64 ends with four padding bits, which must be zero.
fn padded(site: &Site) -> anyhow::Result<Pack> {
    let mut pack = Pack::of(site)?;
    while pack.bytes().len() % 3 != 1 {
        pack.catalogue.push(b' ');
    }
    Ok(pack)
}

fn page(body: &str) -> Vec<u8> {
    format!("<!doctype html>\n<p>Cek NIK</p>\n{body}\n<p>selesai</p>\n").into_bytes()
}

fn filled(base64: &str) -> Vec<u8> {
    page(&format!("{START}{base64}{END}"))
}

fn good(out: &Path, base64: &str) -> anyhow::Result<()> {
    let element = format!("{START}{base64}{END}");
    let latin = [b"<p>\xe9\xff\0</p>", element.as_bytes()].concat();
    #[rustfmt::skip] // A case in one or two lines.
    let cases = [
        ("both", "a page with a pack, and in both lists", page(&element)),
        ("bare", "nothing around the element", element.clone().into_bytes()),
        ("not-utf-8", "bytes around the element that are no UTF-8", latin),
        ("second-element", "another element behind the first",
         page(&format!("{element}{START}halo{END}"))),
        ("end-tag-before", "an end tag before the element too",
         page(&format!("<template>{END}{element}"))),
    ];
    for (name, case, file) in cases {
        vector(out, name, case, &file, &both("member", "member"))?;
    }
    Ok(())
}

/// Faults of the element.
fn elements(out: &Path, base64: &str) -> anyhow::Result<()> {
    let started = |start: &str| page(&format!("{start}{base64}{END}"));
    let ended = |end: &str| page(&format!("{START}{base64}{end}"));
    #[rustfmt::skip] // A case in one or two lines.
    let cases = [
        ("no-element", "a page without the element", page(""), "pack_not_a_pack"),
        ("pack-without-element", "base64 without the element", page(base64), "pack_not_a_pack"),
        ("start-tag-cut", "a page that ends within the start tag", START[..START.len() - 1].into(),
         "pack_not_a_pack"),
        ("start-tag-quotes", "single quotes in the start tag", started("<template id='pack'>"),
         "pack_not_a_pack"),
        ("start-tag-capitals", "capitals in the start tag", started("<TEMPLATE id=\"pack\">"),
         "pack_not_a_pack"),
        ("start-tag-space", "two spaces in the start tag", started("<template  id=\"pack\">"),
         "pack_not_a_pack"),
        ("start-tag-more", "another attribute in the start tag",
         started("<template id=\"pack\" hidden>"), "pack_not_a_pack"),
        ("end-tag-missing", "no end tag", ended(""), "pack_wrong_length"),
        ("end-tag-cut", "a page that ends within the end tag",
         format!("{START}{base64}</template").into(), "pack_wrong_length"),
        ("end-tag-capitals", "capitals in the end tag", ended("</TEMPLATE>"), "pack_wrong_length"),
        ("end-tag-before-only", "an end tag before the element, and none behind it",
         page(&format!("{END}{START}{base64}")), "pack_wrong_length"),
        ("empty-and-no-end-tag", "a page that ends behind the start tag", START.into(),
         "pack_wrong_length"),
        ("empty", "a page that is to be filled", filled(""), "pack_not_a_pack"),
    ];
    for (name, case, file, reason) in cases {
        vector(out, name, case, &file, &json!({ "reason": reason }))?;
    }
    Ok(())
}

/// Faults of the base64.
fn texts(out: &Path, base64: &str) -> anyhow::Result<()> {
    let (first_line, rest) = base64.split_at(76);
    let unpadded = base64.trim_end_matches('=');
    let (start, last) = unpadded.split_at(unpadded.len() - 1);
    let next: String = last.bytes().map(|byte| char::from(byte + 1)).collect();
    let other_alphabet = base64.replace('+', "-").replace('/', "_");
    #[rustfmt::skip] // A case in one or two lines.
    let cases = [
        ("line-break", "a line break in the base64", format!("{first_line}\n{rest}")),
        ("line-break-behind", "a line break behind the base64", format!("{base64}\n")),
        ("space-before", "a space before the base64", format!(" {base64}")),
        ("space-only", "nothing but a space in the element", " ".to_owned()),
        ("other-alphabet", "base64 for addresses, with - and _", other_alphabet),
        ("padding-missing", "no padding", unpadded.to_owned()),
        ("padding-half", "half of the padding", format!("{unpadded}=")),
        ("padding-longer", "more padding", format!("{base64}=")),
        ("padding-bits", "a bit that pads the last character is not zero",
         format!("{start}{next}==")),
        ("behind-padding", "base64 behind the padding", format!("{base64}AAAA")),
        ("character-missing", "a character is missing", base64[1..].to_owned()),
        ("markup", "an element in the place of the base64", "<p>halo</p>".to_owned()),
    ];
    for (name, case, base64) in cases {
        let expect = json!({ "reason": "pack_damaged" });
        vector(out, name, case, &filled(&base64), &expect)?;
    }
    Ok(())
}

/// The decoded bytes are checked as a pack.
fn packs(out: &Path, pack: &Pack) -> anyhow::Result<()> {
    let good = pack.bytes();
    let with = |pack: &[u8]| filled(&STANDARD.encode(pack));
    let flip = |place: usize| {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        with(&bytes)
    };
    let reason = |reason: &str| json!({ "reason": reason });
    let short = with(&good[..good.len() - 1]);
    let twice = with(STANDARD.encode(&good).as_bytes());
    let as_pack = [&MAGIC[..], &with(&good)].concat();
    #[rustfmt::skip] // A case in one or two lines.
    let cases = [
        ("pack-short", "a pack of which one byte is missing", short, reason("pack_wrong_length")),
        ("pack-newer", "a pack of a newer version", flip(9), reason("pack_newer_version")),
        ("pack-damaged", "a pack with one bit of the catalogue changed", flip(HEADER + 16),
         reason("pack_damaged")),
        ("pack-whole-set", "a pack with one bit of the whole set's filter changed",
         flip(HEADER + 16 + pack.catalogue.len() + HEADER), both("damaged", "member")),
        ("base64-twice", "base64 of base64", twice, reason("pack_not_a_pack")),
        ("html-inside", "base64 of a web page", with(b"<!doctype html>"),
         reason("pack_not_a_pack")),
        ("begins-as-pack", "a page behind the magic of packs, which is taken for a pack", as_pack,
         reason("pack_newer_version")),
    ];
    for (name, case, file, expect) in cases {
        vector(out, name, case, &file, &expect)?;
    }
    Ok(())
}

fn vector(out: &Path, name: &str, case: &str, file: &[u8], expect: &Value) -> anyhow::Result<()> {
    let given = json!({ "file": base16ct::lower::encode_string(file), "nik": IN_BOTH });
    let vector = json!({ "case": case, "page": given, "expect": expect });
    save(out, &format!("page-{name}"), &vector)
}
