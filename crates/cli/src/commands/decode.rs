use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use cek_nik::nik::{Date, Decoded, Nik, NikError};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::exit_status::FAILURE;
use crate::output::texts::{Language, Texts};
use crate::prompt;

/// Read a NIK back in words: what the number claims, and what looks like a typing error
///
/// Asks for one NIK without showing it, or with --stdin reads one a line. Nothing is looked up anywhere: whether such a number was
/// ever issued, nobody can tell from its digits. A reading holds the whole number: keep it as you would keep the NIK itself.
///
/// Exit status: 0 for a reading, with or without warnings; 1 where something is not 16 digits; 2 when nothing could be read.
#[derive(clap::Args)]
pub struct Arguments {
    /// One object a line: line number, and the reading or the error
    #[arg(long)]
    json: bool,
    /// Read NIKs from standard input, one a line
    #[arg(long)]
    stdin: bool,
    /// The day that decides which centuries are possible, YYYY-MM-DD [default: today, here]
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// The language of the reading [default: from the environment]
    #[arg(long, value_enum)]
    lang: Option<Language>,
}

const NOT_A_NIK: u8 = 1;

/// More than the longest line takes: no part of it is left behind in memory by growing.
const LINE_BYTES: usize = 2048;

/// One line of `--json`.
#[derive(Serialize)]
struct Line {
    /// Its number, from 1.
    line: u64,
    #[serde(flatten)]
    decoded: Decoded,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let reader = Reader {
        json: arguments.json,
        today: match arguments.today {
            Some(date) => date,
            None => today()?,
        },
        texts: Texts::new(arguments.lang.unwrap_or_else(Language::of_environment)),
    };
    let mut lines: u64 = 0;
    let mut all_read = true;
    if arguments.stdin {
        for line in prompt::lines() {
            lines += 1;
            all_read &= reader.line(Some(lines), &line?)?;
        }
    } else {
        let typed = prompt::Prompt::open()?.ask(reader.texts.text("/cli/ask_decode"))?;
        lines += 1;
        all_read &= reader.line(None, &typed)?;
    }
    if lines == 0 {
        eprintln!("error: {}", reader.texts.text("/cli/no_input"));
        return Ok(ExitCode::from(FAILURE));
    }
    Ok(ExitCode::from(if all_read { 0 } else { NOT_A_NIK }))
}

/// The date on the clock of this place, not that of Greenwich: a child born this morning was not born tomorrow.
fn today() -> anyhow::Result<Date> {
    let date = jiff::ZonedDateTime::now().date();
    date.to_string()
        .parse()
        .context("the clock of this computer shows no date; give --today")
}

struct Reader {
    json: bool,
    today: Date,
    texts: Texts,
}

impl Reader {
    /// Prints what a line says, with its number where there are several; `false` where it is no NIK.
    fn line(&self, number: Option<u64>, line: &[u8]) -> anyhow::Result<bool> {
        // Any other bytes are no digits either.
        let text = Zeroizing::new(String::from_utf8_lossy(line).into_owned());
        let mut out = io::stdout().lock();
        let nik = Nik::parse(&text);
        if self.json {
            let line = Line {
                line: number.unwrap_or(1),
                decoded: Decoded::of_text(&text, self.today),
            };
            let mut json = Zeroizing::new(Vec::with_capacity(LINE_BYTES));
            serde_json::to_writer(&mut *json, &line)?;
            json.push(b'\n');
            out.write_all(&json)?;
        } else {
            let words = Zeroizing::new(self.words(&nik));
            match number {
                Some(number) => writeln!(out, "{number}: {}", words.replace('\n', "\n   "))?,
                None => writeln!(out, "{}", *words)?,
            }
        }
        Ok(nik.is_ok())
    }

    fn words(&self, nik: &Result<Nik, NikError>) -> String {
        match nik {
            Ok(nik) => crate::output::reading::words(&self.texts, nik, self.today).join("\n"),
            Err(error) => self.texts.nik_error(*error),
        }
    }
}
