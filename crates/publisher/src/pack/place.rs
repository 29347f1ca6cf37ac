//! Where a pack may be written.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use anyhow::{Context, bail, ensure};

use super::Kind;
use cek_nik::pack::MAGIC;
use cek_nik_reader::pack_file::PackFile;

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
    let there = match out.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        there => there.with_context(|| format!("cannot write {shown}"))?,
    };
    ensure!(
        !there.is_symlink(),
        "{shown} is a link, which the new file would take the place of, while the file that it leads to would stay as it is: give the \
         name of that file, or remove the link"
    );
    // A pipe would be waited for until somebody writes into it.
    let is_same_kind = there.is_file()
        && match kind {
            Kind::Pack => begins_as_pack(out).with_context(|| format!("cannot write {shown}"))?,
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

/// A pack that is cut off may be replaced, too.
fn begins_as_pack(path: &Path) -> io::Result<bool> {
    let mut magic = Vec::new();
    let most = MAGIC.len() as u64;
    File::open(path)?.take(most).read_to_end(&mut magic)?;
    Ok(magic == MAGIC)
}
