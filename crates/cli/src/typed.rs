//! Numbers as people give them to a command. Wiped when dropped, and never shown.

use std::io::{self, BufRead};

use anyhow::Context;
use zeroize::Zeroizing;

/// Each line of standard input, without its end.
pub fn lines() -> impl Iterator<Item = anyhow::Result<Zeroizing<Vec<u8>>>> {
    io::stdin().lock().split(b'\n').map(|line| {
        line.map(Zeroizing::new)
            .context("cannot read standard input")
    })
}

/// What is typed without being shown.
pub fn ask(prompt: &str) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let typed =
        rpassword::prompt_password(prompt).context("cannot ask for a NIK here; use --stdin")?;
    Ok(Zeroizing::new(typed.into_bytes()))
}
