//! Reader of finished sites: in a directory, in a pack, or on a host (feature `http`).
//!
//! [`site::Site`] opens a site and is the [`Source`](cek_nik::check::Source) of a check:
//!
//! ```
//! use std::path::Path;
//!
//! use cek_nik::check::{Answer, Checker, Reason};
//! use cek_nik::identifier::Identifier;
//! use cek_nik_reader::site::Site;
//!
//! /// One answer for each data set of the site.
//! async fn check(path: &Path, identifier: &Identifier) -> Result<Vec<Answer>, Reason> {
//!     let site = Site::local(path.to_owned());
//!     let file = site.catalogue()?;
//!     Ok(Checker::new(file.catalogue())?.check(identifier, &site).await)
//! }
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`site`] | a site, its catalogue and its shards |
//! | `http` | a site on a host (feature `http`) |
//! | [`pack_file`] | an open pack |
//! | [`regular_file`] | regular files, the only ones that are read |
//! | [`page`] | a page with a pack inside |
//! | [`catalogue_file`] | `catalogue.json`, decoded once |

#![deny(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod catalogue_file;
#[cfg(feature = "http")]
pub mod http;
pub mod pack_file;
pub mod page;
pub mod regular_file;
pub mod site;
