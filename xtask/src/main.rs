//! What writes the test vectors and runs the studies: `cargo run -p xtask -- vectors DIRECTORY`,
//! `typos` or `names`.

use std::path::Path;

use anyhow::bail;

mod names;
mod typos;
mod vectors;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *arguments {
        ["vectors", directory] => vectors::run(Path::new(directory)),
        ["typos"] => typos::run(),
        ["names"] => {
            names::run();
            Ok(())
        }
        _ => bail!("usage: xtask vectors DIRECTORY | typos | names"),
    }
}
