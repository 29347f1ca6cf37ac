use std::path::PathBuf;
use std::process::ExitCode;

use cek_nik_publisher::edit;

use super::build::parse_id;
use crate::args::LanguageOption;
use crate::job;
use crate::output::failure::failed;
use crate::output::progress::Bar;
use crate::output::report;

/// Remove a data set from a published site
///
/// No list is needed: the shards of the other data sets are verified and stay. So do their texts,
/// their order, and the publisher's texts and steps. The site on disk changes only when the new
/// edition is complete; the shards of the removed data set are then deleted.
///
/// The only data set of a site cannot be removed: a site without one cannot answer. To take the
/// whole site down, run `cek-nik withdraw`.
///
/// Copies of the data set remain: on the host until you upload the site, in backups, in packs, and
/// on the devices of readers who have saved it.
#[derive(clap::Args)]
#[command(after_long_help = AFTER_HELP)]
pub struct Arguments {
    /// Directory of the site
    site: PathBuf,
    /// Id of the data set
    #[arg(value_parser = parse_id)]
    id: String,
    #[command(flatten)]
    pub(super) language: LanguageOption,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik remove site kesehatan-2021
          Remove one data set
  cek-nik remove /mnt/vault/site list
          The same, in another directory

Exit status:
  0  the site was published without the data set
  2  nothing was published; the site is unchanged";

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let texts = arguments.language.texts();
    let stop = crate::stop::on_signal()?;
    let bar = Bar::new(texts);
    let job = job::on_all_cores(&bar, &stop, 0)?;
    let published = edit::remove(&arguments.site, &arguments.id, &job);
    bar.end();
    let published = published.map_err(|error| failed(texts, error))?;
    let removed = texts.fill("/report/dataset_removed", &[("id", &arguments.id)]);
    eprintln!("{removed}");
    report::edited(texts, &published, &arguments.site);
    report::remind_of_description(texts);
    Ok(ExitCode::SUCCESS)
}
