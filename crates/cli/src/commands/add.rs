use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{bail, ensure};
use cek_nik::identifier::IdentifierKind;
use cek_nik_publisher::config::error::ConfigError;
use cek_nik_publisher::config::steps::Steps;
use cek_nik_publisher::config::{DatasetDescription, read_datasets};
use cek_nik_publisher::edit;
use cek_nik_publisher::site::catalogue_document::Text;

use super::build::{dataset, is_description, parse_id};
use crate::args::{
    AccuracyOptions, HarmOptions, LanguageOption, ListOptions, ReportOption, ResourceOptions,
};
use crate::job;
use crate::output::failure::{failed, own};
use crate::output::list_report;
use crate::output::progress::Bar;
use crate::output::report;
use crate::output::texts::Texts;

/// Add a data set to a published site
///
/// Adds one data set from one or more lists, or those that the [[dataset]] tables of a .toml file
/// describe. Lists are read and checked as by `cek-nik build`. The salt, the key derivation and
/// what readers type are those of the site.
///
/// The lists of the other data sets are not needed: their shards are verified and stay. So do their
/// texts, their order, and the publisher's texts and steps. The new data set comes last. The site
/// on disk changes only when the new edition is complete.
///
/// After an interruption or a power cut, run the same command again to continue. Until the site is
/// published, the keys are kept in the directory .SITE.keys beside it, as by `cek-nik build`.
#[derive(clap::Args)]
#[command(after_long_help = AFTER_HELP)]
pub struct Arguments {
    /// Directory of the site
    site: PathBuf,
    /// Lists, or one .toml file with [[dataset]] tables
    #[arg(required = true, value_name = "LIST")]
    lists: Vec<PathBuf>,
    #[command(flatten)]
    description: DescriptionOptions,
    /// Discard the keys of an interrupted build and start with the first row
    #[arg(long)]
    start_over: bool,
    #[command(flatten)]
    pub(super) language: LanguageOption,
    #[command(flatten)]
    list_options: ListOptions,
    #[command(flatten)]
    report: ReportOption,
    #[command(flatten)]
    accuracy: AccuracyOptions,
    #[command(flatten)]
    resources: ResourceOptions,
    #[command(flatten)]
    risks: HarmOptions,
}

/// How the data set is shown to readers.
#[derive(clap::Args, Default, PartialEq)]
struct DescriptionOptions {
    /// Data set id: a-z, 0-9 and hyphens [default: from the name of the first list]
    #[arg(long, value_parser = parse_id)]
    id: Option<String>,
    /// Title for readers, in Indonesian [default: the id]
    #[arg(long, value_name = "TEXT")]
    title_id: Option<String>,
    /// Title for readers, in English [default: the id]
    #[arg(long, value_name = "TEXT")]
    title_en: Option<String>,
    /// When the list appeared: YYYY, YYYY-MM or YYYY-MM-DD
    #[arg(long)]
    date: Option<String>,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik add site list.csv --id kesehatan-2021 --date 2021-05
          Add one list with the default settings
  cek-nik add site dataset.toml
          Add the data sets of a file, with all texts for readers

Exit status:
  0  the site was published with the new data sets
  2  nothing was published; the site is unchanged";

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let texts = arguments.language.texts();
    arguments.check(texts)?;
    list_report::check(texts, arguments.report.report.as_deref())?;
    let mut accepted = arguments.risks.accepted();
    accepted.start_over = arguments.start_over;
    let stop = crate::stop::on_signal()?;
    let bar = Bar::new(texts);
    let job = job::on_all_cores(&bar, &stop, arguments.resources.memory())?;
    let describe = |identifier| arguments.datasets(identifier);
    let published = edit::add(&arguments.site, describe, accepted, &job);
    bar.end();
    if let Ok(published) = &published {
        for edition in &published.editions {
            bar.report.count_distinct(&edition.id, edition.distinct);
        }
    }
    if let Some(path) = &arguments.report.report {
        bar.report.save(texts, path)?;
    }
    let published = published.map_err(|error| failed(texts, error))?;
    let steps = Steps::default();
    report::published(texts, &published, &arguments.site, &steps, job.memory);
    report::remind_of_description(texts);
    Ok(ExitCode::SUCCESS)
}

impl Arguments {
    fn check(&self, texts: Texts) -> anyhow::Result<()> {
        if !self.lists.iter().any(|path| is_description(path)) {
            return Ok(());
        }
        let [_] = self.lists.as_slice() else {
            bail!(own(
                texts,
                "/failure/cli/list_and_description",
                "lists and a .toml file cannot be combined: name the lists in the file"
            ));
        };
        ensure!(
            self.description == DescriptionOptions::default()
                && self.list_options == ListOptions::default()
                && self.accuracy == AccuracyOptions::default(),
            own(
                texts,
                "/failure/cli/description_options",
                "a .toml file takes no options but --report, --memory, --accept-... and \
                 --start-over: write the others into the file"
            )
        );
        Ok(())
    }

    fn datasets(&self, identifier: IdentifierKind) -> Result<Vec<DatasetDescription>, ConfigError> {
        if let [path] = self.lists.as_slice()
            && is_description(path)
        {
            return read_datasets(path, identifier);
        }
        let DescriptionOptions {
            id,
            title_id,
            title_en,
            date,
        } = &self.description;
        let reading = self.list_options.reading(identifier)?;
        let constraints = self.accuracy.constraints()?;
        let dataset = dataset(&self.lists, id.as_deref(), &reading, constraints)?;
        let title = |given: &Option<String>| given.clone().unwrap_or_default();
        let is_titled = title_id.is_some() || title_en.is_some();
        Ok(vec![DatasetDescription {
            title: match is_titled {
                // A missing language shows the other one.
                true => Text {
                    id: title(title_id),
                    en: title(title_en),
                },
                false => dataset.title,
            },
            date: date.clone().unwrap_or_default(),
            ..dataset
        }])
    }
}
