//! The lists of a data set, watched while keys are made of their rows.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::input::Changed;

/// Lists, and what they were like when somebody looked.
#[derive(Clone)]
pub struct Lists(Vec<(PathBuf, Option<State>)>);

/// What tells that a file has been written to, at no cost.
#[derive(Clone, Copy, PartialEq, Eq)]
struct State {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl Lists {
    /// As they are now: to be asked before they are read for the first time, so that they have been the same all the time.
    pub fn now(paths: &[PathBuf]) -> Self {
        let lists = paths.iter().map(|path| (path.clone(), State::now(path)));
        Self(lists.collect())
    }

    /// What one of them is called.
    pub fn path(&self, list: usize) -> Option<&Path> {
        self.0.get(list).map(|(path, _)| path.as_path())
    }

    /// # Errors
    ///
    /// [`Changed`] where something has been written to one of them since. One that is gone can still be read to its end by whoever has it open.
    pub fn refuse_changed(&self) -> Result<(), Changed> {
        let has_changed = |(path, then): &&(PathBuf, Option<State>)| {
            let now = State::now(path);
            now.is_some() && now != *then
        };
        match self.0.iter().find(has_changed) {
            Some((path, _)) => Err(Changed(path.clone())),
            None => Ok(()),
        }
    }
}

impl State {
    fn now(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        Some(Self {
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
        })
    }
}
