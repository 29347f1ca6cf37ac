//! Key files: the keys of lists without a site, for parts of the work and for later editions.
//!
//! `docs/KEYFILES.md` specifies the format. The same rows give the same bytes, in any order and
//! with any number of threads.
//!
//! | module | contents |
//! |---|---|
//! | [`header`] | salt, key derivation, identifier, part |
//! | [`trailer`] | counts, list id, checksum |
//! | `content` | the bytes of a file, written and checked |
//! | [`part`] | which rows belong to a part, and the list id |
//! | [`fit`] | whether keys fit a catalogue |
//! | [`reader`] | one file, checked and read |
//! | `load` | all files of a data set, into the partition of a build |
//! | [`write`](mod@write) | from lists to a file |
//! | [`place`] | where a key file may lie |
//! | [`error`] | errors |

pub(crate) mod content;
pub mod error;
pub mod fit;
pub mod header;
pub(crate) mod load;
pub mod part;
pub mod place;
pub mod reader;
pub mod trailer;
pub mod write;

pub use load::KeyFileTotals;

/// The ending of the name of a key file.
pub const EXTENSION: &str = "cnkkeys";
