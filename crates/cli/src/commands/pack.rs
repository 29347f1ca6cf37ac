use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{bail, ensure};
use cek_nik::signature::PublicKey;
use cek_nik_publisher::job::Job;
use cek_nik_publisher::pack::verify;
use cek_nik_publisher::pack::{self, Kind, Packed};
use cek_nik_reader::site::Site;

use super::OUT_ALIAS;
use crate::args::{LanguageOption, parsers};
use crate::output::failure::{failed, own};
use crate::output::progress::Bar;
use crate::output::sanitize;
use crate::output::texts::{Language, Texts};
use crate::stop;
use crate::today::today;

/// Pack a finished site into one file, for checking without a network
///
/// With --out, writes a pack of any size. Open it in the page cek-nik-offline.html of the site, or
/// with `cek-nik check --site`. With --html, writes that page with up to 16 MiB of lists inside; it
/// opens by double click. With --verify, reads such a file and verifies all of it.
///
/// Every shard is verified before it is packed, and a damaged site is refused. The same site and
/// the same version of cek-nik give the same bytes. Publish the SHA-256 that is printed: a file
/// alone does not tell who made it.
///
/// The file appears under its name when it is complete. An existing file is replaced only if it is
/// of the same kind. If packing is killed, it may leave a file beside it whose name starts with a
/// dot and ends in .part; delete it.
#[derive(clap::Args)]
#[command(
    override_usage = "cek-nik pack <SITE> --out <FILE.cnkpack> [OPTIONS]\n       \
                      cek-nik pack <SITE> --html <FILE.html> [OPTIONS]\n       \
                      cek-nik pack --verify <FILE> [--key <KEY>]",
    after_long_help = AFTER_HELP,
    group = clap::ArgGroup::new("what").required(true).args(["out", "html", "verify"])
)]
pub struct Arguments {
    /// Directory of a site, or a pack to take data sets from
    #[arg(required_unless_present = "verify", conflicts_with = "verify")]
    site: Option<PathBuf>,
    /// Write a pack; its name ends in .cnkpack
    #[arg(long, alias = OUT_ALIAS, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write a page with the lists inside; its name ends in .html
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Verify every shard of a pack, or of a page with the lists inside
    #[arg(long, value_name = "FILE")]
    verify: Option<PathBuf>,
    /// Public key of the publisher, or its .pub file: refuse what it has not signed
    ///
    /// The pack takes the signature of the site with it, unless --dataset leaves lists out.
    #[arg(long, value_name = "KEY", value_parser = parsers::public_key)]
    key: Option<PublicKey>,
    /// Pack only this data set; repeat for several data sets
    #[arg(long, value_name = "ID", conflicts_with = "verify")]
    dataset: Vec<String>,
    #[command(flatten)]
    pub(super) language: LanguageOption,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik pack site --out leak.cnkpack
          Pack all data sets
  cek-nik pack --verify leak.cnkpack
          Verify a pack, and print its SHA-256

Exit status:
  0  the file was written, or is good
  2  the file was not written, or is not good";

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let texts = arguments.language.texts();
    let stop = stop::on_signal()?;
    let bar = Bar::new(texts);
    let job = Job {
        today: today()?,
        progress: &bar,
        stop: &stop,
        threads: 1,
        memory: 0,
    };
    if let Some(path) = &arguments.verify {
        let verified = verify::verify(path, arguments.key.as_ref(), &job);
        bar.end();
        print_verified(
            texts,
            path,
            arguments.key.as_ref(),
            &verified.map_err(|error| failed(texts, error))?,
        );
        return Ok(ExitCode::SUCCESS);
    }
    let (kind, out) = arguments.target(texts)?;
    let site = arguments.site(texts)?;
    let key = arguments.key.as_ref();
    let packed = pack::write(&site, &arguments.dataset, kind, out, key, &job);
    bar.end();
    print_packed(
        texts,
        out,
        kind,
        &packed.map_err(|error| failed(texts, error))?,
    );
    Ok(ExitCode::SUCCESS)
}

impl Arguments {
    fn target(&self, texts: Texts) -> anyhow::Result<(Kind, &Path)> {
        let (kind, out, ending) = match (&self.out, &self.html) {
            (Some(out), _) => (Kind::Pack, out, "cnkpack"),
            (None, Some(out)) => (Kind::Page, out, "html"),
            (None, None) => bail!("--out or --html is missing: give the file to write"),
        };
        ensure!(
            out.extension().is_some_and(|extension| extension == ending),
            wrong_ending(texts, out, ending)
        );
        Ok((kind, out))
    }

    fn site(&self, texts: Texts) -> anyhow::Result<Site> {
        let Some(path) = &self.site else {
            bail!(own(
                texts,
                "/failure/cli/no_site_given",
                "the site is missing: give its directory"
            ));
        };
        ensure!(
            !path.to_string_lossy().contains("://"),
            is_an_address(texts, path)
        );
        Ok(Site::local(path.clone()))
    }
}

fn print_packed(texts: Texts, out: &Path, kind: Kind, packed: &Packed) {
    println!("{}", contents(texts, "/pack/packed", out, packed));
    signed(texts, packed);
    println!("SHA-256 {}", hex(&packed.file.sha256));
    let open = match kind {
        Kind::Pack => "/pack/open/pack",
        Kind::Page => "/pack/open/page",
    };
    println!("{} {}", texts.text("/pack/publish"), texts.text(open));
}

fn print_verified(texts: Texts, path: &Path, key: Option<&PublicKey>, verified: &Packed) {
    println!("{}", contents(texts, "/pack/good", path, verified));
    signed(texts, verified);
    println!("SHA-256 {}", hex(&verified.file.sha256));
    match key {
        Some(key) => {
            let key = key.to_string();
            println!("{}", texts.fill("/pack/signed_by", &[("key", &key)]));
        }
        None => println!("{}", texts.text("/pack/anyone")),
    }
}

fn signed(texts: Texts, packed: &Packed) {
    if let Some(comment) = &packed.signed {
        let comment = sanitize::printable(comment);
        println!(
            "{}",
            texts.fill("/pack/signature", &[("comment", &comment)])
        );
    }
}

fn contents(texts: Texts, words: &str, file: &Path, packed: &Packed) -> String {
    let values = [
        ("file", &*sanitize::path(file)),
        ("size", &*texts.size(packed.file.bytes)),
        ("bytes", &*texts.number(packed.file.bytes)),
        (
            "datasets",
            &*texts.count("dataset", packed.datasets.len() as u64),
        ),
        ("ids", &*packed.datasets.join(", ")),
        ("shards", &*texts.count("shard", packed.shards)),
    ];
    texts.fill(words, &values)
}

fn wrong_ending(texts: Texts, out: &Path, ending: &str) -> String {
    let path = out.display().to_string();
    match texts.language() {
        Language::En => {
            format!("{path} does not end in .{ending}, which such a file needs; give another name")
        }
        Language::Id => {
            let values = [("path", &*path), ("ending", ending)];
            texts.fill("/failure/cli/wrong_ending", &values)
        }
    }
}

fn is_an_address(texts: Texts, site: &Path) -> String {
    let path = site.display().to_string();
    match texts.language() {
        Language::En => {
            format!("{path} is an address: copy the site to this computer, and give its directory")
        }
        Language::Id => texts.fill("/failure/cli/site_is_address", &[("path", &path)]),
    }
}

fn hex(hash: &[u8]) -> String {
    base16ct::lower::encode_string(hash)
}
