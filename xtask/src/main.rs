//! Writes test vectors, manual pages and shell completions, and runs the studies.

use std::path::Path;

use anyhow::bail;

mod manuals;
mod names;
mod typos;
mod vectors;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *arguments {
        ["vectors", directory] => vectors::run(Path::new(directory)),
        ["man", directory] => manuals::pages(Path::new(directory)),
        ["completions", directory] => manuals::completions(Path::new(directory)),
        ["typos"] => typos::run(),
        ["names"] => {
            names::run();
            Ok(())
        }
        _ => bail!("usage: xtask vectors DIR | man DIR | completions DIR | typos | names"),
    }
}
