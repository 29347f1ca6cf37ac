use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use cek_nik::catalogue::{CatalogueError, DatasetError, ForPeople, Text};
use cek_nik::check::{Answer, Checker, FetchError, Outcome, Reason};
use cek_nik::identifier::IdentifierKind;
use cek_nik::nik::NikError;
use cek_nik::shard::ShardError;
use cek_nik_reader::site::Site;
use indicatif::ProgressBar;
use serde::Serialize;

use crate::exit_status::FAILURE;
use crate::output::sanitize;
use crate::output::texts::{Language, Texts};
use crate::prompt;
use crate::query::{InvalidQuery, Query};

/// Check NIKs against a site
///
/// Asks for one NIK without showing it, or with --stdin reads one a line. From a directory, a pack (.cnkpack), or a page with the lists inside (.html)
/// nothing is sent anywhere; from an address, the site's host sees which shards are fetched, as it does of readers.
///
/// Some sites take a name besides the NIK. Then check asks for it as well, and compares the first
/// word of it that has two letters or more and is not a title. That word must be spelt as on the
/// KTP.
///
/// With --stdin, a line is a NIK, or for such a site a NIK and a name with a comma, semicolon, | or
/// tab between them. A line with more columns is not checked: cut out the columns first. A name
/// that contains a comma, such as "SITI, S.Pd", needs another separator.
///
/// Exit status: 0 when a NIK is in some list; otherwise 2 when something could not be checked; otherwise 1: in none of
/// the lists.
#[derive(clap::Args)]
pub struct Arguments {
    /// The directory of a site, a file that cek-nik pack made, or an address
    #[arg(long, value_name = "DIR_FILE_OR_URL")]
    site: String,
    /// One object a line: line number, and for each data set id, outcome and certainty; never the NIK or the name
    #[arg(long)]
    json: bool,
    /// Read from standard input, one NIK a line, followed by a separator and the name where the
    /// site takes one; a line with more columns is an error
    #[arg(long)]
    stdin: bool,
    /// How long a host may take to answer, in seconds; four times as long to send a whole file
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    patience: u64,
    /// The language of the answer [default: from the environment]
    #[arg(long, value_enum)]
    lang: Option<Language>,
}

const IN_A_LIST: u8 = 0;
const IN_NONE: u8 = 1;

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let language = arguments.lang.unwrap_or_else(Language::of_environment);
    let mut session = Session {
        checked: 0,
        answered: false,
        site: Site::new(&arguments.site, Duration::from_secs(arguments.patience)),
        json: arguments.json,
        language,
        texts: Texts::new(language),
        found: false,
        failed: false,
    };
    let opened = session.site.catalogue();
    let mut ready = match &opened {
        Ok(file) => Checker::new(file.catalogue()).map(|checker| Ready {
            identifier: file.catalogue().identifier(),
            checker,
            for_people: file.for_people(),
        }),
        Err(reason) => Err(*reason),
    };
    if arguments.stdin {
        for (number, line) in (1..).zip(prompt::lines()) {
            let line = line?;
            session.person(number, &mut ready, |_, kind| {
                Ok(Query::of_line(&line, kind))
            })?;
        }
    } else {
        session.person(1, &mut ready, Query::ask)?;
    }
    if session.checked == 0 {
        // Of no number at all, "in none of the lists" would be true and would mislead.
        match ready {
            Ok(_) => eprintln!("error: {}", session.texts.text("/cli/no_input")),
            Err(reason) => eprintln!("error: {}", session.reason(reason)),
        }
        return Ok(ExitCode::from(FAILURE));
    }
    session.maker()?;
    Ok(ExitCode::from(match (session.found, session.failed) {
        (true, _) => IN_A_LIST,
        (false, true) => FAILURE,
        (false, false) => IN_NONE,
    }))
}

struct Ready<'a> {
    identifier: IdentifierKind,
    checker: Checker<'a>,
    /// In the order of the answers.
    for_people: Vec<ForPeople>,
}

struct Session {
    site: Site,
    json: bool,
    language: Language,
    texts: Texts,
    checked: u64,
    answered: bool,
    found: bool,
    failed: bool,
}

impl Session {
    /// Checks one query. Where the site cannot be used, it never asks for a number.
    fn person(
        &mut self,
        number: u64,
        ready: &mut Result<Ready, Reason>,
        person: impl FnOnce(&Texts, IdentifierKind) -> anyhow::Result<Query>,
    ) -> anyhow::Result<()> {
        self.checked += 1;
        let ready = match ready {
            Ok(ready) => ready,
            Err(reason) => return self.unchecked(number, *reason),
        };
        match person(&self.texts, ready.identifier)?.identify(ready.identifier) {
            Ok(identifier) => {
                let waiting = ProgressBar::new_spinner();
                waiting.enable_steady_tick(Duration::from_millis(200));
                let answers = pollster::block_on(ready.checker.check(&identifier, &self.site));
                waiting.finish_and_clear();
                self.answers(number, &answers, ready)
            }
            Err(nobody) => self.nobody(number, nobody),
        }
    }

    fn answers(&mut self, number: u64, answers: &[Answer], ready: &Ready) -> anyhow::Result<()> {
        for answer in answers {
            match answer.outcome {
                Outcome::Member => (self.answered, self.found) = (true, true),
                Outcome::NonMember => self.answered = true,
                Outcome::Unknown(_) => self.failed = true,
            }
        }
        let mut out = io::stdout().lock();
        if self.json {
            let line = Line {
                line: number,
                datasets: answers
                    .iter()
                    .zip(&ready.for_people)
                    .map(|(answer, for_people)| DatasetAnswer { answer, for_people })
                    .collect(),
                ..Line::default()
            };
            return line.write(&mut out);
        }
        for (answer, for_people) in answers.iter().zip(&ready.for_people) {
            let title = self.title(answer, for_people);
            let words = match answer.outcome {
                Outcome::Member => self.texts.text("/outcome/member").to_owned(),
                Outcome::NonMember => self.non_member(ready.identifier, for_people.rows_refused),
                Outcome::Unknown(reason) => format!(
                    "{}. {}",
                    self.texts.text("/outcome/unknown"),
                    self.reason(reason)
                ),
            };
            writeln!(out, "{number}: {}: {words}", sanitize::printable(&title))?;
        }
        Ok(())
    }

    /// An answer is worth as much as whoever made the file.
    fn maker(&self) -> anyhow::Result<()> {
        if self.answered && !self.json && matches!(self.site, Site::Pack { .. }) {
            writeln!(io::stdout(), "{}", self.texts.text("/cli/pack_maker"))?;
        }
        Ok(())
    }

    fn non_member(&self, identifier: IdentifierKind, rows_refused: u64) -> String {
        let words = self.texts.text("/outcome/non_member");
        let mut reservations = Vec::new();
        if identifier == IdentifierKind::NikAndName {
            reservations.push(self.texts.text("/cli/spelling").to_owned());
        }
        if rows_refused > 0 {
            let rows = rows_refused.to_string();
            reservations.push(self.texts.fill("/cli/rows_refused", &[("rows", &rows)]));
        }
        if reservations.is_empty() {
            words.to_owned()
        } else {
            format!("{words}. {}", reservations.join(" "))
        }
    }

    /// What happened and what to do next. Of files, the widget's words about networks would be wrong.
    fn reason(&self, reason: Reason) -> String {
        let (path, is_pack) = match &self.site {
            Site::Directory(path) => (path, false),
            Site::Pack { path, .. } => (path, true),
            #[cfg(feature = "http")]
            Site::Http(_) => return self.texts.reason(reason),
        };
        let text = match reason {
            Reason::Catalogue(CatalogueError::NewerVersion)
            | Reason::Dataset(DatasetError::UnsupportedFilter)
            | Reason::Shard(ShardError::NewerVersion) => "pack_newer_version",
            Reason::Catalogue(
                CatalogueError::UnsupportedKdf | CatalogueError::UnsupportedIdentifier,
            ) => "pack_unsupported",
            Reason::Catalogue(_) | Reason::Dataset(_) if is_pack => "pack_catalogue",
            Reason::Catalogue(_) | Reason::Dataset(_) => "site_catalogue",
            Reason::Shard(_) if is_pack => "pack_shard",
            Reason::Shard(_) => "site_shard",
            Reason::CatalogueFetch(FetchError::Unreadable) if !is_pack => "site_not_a_file",
            Reason::CatalogueFetch(_) if !is_pack => "no_site",
            Reason::Fetch(FetchError::Unreadable) if !is_pack => "shard_not_a_file",
            Reason::Fetch(_) if !is_pack => "no_shard",
            Reason::CatalogueFetch(_) | Reason::Fetch(_) | Reason::Pack(_) => reason.code(),
            Reason::OtherIdentifier | Reason::OutOfMemory => return self.texts.reason(reason),
        };
        self.of_file(text, path)
    }

    fn of_file(&self, text: &str, path: &Path) -> String {
        let path = sanitize::path(path);
        self.texts
            .fill(&format!("/cli/{text}"), &[("path", path.as_str())])
    }

    /// The title of a data set, or else its id, and the date of this edition.
    fn title(&self, answer: &Answer, for_people: &ForPeople) -> String {
        let Text { id, en } = &for_people.title;
        let title = match self.language {
            Language::En if !en.is_empty() => en,
            _ => id,
        };
        let title = Some(title).filter(|title| !title.is_empty());
        let title = title.unwrap_or(&answer.dataset);
        match for_people.built.as_str() {
            "" => title.clone(),
            built => {
                let named = [("built", built), ("title", title.as_str())];
                self.texts.fill("/cli/edition", &named)
            }
        }
    }

    fn nobody(&mut self, number: u64, nobody: InvalidQuery) -> anyhow::Result<()> {
        self.failed = true;
        let mut out = io::stdout().lock();
        if self.json {
            let mut line = Line {
                line: number,
                reason: Some(nobody.code()),
                ..Line::default()
            };
            match nobody {
                InvalidQuery::Nik(NikError::Length { digits }) => line.digits = Some(digits),
                InvalidQuery::Nik(NikError::NotADigit { position }) => {
                    line.position = Some(position)
                }
                InvalidQuery::Nik(NikError::Empty)
                | InvalidQuery::NoName
                | InvalidQuery::Name(_)
                | InvalidQuery::ExtraColumns(_) => {}
            }
            line.write(&mut out)?;
        } else {
            let words = match nobody {
                InvalidQuery::Nik(error) => self.texts.nik_error(error),
                InvalidQuery::NoName => self.texts.text("/cli/no_name").to_owned(),
                InvalidQuery::Name(error) => self.texts.name_error(error),
                InvalidQuery::ExtraColumns(IdentifierKind::Nik) => {
                    self.texts.text("/cli/only_nik").to_owned()
                }
                InvalidQuery::ExtraColumns(IdentifierKind::NikAndName) => {
                    self.texts.text("/cli/only_nik_and_name").to_owned()
                }
            };
            writeln!(out, "{number}: {words}")?;
        }
        Ok(())
    }

    fn unchecked(&mut self, number: u64, reason: Reason) -> anyhow::Result<()> {
        self.failed = true;
        let mut out = io::stdout().lock();
        if self.json {
            let line = Line {
                line: number,
                reason: Some(reason.code()),
                ..Line::default()
            };
            line.write(&mut out)?;
        } else {
            let unknown = self.texts.text("/outcome/unknown");
            writeln!(out, "{number}: {unknown}. {}", self.reason(reason))?;
        }
        Ok(())
    }
}

/// One line of `--json`: the answers, or why there are none.
#[derive(Default, Serialize)]
struct Line<'a> {
    /// Its number, from 1.
    line: u64,
    datasets: Vec<DatasetAnswer<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// How many digits there are in place of 16.
    #[serde(skip_serializing_if = "Option::is_none")]
    digits: Option<usize>,
    /// The character that is no digit, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<usize>,
}

/// One answer, with what the catalogue says about its data set.
#[derive(Serialize)]
struct DatasetAnswer<'a> {
    #[serde(flatten)]
    answer: &'a Answer,
    #[serde(flatten)]
    for_people: &'a ForPeople,
}

impl Line<'_> {
    fn write(&self, out: &mut impl Write) -> anyhow::Result<()> {
        writeln!(out, "{}", serde_json::to_string(self)?)?;
        Ok(())
    }
}
