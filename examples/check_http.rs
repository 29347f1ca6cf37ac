//! Checks one NIK against a site on a host, with the crate `cek-nik-reader`:
//! `cargo run --example check_http -- https://example.org/site/`.

use std::env;
use std::error::Error;
use std::io::stdin;
use std::time::Duration;

use cek_nik::check::{Answer, Checker, Outcome, Reason};
use cek_nik::identifier::IdentifierKind;
use cek_nik::name::NameWord;
use cek_nik::nik::Nik;
use cek_nik_reader::catalogue_file::CatalogueFile;
use cek_nik_reader::site::Site;

/// Opens the site at an address. It may also be a directory, a pack or a page with lists inside.
///
/// A host that does not answer within ten seconds is given up.
pub fn open(address: &str) -> Result<(Site, CatalogueFile), Box<dyn Error>> {
    let site = Site::new(address, Duration::from_secs(10))?;
    let catalogue = site.catalogue()?;
    Ok((site, catalogue))
}

/// One answer for each list of the site. The host sees which shards are fetched, not the NIK.
pub fn check(
    site: &Site,
    catalogue: &CatalogueFile,
    nik: &Nik,
    name: Option<&NameWord>,
) -> Result<Vec<Answer>, Reason> {
    let catalogue = catalogue.catalogue();
    let identifier = catalogue.identifier().identify(nik, name)?;
    // One checker serves many checks: it allocates the memory for Argon2id once.
    let mut checker = Checker::new(catalogue)?;
    Ok(pollster::block_on(checker.check(&identifier, site)))
}

/// Reads a line from standard input: arguments are visible in `ps` and stay in the shell's history.
fn ask(question: &str) -> Result<String, std::io::Error> {
    eprintln!("{question}:");
    let mut typed = String::new();
    stdin().read_line(&mut typed)?;
    Ok(typed)
}

fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1).ok_or("usage: check_http ADDRESS")?;
    // The catalogue first: it says whether the site compares a name besides the NIK.
    let (site, catalogue) = open(&address)?;
    let nik = Nik::parse(&ask("NIK")?)?;
    let name = match catalogue.catalogue().identifier() {
        IdentifierKind::Nik => None,
        IdentifierKind::NikAndName => Some(NameWord::parse(&ask("Name as on the KTP")?)?),
    };
    for answer in check(&site, &catalogue, &nik, name.as_ref())? {
        match answer.outcome {
            Outcome::Member => println!("{}: in the list", answer.dataset),
            Outcome::NonMember => println!("{}: not in this list", answer.dataset),
            Outcome::Unknown(why) => println!("{}: could not check ({why})", answer.dataset),
        }
    }
    Ok(())
}
