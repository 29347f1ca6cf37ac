use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, bail, ensure};
use cek_nik_publisher::signing;
use cek_nik_publisher::signing::secret_key::{self, KeyFile, SecretKey};
use zeroize::Zeroizing;

use crate::job;
use crate::output::hints::hinted;
use crate::output::progress::Bar;
use crate::output::sanitize;
use crate::output::texts::{Language, Texts};
use crate::prompt::{self, Prompt};

/// Sign a finished site, so that readers can recognize its publisher
///
/// Verifies every shard, and refuses a damaged site. Then signs catalogue.json, which names all
/// shards by their hashes, and writes catalogue.json.minisig beside it. The signed comment holds
/// the edition and its expiry.
///
/// Sign again after each build, add and remove, before you upload the site: they remove the old
/// signature.
///
/// Keys and signatures have the format of minisign, and each program verifies the signatures of the
/// other: minisign -Vm site/catalogue.json -p FILE.pub. The password is asked for without showing
/// it, and is not stored.
#[derive(clap::Args)]
#[command(
    override_usage = "cek-nik sign <SITE> --key <FILE> [--password-stdin]\n       \
                      cek-nik sign --new-key <FILE> [--password-stdin]",
    after_long_help = AFTER_HELP
)]
pub struct Arguments {
    /// Directory of the site
    #[arg(required_unless_present = "new_key", requires = "key")]
    site: Option<PathBuf>,
    /// Secret key to sign with
    #[arg(long, value_name = "FILE", requires = "site")]
    key: Option<PathBuf>,
    /// Make a key pair: the secret key FILE, and the public key FILE.pub
    ///
    /// Only you can read the secret key. An existing file is never replaced, and a directory inside
    /// a site is refused.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["site", "key"])]
    new_key: Option<PathBuf>,
    /// Read the password from the first line of standard input, for scripts
    #[arg(long)]
    password_stdin: bool,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik sign --new-key publisher.key
          Make a key pair, once
  cek-nik sign site --key publisher.key
          Sign a site before it is uploaded

Exit status:
  0  the site was signed, or the keys were made
  2  nothing was written";

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match (&arguments.new_key, &arguments.site, &arguments.key) {
        (Some(path), ..) => make_keys(path, arguments.password_stdin)?,
        (None, Some(site), Some(key)) => sign(site, key, arguments.password_stdin)?,
        _ => bail!("the secret key is missing: give it with --key, or make one with --new-key"),
    }
    Ok(ExitCode::SUCCESS)
}

fn make_keys(path: &Path, password_stdin: bool) -> anyhow::Result<()> {
    let new = secret_key::check_new(path);
    new.map_err(|error| hinted(Texts::new(Language::En), error.code(), error))?;
    let password = if password_stdin {
        first_line()?
    } else {
        let prompt = Prompt::for_password()?;
        let password = text(prompt.ask("Password for the new key (not shown): ")?)?;
        let again = text(prompt.ask("The same once more: ")?)?;
        ensure!(
            password == again,
            "the two passwords differ; nothing was written: run the command again"
        );
        password
    };
    let created = secret_key::create(path, &password);
    let public = created.map_err(|error| hinted(Texts::new(Language::En), error.code(), error))?;
    println!(
        "Secret key {}: keep it off the host. Without this file and its password, you cannot sign \
         again: keep a copy of both.",
        sanitize::path(path)
    );
    println!(
        "Public key {}: {public}",
        sanitize::path(&secret_key::public_path(path))
    );
    println!("Publish the public key where readers and newsrooms find it.");
    Ok(())
}

fn sign(site: &Path, key: &Path, password_stdin: bool) -> anyhow::Result<()> {
    let key = unlock(key, password_stdin)?;
    let stop = AtomicBool::new(false);
    let texts = Texts::new(Language::En);
    let bar = Bar::new(texts);
    let signed = signing::sign(site, &key, &job::on_all_cores(&bar, &stop, 0)?);
    bar.end();
    let signed = signed.map_err(|error| hinted(Texts::new(Language::En), error.code(), error))?;
    println!(
        "{}: signed as \"{}\", {} verified",
        sanitize::path(site),
        signed.comment,
        texts.count("shard", signed.shards)
    );
    println!("Public key {}", signed.key);
    println!("Upload catalogue.json.minisig together with catalogue.json.");
    Ok(())
}

fn unlock(path: &Path, password_stdin: bool) -> anyhow::Result<SecretKey> {
    let file = KeyFile::read(path)
        .map_err(|error| hinted(Texts::new(Language::En), error.code(), error))?;
    let password = match (file.is_encrypted(), password_stdin) {
        (false, _) => Zeroizing::default(),
        (true, true) => first_line()?,
        (true, false) => {
            let question = format!("Password of {} (not shown): ", sanitize::path(path));
            text(Prompt::for_password()?.ask(&question)?)?
        }
    };
    file.unlock(&password)
        .map_err(|error| hinted(Texts::new(Language::En), error.code(), error))
}

fn first_line() -> anyhow::Result<Zeroizing<String>> {
    let line = prompt::lines()?.next();
    text(line.context("standard input has no password: give it on the first line")??)
}

fn text(line: Zeroizing<Vec<u8>>) -> anyhow::Result<Zeroizing<String>> {
    let text = str::from_utf8(&line).context("the password is not UTF-8 text")?;
    Ok(Zeroizing::new(text.trim_end_matches('\r').to_owned()))
}
