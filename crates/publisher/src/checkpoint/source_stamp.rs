//! Source stamps: size and modification time of lists, to notice changes during a build.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::input::Changed;

/// The lists of a data set with their stamps.
#[derive(Clone, Default)]
pub struct Lists(Vec<(PathBuf, Option<Stamp>)>);

#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl Lists {
    /// Stamps lists. Call it before the first read, so that no change is missed.
    pub fn now(paths: &[PathBuf]) -> Self {
        let lists = paths.iter().map(|path| (path.clone(), Stamp::of(path)));
        Self(lists.collect())
    }

    /// The path of a list, counted from 0.
    #[expect(clippy::indexing_slicing, reason = "rows come from these lists alone")]
    pub fn path(&self, list: usize) -> &Path {
        let (path, _) = &self.0[list];
        path
    }

    /// Compares the lists with their stamps. A deleted list passes: a reader that has it open can
    /// still read it to the end.
    pub fn refuse_changed(&self) -> Result<(), Changed> {
        let has_changed = |(path, then): &&(PathBuf, Option<Stamp>)| {
            let now = Stamp::of(path);
            now.is_some() && now != *then
        };
        match self.0.iter().find(has_changed) {
            Some((path, _)) => Err(Changed(path.clone())),
            None => Ok(()),
        }
    }
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        Some(Self {
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
        })
    }
}
