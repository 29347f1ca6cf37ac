//! Vectors of a name-locked site: which names match, and which clients refuse it.

use std::path::Path;

use anyhow::Context;
use cek_nik::identifier::Identifier;
use cek_nik::key::{Argon2Cost, Kdf};
use cek_nik::name::NameWord;
use cek_nik::nik::Nik;
use serde_json::{Value, json};

use crate::vectors::site::{Set, Site};
use crate::vectors::{CHEAP, IN_BOTH, IN_NONE, IN_SHARDED, both, changed, save, save_key, text};

/// The name beside every NIK of the lists.
pub const NAME: &str = "HJ. NUR'AINI CONTOH";

pub fn write(out: &Path, unlocked: &Site) -> anyhow::Result<()> {
    keys(out)?;
    let locked = locked_site()?;
    answers(out, &locked)?;
    bindings(out, unlocked, &locked)
}

/// A site of both lists, with [`NAME`] beside every NIK.
pub fn locked_site() -> anyhow::Result<Site> {
    Site::build(
        &format!("identifier = \"nik+nama\"\n{CHEAP}"),
        &Set::whole().with_name(NAME),
        &Set::sharded().with_name(NAME),
    )
}

fn keys(out: &Path) -> anyhow::Result<()> {
    let owasp = Kdf::Argon2id(Argon2Cost::OWASP);
    let longest = "Q".repeat(60);
    for (name, kdf, word) in [
        ("key-name-sha256", Kdf::Sha256, "NURAINI"),
        ("key-name-argon2id", owasp, "NURAINI"),
        ("key-name-shortest", Kdf::Sha256, "NI"),
        ("key-name-longest", Kdf::Sha256, &longest),
    ] {
        let identifier =
            Identifier::of_nik_and_name(&Nik::parse(IN_BOTH)?, &NameWord::parse(word)?);
        save_key(out, name, kdf, &identifier, 9600, 7)?;
    }
    Ok(())
}

fn answers(out: &Path, site: &Site) -> anyhow::Result<()> {
    let unsupported = json!({ "reason": "identifier_unsupported" });
    #[rustfmt::skip] // A case in one or two lines.
    let cases = [
        ("both", "the name as the lists have it", IN_BOTH, Some(NAME), both("member", "member")),
        ("spelt-otherwise", "other titles, signs and capitals, and another second word", IN_BOTH,
         Some("Dr. Nur\u{2019}ain\u{ed}  L."), both("member", "member")),
        ("sharded", "in the sharded set only", IN_SHARDED, Some("Nuraini"),
         both("non_member", "member")),
        ("other-word", "in both lists, under another first word", IN_BOTH, Some("NUR AINI CONTOH"),
         both("non_member", "non_member")),
        ("none", "a NIK in neither", IN_NONE, Some(NAME), both("non_member", "non_member")),
        ("not-asked", "a client that asks for no name, as all before nik+nama", IN_BOTH, None,
         unsupported),
    ];
    for (name, case, nik, person, expect) in cases {
        let mut given =
            json!({ "catalogue": text(&site.catalogue), "nik": nik, "files": site.files });
        if let Some(person) = person {
            given["name"] = person.into();
        }
        let vector = json!({ "case": case, "check": given, "expect": expect });
        save(out, &format!("name-{name}"), &vector)?;
    }
    Ok(())
}

/// Catalogues with the other kind of identifiers than the shards: a client that trusted them would
/// find nobody.
fn bindings(out: &Path, unlocked: &Site, locked: &Site) -> anyhow::Result<()> {
    let expect = both("wrong_dataset", "wrong_dataset");
    let with_name = |site: &Site, kind: &str| -> anyhow::Result<Value> {
        let mut catalogue = site.catalogue.clone();
        *catalogue
            .pointer_mut("/identifier")
            .context("no such field")? = kind.into();
        let mut given = json!({ "catalogue": text(&catalogue), "nik": IN_BOTH });
        given["name"] = NAME.into();
        given["files"] = site.files.clone().into();
        Ok(given)
    };
    let case = "a name lock that the shards were not made with";
    let given = with_name(unlocked, "nik+nama")?;
    let vector = json!({ "case": case, "check": given, "expect": expect });
    save(out, "binding-name", &vector)?;
    let case = "shards that were made with a name lock";
    let changes = [("/identifier", json!("nik"))];
    changed(out, "binding-no-name", case, locked, &changes, &expect)
}
