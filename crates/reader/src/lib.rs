//! Reads a finished site: from a directory, from a pack, or over HTTP (feature `http`).
//!
//! | module | subject |
//! |---|---|
//! | [`site`] | where a site is, its catalogue and its shards |
//! | `address` | addresses of sites (feature `http`) |
//! | `http` | a site on a host (feature `http`) |
//! | [`pack_file`] | a pack that has been opened |
//! | [`regular_file`] | opens regular files only |
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

#[cfg(feature = "http")]
pub mod address;
pub mod catalogue_file;
#[cfg(feature = "http")]
pub mod http;
pub mod pack_file;
pub mod page;
pub mod regular_file;
pub mod site;
