use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use cek_nik::catalogue::document::{CatalogueDocument, Text};
use cek_nik::check::{Answer, Checker, Outcome, Reason};
use cek_nik::nik::{Nik, NikError, masked};
use cek_nik::site::Site;
use indicatif::ProgressBar;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::FAILURE;
use super::texts::{Language, Texts};
use super::typed;

/// Check NIKs against a site
///
/// Asks for one NIK without showing it, or with --stdin reads one a line. From a directory nothing is sent anywhere; from an
/// address, the site's host sees which shards are fetched, as it does of readers.
///
/// Exit status: 0 when a NIK is in some list; otherwise 2 when something could not be checked; otherwise 1: in none of
/// the lists.
#[derive(clap::Args)]
pub struct Arguments {
    /// The directory of a site, or its address
    #[arg(long, value_name = "DIR_OR_URL")]
    site: String,
    /// One object a line: line number, and for each data set id and outcome; never the NIK
    #[arg(long)]
    json: bool,
    /// Read NIKs from standard input, one a line
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
        site: Site::new(&arguments.site, Duration::from_secs(arguments.patience)),
        json: arguments.json,
        language,
        texts: Texts::new(language),
        found: false,
        failed: false,
    };
    let opened = session.site.catalogue();
    let mut ready = match &opened {
        Ok((catalogue, document)) => {
            Checker::new(catalogue).map(|checker| (checker, document.as_ref()))
        }
        Err(reason) => Err(*reason),
    };
    if arguments.stdin {
        for (number, line) in (1..).zip(typed::lines()) {
            session.line(number, &line?, &mut ready)?;
        }
    } else {
        let typed = match &ready {
            Ok(_) => typed::ask(session.texts.text("/cli/ask"))?,
            // Nobody is asked for a number that cannot be checked.
            Err(_) => Zeroizing::default(),
        };
        session.line(1, &typed, &mut ready)?;
    }
    if session.checked == 0 {
        // Of no number at all, "in none of the lists" would be true and would mislead.
        match ready {
            Ok(_) => eprintln!("error: {}", session.texts.text("/cli/no_input")),
            Err(reason) => eprintln!("error: {}", session.reason(reason)),
        }
        return Ok(ExitCode::from(FAILURE));
    }
    Ok(ExitCode::from(match (session.found, session.failed) {
        (true, _) => IN_A_LIST,
        (false, true) => FAILURE,
        (false, false) => IN_NONE,
    }))
}

type Ready<'a> = Result<(Checker<'a>, Option<&'a CatalogueDocument>), Reason>;

struct Session {
    site: Site,
    json: bool,
    language: Language,
    texts: Texts,
    checked: u64,
    found: bool,
    failed: bool,
}

impl Session {
    fn line(&mut self, number: u64, line: &[u8], ready: &mut Ready) -> anyhow::Result<()> {
        self.checked += 1;
        let (checker, document) = match ready {
            Ok((checker, document)) => (checker, *document),
            Err(reason) => return self.unchecked(number, *reason),
        };
        let nik = std::str::from_utf8(line)
            .map_err(|_| NikError::NotADigit { position: 1 })
            .and_then(Nik::parse);
        match nik {
            Ok(nik) => {
                let waiting = ProgressBar::new_spinner();
                waiting.enable_steady_tick(Duration::from_millis(200));
                let answers = pollster::block_on(checker.check(&nik, &self.site));
                waiting.finish_and_clear();
                self.answers(number, &answers, document)
            }
            Err(error) => self.no_nik(number, error),
        }
    }

    fn answers(
        &mut self,
        number: u64,
        answers: &[Answer],
        document: Option<&CatalogueDocument>,
    ) -> anyhow::Result<()> {
        for answer in answers {
            match answer.outcome {
                Outcome::Member => self.found = true,
                Outcome::NonMember => {}
                Outcome::Unknown(_) => self.failed = true,
            }
        }
        let mut out = io::stdout().lock();
        if self.json {
            let datasets: Vec<Value> = answers.iter().map(to_json).collect();
            writeln!(out, "{}", json!({ "line": number, "datasets": datasets }))?;
            return Ok(());
        }
        for answer in answers {
            let title = document
                .iter()
                .flat_map(|document| &document.datasets)
                .find(|dataset| dataset.id == answer.dataset)
                .map(|dataset| self.title(&dataset.title))
                .filter(|title| !title.is_empty())
                .unwrap_or(&answer.dataset);
            let words = match answer.outcome {
                Outcome::Member => self.texts.text("/outcome/member").to_owned(),
                Outcome::NonMember => self.texts.text("/outcome/non_member").to_owned(),
                Outcome::Unknown(reason) => format!(
                    "{}. {}",
                    self.texts.text("/outcome/unknown"),
                    self.reason(reason)
                ),
            };
            writeln!(out, "{number}: {}: {words}", printable(title))?;
        }
        Ok(())
    }

    /// What happened and what to do next. Of a directory, the widget's words about networks would be wrong.
    fn reason(&self, reason: Reason) -> String {
        match (&self.site, reason) {
            (Site::Directory(path), Reason::CatalogueFetch(_)) => self
                .texts
                .text("/cli/no_site")
                .replace("{path}", &masked(&path.display().to_string())),
            (Site::Directory(_), Reason::Fetch(_)) => self.texts.text("/cli/no_shard").to_owned(),
            _ => self.texts.reason(reason),
        }
    }

    fn title<'a>(&self, text: &'a Text) -> &'a str {
        match self.language {
            Language::En if !text.en.is_empty() => &text.en,
            _ => &text.id,
        }
    }

    fn no_nik(&mut self, number: u64, error: NikError) -> anyhow::Result<()> {
        self.failed = true;
        let mut out = io::stdout().lock();
        if self.json {
            let mut object = json!({ "line": number, "datasets": [], "reason": error.code() });
            match error {
                NikError::Empty => {}
                NikError::Length { digits } => object["digits"] = digits.into(),
                NikError::NotADigit { position } => object["position"] = position.into(),
            }
            writeln!(out, "{object}")?;
        } else {
            writeln!(out, "{number}: {}", self.texts.nik_error(error))?;
        }
        Ok(())
    }

    fn unchecked(&mut self, number: u64, reason: Reason) -> anyhow::Result<()> {
        self.failed = true;
        let mut out = io::stdout().lock();
        if self.json {
            let object = json!({ "line": number, "datasets": [], "reason": reason.code() });
            writeln!(out, "{object}")?;
        } else {
            let unknown = self.texts.text("/outcome/unknown");
            writeln!(out, "{number}: {unknown}. {}", self.reason(reason))?;
        }
        Ok(())
    }
}

/// A catalogue from a host may hold anything: nothing of it may move the cursor or begin a line of its own.
fn printable(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}

fn to_json(answer: &Answer) -> Value {
    let mut object = json!({ "id": answer.dataset, "outcome": answer.outcome.name() });
    if let Some(reason) = answer.outcome.reason() {
        object["reason"] = reason.code().into();
    }
    object
}
