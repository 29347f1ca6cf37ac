//! Numbers from standard input and the terminal. They are wiped when dropped, and never shown.

#[cfg(unix)]
use std::fs::File;
use std::io;
#[cfg(unix)]
use std::io::{ErrorKind, Read};
#[cfg(unix)]
use std::os::fd::AsFd;

use anyhow::Context;
#[cfg(unix)]
use zeroize::Zeroize;
use zeroize::Zeroizing;

#[cfg(unix)]
use crate::terminal::Terminal;

/// Each line of standard input, without its end.
///
/// # Errors
///
/// Standard input is closed.
#[cfg(unix)]
pub fn lines() -> anyhow::Result<impl Iterator<Item = anyhow::Result<Zeroizing<Vec<u8>>>>> {
    let input = io::stdin().as_fd().try_clone_to_owned();
    let mut lines = Lines {
        input: File::from(input.context(NO_INPUT)?),
        buffer: Zeroizing::new([0; BUFFER]),
        read: 0..0,
    };
    Ok(std::iter::from_fn(move || {
        lines.next().map(|line| line.context(NO_INPUT))
    }))
}

/// Windows decodes what the console sends: only the standard library reads it.
#[cfg(windows)]
pub fn lines() -> anyhow::Result<impl Iterator<Item = anyhow::Result<Zeroizing<Vec<u8>>>>> {
    let lines = io::BufRead::split(io::stdin().lock(), b'\n');
    Ok(lines.map(|line| line.map(Zeroizing::new).context(NO_INPUT)))
}

const NO_INPUT: &str = "cannot read standard input";

/// Standard input, without the buffer of the standard library, which nothing wipes.
#[cfg(unix)]
struct Lines {
    input: File,
    buffer: Zeroizing<[u8; BUFFER]>,
    /// The part of the buffer that belongs to the next lines.
    read: std::ops::Range<usize>,
}

#[cfg(unix)]
const BUFFER: usize = 8 << 10;

#[cfg(unix)]
impl Lines {
    /// Wipes from the buffer what it returns.
    fn next(&mut self) -> Option<io::Result<Zeroizing<Vec<u8>>>> {
        let mut line = Zeroizing::new(Vec::with_capacity(BUFFER));
        loop {
            if self.read.is_empty() {
                match self.input.read(&mut self.buffer[..]) {
                    Ok(0) => return (!line.is_empty()).then_some(Ok(line)),
                    Ok(read) => self.read = 0..read,
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    Err(error) => return Some(Err(error)),
                }
            }
            let rest = &mut self.buffer[self.read.clone()];
            let end = memchr::memchr(b'\n', rest);
            let (part, _) = rest.split_at_mut(end.unwrap_or(rest.len()));
            if line.capacity() - line.len() < part.len() {
                // A vector that grows by itself leaves a copy behind.
                let mut larger = Zeroizing::new(Vec::with_capacity(2 * line.capacity()));
                larger.extend_from_slice(&line);
                line = larger;
            }
            line.extend_from_slice(part);
            self.read.start += part.len();
            part.zeroize();
            if end.is_some() {
                self.read.start += 1;
                return Some(Ok(line));
            }
        }
    }
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
