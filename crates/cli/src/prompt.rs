//! Numbers from standard input and the terminal. They are wiped when dropped, and never shown.

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

/// A terminal prompt that hides all typing from before its first question until it is dropped.
pub struct Prompt {
    terminal: Terminal,
    /// The error without a terminal.
    no_terminal: &'static str,
}

impl Prompt {
    /// Prepares the terminal for a NIK or a name, and discards what was typed before.
    ///
    /// # Errors
    ///
    /// There is no terminal.
    pub fn open() -> anyhow::Result<Self> {
        Self::or("cannot ask for a NIK, because there is no terminal; use --stdin")
    }

    /// Prepares the terminal for a password, and discards what was typed before.
    ///
    /// # Errors
    ///
    /// There is no terminal.
    pub fn for_password() -> anyhow::Result<Self> {
        Self::or("cannot ask for a password, because there is no terminal; use --password-stdin")
    }

    fn or(no_terminal: &'static str) -> anyhow::Result<Self> {
        let terminal = Terminal::open().context(no_terminal)?;
        Ok(Self {
            terminal,
            no_terminal,
        })
    }

    /// Reads the answer to one question.
    ///
    /// # Errors
    ///
    /// The end of the input, and errors of the terminal.
    pub fn ask(&self, question: &str) -> anyhow::Result<Zeroizing<Vec<u8>>> {
        self.terminal.ask(question).context(self.no_terminal)
    }
}

/// The console. It shows typing only while a program reads it, and this one reads without showing.
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
