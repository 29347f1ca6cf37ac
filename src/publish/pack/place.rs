//! Where a pack may be written.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use anyhow::{Context, bail, ensure};

use super::Kind;
use crate::pack::MAGIC;
use crate::site::pack::PackFile;

/// There is a place to write to. A file may only be replaced by one of the same kind: whoever mistypes a name does not lose what is there.
pub fn refuse_place(out: &Path, kind: Kind) -> anyhow::Result<()> {
    let shown = out.display();
    let parent = out.parent().filter(|parent| *parent != Path::new(""));
    if let Some(parent) = parent
        && !parent.is_dir()
    {
        bail!(
            "cannot write {shown}: there is no directory {}; make it first",
            parent.display()
        );
    }
    let mut magic = Vec::new();
    let file = match File::open(out) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        file => file.with_context(|| format!("cannot write {shown}"))?,
    };
    file.take(MAGIC.len() as u64)
        .read_to_end(&mut magic)
        .with_context(|| format!("cannot write {shown}"))?;
    let is_same_kind = match kind {
        Kind::Pack => magic == MAGIC,
        Kind::Page => PackFile::open(out).is_ok_and(|file| file.page.is_some()),
    };
    let made = match kind {
        Kind::Pack => "a pack",
        Kind::Page => "a page with a pack inside",
    };
    ensure!(
        is_same_kind,
        "{shown} is there already, and is not {made}, which alone would be replaced: choose another name, or remove it yourself"
    );
    Ok(())
}
