use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use cek_nik::nik::{Date, Decoded, Nik, NikError};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::args::LanguageOption;
use crate::exit_status::FAILURE;
use crate::output::texts::Texts;
use crate::prompt;
use crate::query::pasted_nik;

/// Read a NIK back in words, with likely typing errors
///
/// Asks for one NIK without showing it, or reads one per line with --stdin. Nothing is looked up:
/// the digits do not tell whether the number was ever issued. The output contains the whole NIK, so
/// keep it as safe as the NIK itself.
#[derive(clap::Args)]
#[command(after_long_help = AFTER_HELP)]
pub struct Arguments {
    /// Print one JSON object per line: line number, and the reading or the error
    #[arg(long)]
    json: bool,
    /// Read NIKs from standard input, one per line
    #[arg(long)]
    stdin: bool,
    /// Date that decides which centuries are possible, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    #[command(flatten)]
    pub(super) language: LanguageOption,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik decode
          Ask for a NIK, and read it back
  cek-nik decode --stdin --lang id < numbers.txt
          Read many NIKs back in Indonesian

Exit status:
  0  every line is a NIK, with or without warnings
  1  some line is not a NIK
  2  nothing could be read";

const NOT_A_NIK: u8 = 1;

/// More than the longest line needs: a buffer that grows leaves copies in memory.
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
        texts: arguments.language.texts(),
    };
    let mut lines: u64 = 0;
    let mut all_read = true;
    if arguments.stdin {
        for line in prompt::lines()? {
            lines += 1;
            all_read &= reader.line(Some(lines), &line?)?;
        }
    } else {
        let typed = prompt::Prompt::open()?.ask(reader.texts.text("/cli/ask_decode"))?;
        lines += 1;
        all_read &= reader.line(None, &typed)?;
    }
    if lines == 0 {
        eprintln!(
            "{}: {}",
            reader.texts.error(),
            reader.texts.text("/cli/no_input")
        );
        return Ok(ExitCode::from(FAILURE));
    }
    Ok(ExitCode::from(if all_read { 0 } else { NOT_A_NIK }))
}

/// The local date, not the date in UTC: a child born this morning was not born tomorrow.
fn today() -> anyhow::Result<Date> {
    let date = jiff::ZonedDateTime::now().date();
    date.to_string()
        .parse()
        .context("the clock of this computer has no valid date; give --today")
}

struct Reader {
    json: bool,
    today: Date,
    texts: Texts,
}

impl Reader {
    /// Prints one reading, with the line number if there are several lines. Returns whether the
    /// line is a NIK.
    fn line(&self, number: Option<u64>, line: &[u8]) -> anyhow::Result<bool> {
        // Bytes that are not UTF-8 are not digits either.
        let text = Zeroizing::new(String::from_utf8_lossy(line).into_owned());
        let mut out = io::stdout().lock();
        let nik = pasted_nik(&text);
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
