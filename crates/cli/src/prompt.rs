//! Numbers as people give them to a command. Wiped when dropped, and never shown.

use std::io::{self, BufRead};

use anyhow::Context;
use zeroize::Zeroizing;

#[cfg(unix)]
use crate::terminal::Terminal;

/// Each line of standard input, without its end.
pub fn lines() -> impl Iterator<Item = anyhow::Result<Zeroizing<Vec<u8>>>> {
    io::stdin().lock().split(b'\n').map(|line| {
        line.map(Zeroizing::new)
            .context("cannot read standard input")
    })
}

/// A prompt at the terminal that shows nothing of what is typed, from before its first question
/// until it is dropped.
pub struct Prompt(Terminal);

impl Prompt {
    /// Prepares the terminal. What was typed before is discarded.
    ///
    /// # Errors
    ///
    /// There is no terminal.
    pub fn open() -> anyhow::Result<Self> {
        Terminal::open().map(Self).context(NO_TERMINAL)
    }

    /// Reads the answer to one question.
    ///
    /// # Errors
    ///
    /// The input ends, or whatever the terminal reports.
    pub fn ask(&self, question: &str) -> anyhow::Result<Zeroizing<Vec<u8>>> {
        self.0.ask(question).context(NO_TERMINAL)
    }
}

const NO_TERMINAL: &str = "cannot ask for a NIK here; use --stdin";

/// A console that shows what is typed only while a program reads it, and never where this one
/// reads.
#[cfg(windows)]
struct Terminal;

#[cfg(windows)]
impl Terminal {
    fn open() -> io::Result<Self> {
        Ok(Self)
    }

    fn ask(&self, question: &str) -> io::Result<Zeroizing<Vec<u8>>> {
        let typed = rpassword::prompt_password(question)?;
        Ok(Zeroizing::new(typed.into_bytes()))
    }
}
