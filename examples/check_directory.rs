//! Checks one NIK against a site in a directory, with the core alone:
//! `cargo run --example check_directory -- SITE`.

use std::error::Error;
use std::io::{ErrorKind, stdin};
use std::path::{Path, PathBuf};
use std::{env, fs};

use cek_nik::catalogue::{Catalogue, Dataset, FILE_NAME, json_access};
use cek_nik::check::{Answer, Checker, FetchError, Outcome, Source};
use cek_nik::identifier::Identifier;
use cek_nik::nik::Nik;
use cek_nik::prefix::Prefix;

/// The core parses no JSON: any parser will do that can answer these four questions.
struct Json<'a>(&'a serde_json::Value);
impl json_access::Json for Json<'_> {
    fn field(&self, name: &str) -> Option<Self> {
        self.0.get(name).filter(|value| !value.is_null()).map(Json)
    }
    fn text(&self) -> Option<String> {
        self.0.as_str().map(str::to_owned)
    }
    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }
    fn items(&self) -> Option<Vec<Self>> {
        Some(self.0.as_array()?.iter().map(Json).collect())
    }
}

struct Directory(PathBuf);
impl Source for Directory {
    /// Returns the bytes as they are: the checker verifies them. It never sees the NIK's digits.
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        fs::read(self.0.join(dataset.shard_path(prefix))).map_err(|error| match error.kind() {
            ErrorKind::NotFound => FetchError::NotFound,
            _ => FetchError::Unreachable,
        })
    }
}

/// One answer for each list of the site: `Outcome::Unknown` if it is name-locked, see `check_http`.
pub fn check(site: &Path, nik: &Nik) -> Result<Vec<Answer>, Box<dyn Error>> {
    let json: serde_json::Value = serde_json::from_slice(&fs::read(site.join(FILE_NAME))?)?;
    // An error here means "could not check", as everywhere: never "not in the list".
    let catalogue = Catalogue::from_json(&Json(&json)).map_err(|error| format!("{error:?}"))?;
    let identifier = Identifier::of_nik(nik);
    // The check is async for the sake of browsers. These futures are ready at once.
    let mut checker = Checker::new(&catalogue)?;
    let source = Directory(site.to_owned());
    Ok(pollster::block_on(checker.check(&identifier, &source)))
}

fn main() -> Result<(), Box<dyn Error>> {
    let site = env::args_os().nth(1).ok_or("usage: check_directory SITE")?;
    // Standard input: arguments are visible in `ps` and stay in the shell's history.
    eprintln!("NIK:");
    let mut typed = String::new();
    stdin().read_line(&mut typed)?;
    for answer in check(site.as_ref(), &Nik::parse(&typed)?)? {
        match answer.outcome {
            Outcome::Member => println!("{}: in the list", answer.dataset),
            Outcome::NonMember => println!("{}: not in this list", answer.dataset),
            Outcome::Unknown(why) => println!("{}: could not check ({why})", answer.dataset),
        }
    }
    Ok(())
}
