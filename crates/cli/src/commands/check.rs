use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use cek_nik::catalogue::{CatalogueError, DatasetError, ForPeople, Text};
use cek_nik::check::{Answer, Checker, FetchError, KeepingChecker, Outcome, Reason};
use cek_nik::edition::{Age, Validity};
use cek_nik::identifier::IdentifierKind;
use cek_nik::nik::{Date, NikError};
use cek_nik::shard::ShardError;
use cek_nik::signature::PublicKey;
use cek_nik::stack::wiped;
use cek_nik_reader::catalogue_file::CatalogueFile;
#[cfg(feature = "http")]
use cek_nik_reader::http::HostFault;
use cek_nik_reader::mirrors::MirroredSite;
use cek_nik_reader::site::Site;
use indicatif::ProgressBar;
use serde::Serialize;

use crate::args::{LanguageOption, parsers};
use crate::exit_status::FAILURE;
use crate::output::sanitize;
use crate::output::texts::{Language, Texts};
use crate::prompt;
use crate::query::{InvalidQuery, Query};
use crate::today::today;

/// Check NIKs against a site
///
/// Asks for one NIK without showing it, or reads one per line with --stdin. With a directory, a
/// pack (.cnkpack) or a page with the lists inside (.html), nothing is sent anywhere. With an
/// address, the host sees which shards are fetched, as it does when readers check in a browser.
///
/// Some sites also take a name. The check compares its first word that has two letters or more and
/// is not a title. Type that word as on the KTP.
///
/// With --stdin, a line is a NIK, or for such a site a NIK and a name, separated by a comma,
/// semicolon, | or tab. A line with more columns is an error: remove the other columns first. A
/// name that contains a comma, such as "SITI, S.Pd", needs another separator.
///
/// The publisher may have set an expiry. After it, each answer says so; when as much time again has
/// passed, nothing can be checked. The catalogue is read once, so that all lines are answered from
/// one edition.
#[derive(clap::Args)]
#[command(after_long_help = AFTER_HELP)]
pub struct Arguments {
    /// Directory or address of a site, or a file that `cek-nik pack` wrote
    #[arg(long, value_name = "DIR_FILE_OR_URL")]
    site: String,
    /// Address of the same site on another host, asked if the first is down, slow or wrong
    ///
    /// Several are asked in the order in which they are given, each only for what those before it
    /// lack. With --key, those that the signed catalogue names follow. Each learns at most what the
    /// first host learns.
    #[arg(long = "mirror", value_name = "URL")]
    mirrors: Vec<String>,
    /// Print one JSON object per line
    ///
    /// It has the line number and the id, outcome and certainty of each data set, and the expiry
    /// if it has passed, but never the NIK or the name.
    #[arg(long)]
    json: bool,
    /// Read NIKs from standard input, one per line
    ///
    /// Where the site takes a name, a separator and the name follow the NIK.
    #[arg(long)]
    stdin: bool,
    /// Seconds that a host may be silent, in all requests of a check together
    ///
    /// Each kilobyte that arrives adds a quarter of a second, and each answer three seconds, up to
    /// this time. So a slow line is waited for, and a silent host once.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    patience: u64,
    /// Public key of the publisher, or its .pub file: refuse a site or file that it has not signed
    #[arg(long, value_name = "KEY", value_parser = parsers::public_key)]
    key: Option<PublicKey>,
    #[command(flatten)]
    pub(super) language: LanguageOption,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik check --site https://example.org/nik/
          Ask for a NIK, and check it against a published site
  cek-nik check --site leak.cnkpack --stdin < numbers.txt
          Check many NIKs without a network

Network:
  Requests go through the proxy in ALL_PROXY, HTTPS_PROXY or HTTP_PROXY, the first that is set,
  except for the hosts in NO_PROXY. Redirects to another host are refused: it would see which
  shards are fetched.

Exit status:
  0  a NIK is in some list
  1  no NIK is in any list
  2  none was found, and something could not be checked";

const IN_A_LIST: u8 = 0;
const IN_NONE: u8 = 1;

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let texts = arguments.language.texts();
    let patience = Duration::from_secs(arguments.patience);
    let site = match MirroredSite::new(&arguments.site, &arguments.mirrors, patience) {
        Ok(site) => site,
        Err((location, error)) => {
            let site = sanitize::path(Path::new(location.trim()));
            let text = texts.fill(&format!("/cli/{}", error.code()), &[("path", &site)]);
            eprintln!("{}: {text}", texts.error());
            return Ok(ExitCode::from(FAILURE));
        }
    };
    let mut warned = Vec::new();
    let mut session = Session {
        checked: 0,
        answered: false,
        site,
        json: arguments.json,
        texts,
        found: false,
        failed: false,
    };
    session.warn_of_host(&mut warned);
    let today = today()?;
    let opened = session.site.catalogue(arguments.key.as_ref(), today);
    session.warn_of_host(&mut warned);
    let mut ready = match &opened {
        Ok(file) => Ready::new(file, today),
        Err(reason) => Err(*reason),
    };
    if arguments.stdin {
        for (number, line) in (1..).zip(prompt::lines()?) {
            let line = line?;
            wiped(|| {
                session.check(number, &mut ready, |_, kind| {
                    Ok(Query::of_line(&line, kind))
                })
            })?;
        }
    } else {
        session.check(1, &mut ready, Query::ask)?;
    }
    if session.checked == 0 {
        // "In none of the lists" would be misleading without any number.
        match ready {
            Ok(_) => eprintln!(
                "{}: {}",
                session.texts.error(),
                session.texts.text("/cli/no_input")
            ),
            Err(reason) => eprintln!(
                "{}: {}",
                session.texts.error(),
                session.reason(reason, None)
            ),
        }
        return Ok(ExitCode::from(FAILURE));
    }
    if arguments.key.is_none() {
        session.warn_of_pack()?;
    }
    session.warn_of_host(&mut warned);
    Ok(ExitCode::from(match (session.found, session.failed) {
        (true, _) => IN_A_LIST,
        (false, true) => FAILURE,
        (false, false) => IN_NONE,
    }))
}

struct Ready<'a> {
    identifier: IdentifierKind,
    checker: KeepingChecker<'a>,
    /// In the order of the answers.
    for_people: Vec<ForPeople>,
    /// The expiry of the edition, if it has passed.
    expired: Option<Date>,
}

impl<'a> Ready<'a> {
    fn new(file: &'a CatalogueFile, today: Date) -> Result<Self, Reason> {
        let catalogue = file.catalogue();
        let age = catalogue.usable_age(today)?;
        let validity = catalogue.validity().filter(|_| age == Age::Expired);
        Ok(Self {
            identifier: catalogue.identifier(),
            checker: Checker::new(catalogue)?.keeping_whole_sets(),
            for_people: file.for_people(),
            expired: validity.map(Validity::expires),
        })
    }
}

struct Session {
    site: MirroredSite,
    json: bool,
    texts: Texts,
    checked: u64,
    answered: bool,
    found: bool,
    failed: bool,
}

impl Session {
    /// Checks one query. Asks for no number if the site cannot be used.
    fn check(
        &mut self,
        number: u64,
        ready: &mut Result<Ready, Reason>,
        query: impl FnOnce(&Texts, IdentifierKind) -> anyhow::Result<Query>,
    ) -> anyhow::Result<()> {
        self.checked += 1;
        let ready = match ready {
            Ok(ready) => ready,
            Err(reason) => return self.unchecked(number, *reason),
        };
        let query = query(&self.texts, ready.identifier)?;
        // Wiped at once: structures with gaps copy what is left on the stack into the heap.
        match wiped(|| query.identify(ready.identifier)) {
            Ok(identifier) => {
                let waiting = ProgressBar::new_spinner();
                waiting.enable_steady_tick(Duration::from_millis(200));
                self.site.renew_patience();
                let check = ready.checker.check(&identifier, &self.site);
                let answers = wiped(|| pollster::block_on(check));
                waiting.finish_and_clear();
                self.answers(number, &answers, ready)
            }
            Err(error) => self.invalid(number, error),
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
                expired: ready.expired.map(|day| day.to_string()),
                ..Line::default()
            };
            return line.write(&mut out);
        }
        for (answer, for_people) in answers.iter().zip(&ready.for_people) {
            let title = self.title(answer, for_people);
            let words = match answer.outcome {
                Outcome::Member => self.reserved("member", &self.expired(ready)),
                Outcome::NonMember => self.non_member(ready, for_people.rows_refused),
                Outcome::Unknown(reason) => {
                    self.reserved("unknown", &[self.reason(reason, Some(&answer.dataset))])
                }
            };
            writeln!(out, "{number}: {}: {words}", sanitize::printable(&title))?;
        }
        Ok(())
    }

    /// Says that a pack may be made by anyone.
    fn warn_of_pack(&self) -> anyhow::Result<()> {
        if self.answered && !self.json && matches!(self.site.current(), Site::Pack { .. }) {
            writeln!(io::stdout(), "{}", self.texts.text("/cli/pack_maker"))?;
        }
        Ok(())
    }

    /// Says what a host does wrong that changes no answer, each once.
    #[cfg_attr(not(feature = "http"), expect(clippy::unused_self))]
    fn warn_of_host(&self, warned: &mut Vec<String>) {
        #[cfg(feature = "http")]
        for site in self.site.all() {
            let Site::Http(host) = site else { continue };
            for (text, applies) in [
                ("host_unprotected", host.is_unprotected()),
                ("host_hidden", host.is_hidden_from_browsers()),
            ] {
                let words = self.of_file(text, Path::new(host.address()));
                if applies && !warned.contains(&words) {
                    eprintln!("{}: {words}", self.texts.text("/cli/warning"));
                    warned.push(words);
                }
            }
        }
        #[cfg(not(feature = "http"))]
        let _ = warned;
    }

    fn non_member(&self, ready: &Ready, rows_refused: u64) -> String {
        let mut reservations = self.expired(ready);
        if ready.identifier == IdentifierKind::NikAndName {
            reservations.push(self.texts.text("/cli/spelling").to_owned());
        }
        if rows_refused > 0 {
            let rows = rows_refused.to_string();
            reservations.push(self.texts.fill("/cli/rows_refused", &[("rows", &rows)]));
        }
        self.reserved("non_member", &reservations)
    }

    fn expired(&self, ready: &Ready) -> Vec<String> {
        let text = |day: Date| {
            let expires = day.to_string();
            self.texts
                .fill("/cli/edition_expired", &[("expires", &expires)])
        };
        ready.expired.map(text).into_iter().collect()
    }

    /// The words of an outcome, followed by sentences.
    fn reserved(&self, outcome: &str, sentences: &[String]) -> String {
        let words = self.texts.text(&format!("/outcome/{outcome}")).to_owned();
        match sentences {
            [] => words,
            sentences => format!("{words}. {}", sentences.join(" ")),
        }
    }

    /// What happened with the catalogue or a data set, and what to do. The texts of the widget
    /// speak of networks, so files have others.
    #[cfg_attr(not(feature = "http"), expect(unused_variables))]
    fn reason(&self, reason: Reason, dataset: Option<&str>) -> String {
        // These texts fit a host as well as a file.
        if let Reason::Edition(_) | Reason::Signature(_) = reason {
            return self
                .texts
                .text(&format!("/cli/{}", reason.code()))
                .to_owned();
        }
        let (path, is_pack) = match self.site.current() {
            Site::Directory(path) => (path, false),
            Site::Pack { path, .. } => (path, true),
            #[cfg(feature = "http")]
            Site::Http(host) => {
                if let Some(fault) = host.fault(dataset).filter(|_| is_of_network(reason)) {
                    return self.of_host(&fault, host.address());
                }
                let text = match reason {
                    Reason::CatalogueFetch(FetchError::NotFound) => "host_no_catalogue",
                    Reason::Catalogue(CatalogueError::NotJson | CatalogueError::NotACatalogue) => {
                        "host_other_page"
                    }
                    _ => return self.texts.reason(reason),
                };
                return self.of_file(text, Path::new(host.address()));
            }
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
            Reason::Signature(_)
            | Reason::Edition(_)
            | Reason::OtherIdentifier
            | Reason::OutOfMemory => {
                return self.texts.reason(reason);
            }
        };
        self.of_file(text, path)
    }

    #[cfg(feature = "http")]
    fn of_host(&self, fault: &HostFault, address: &str) -> String {
        let target = match fault {
            HostFault::OtherOrigin(target) => target,
            _ => "",
        };
        let [path, target] = [address, target].map(|address| sanitize::path(Path::new(address)));
        let text = format!("/cli/{}", fault.code());
        self.texts
            .fill(&text, &[("path", &path), ("target", &target)])
    }

    fn of_file(&self, text: &str, path: &Path) -> String {
        let path = sanitize::path(path);
        self.texts
            .fill(&format!("/cli/{text}"), &[("path", path.as_str())])
    }

    /// The title of a data set, or its id if it has none, and the date of the edition.
    fn title(&self, answer: &Answer, for_people: &ForPeople) -> String {
        let Text { id, en } = &for_people.title;
        let title = match self.texts.language() {
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

    fn invalid(&mut self, number: u64, error: InvalidQuery) -> anyhow::Result<()> {
        self.failed = true;
        let mut out = io::stdout().lock();
        if self.json {
            let mut line = Line {
                line: number,
                reason: Some(error.code()),
                ..Line::default()
            };
            match error {
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
            let words = match error {
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
            let words = self.reserved("unknown", &[self.reason(reason, None)]);
            writeln!(out, "{number}: {words}")?;
        }
        Ok(())
    }
}

#[cfg(feature = "http")]
fn is_of_network(reason: Reason) -> bool {
    matches!(reason, Reason::CatalogueFetch(_) | Reason::Fetch(_))
}

/// One line of `--json`: the answers, or the reason why there are none.
#[derive(Default, Serialize)]
struct Line<'a> {
    /// Its number, from 1.
    line: u64,
    datasets: Vec<DatasetAnswer<'a>>,
    /// The expiry of the edition, if it has passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    expired: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The number of digits, if it is not 16.
    #[serde(skip_serializing_if = "Option::is_none")]
    digits: Option<usize>,
    /// The position of the first character that is not a digit, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<usize>,
}

/// One answer, with the texts of the catalogue about its data set.
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
