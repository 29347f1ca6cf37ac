use std::path::PathBuf;
use std::process::ExitCode;

use cek_nik_publisher::edit;
use cek_nik_publisher::site::catalogue_document::Text;

use crate::output::hints::hinted;
use crate::output::report;
use crate::output::texts::{Language, Texts};
use crate::today::today;

/// Take a site down, and remove its lists from readers' devices
///
/// Deletes the shards, the catalogue and its signature. The pages then say, in Indonesian and
/// English, that the list was taken down, since when, and by whom. At a reader's next visit, the
/// service worker removes the lists that the reader has saved, and itself. Other files stay:
/// `embed.js`, so that the frames of newsrooms show the notice, and whatever else is in the
/// directory.
///
/// This cannot be undone without the lists or a copy of the site. Packs, copies and downloaded
/// files go on answering.
#[derive(clap::Args)]
#[command(after_long_help = AFTER_HELP)]
pub struct Arguments {
    /// Directory of the site
    site: PathBuf,
    /// Why, for readers, in Indonesian
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    reason_id: String,
    /// Why, for readers, in English
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    reason_en: String,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik withdraw site
          Take the site down
  cek-nik withdraw site --reason-id \"Atas permintaan pengadilan.\" --reason-en \"A court ordered it.\"
          The same, and say why

Exit status:
  0  the site was taken down
  2  nothing was taken down, or not everything; run the same command again";

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let reason = Text {
        id: arguments.reason_id.clone(),
        en: arguments.reason_en.clone(),
    };
    let withdrawn = edit::withdraw(&arguments.site, reason, today()?);
    let withdrawn =
        withdrawn.map_err(|error| hinted(Texts::new(Language::En), error.code(), error))?;
    report::withdrawn(&withdrawn, &arguments.site);
    Ok(ExitCode::SUCCESS)
}
