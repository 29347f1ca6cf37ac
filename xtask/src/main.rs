//! Developers' tasks: `cargo run -p xtask -- vectors DIRECTORY` writes the test vectors, `man` and
//! `completions` the manual pages and shell completions, `typos` and `names` run the studies of
//! `docs/NIK.md` and `docs/NAME.md`.

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
