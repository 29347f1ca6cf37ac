//! Publisher: turns lists into a static site.
//!
//! | module | contents |
//! |---|---|
//! | [`config`] | `catalogue.toml`: data sets, next steps for readers, salt |
//! | [`input`] | lists: formats, columns, rejected rows, statistics |
//! | [`plan`] | all parameters, derived from a target precision: size, anonymity set, risk, cost |
//! | [`preflight`] | what is refused before a key is derived |
//! | [`keys`] | first pass: from rows to keys |
//! | [`key_file`] | keys without a site, in files |
//! | `partition` | keys by prefix, in memory up to a budget and on disk beyond |
//! | [`carried`] | data sets whose shards stay in the site; recognition of unchanged lists |
//! | [`checkpoint`] | keys of a stopped build |
//! | `shards` | second pass: from keys to shard files, and the self-check |
//! | [`staging`] | staging directory, atomic files, overwrite guard, lock |
//! | [`site`](mod@site) | pages, oEmbed, configuration of hosts |
//! | [`signing`] | keys of a publisher, and the signature of a site |
//! | [`pack`] | a finished site in one file |
//! | [`pipeline`] | the whole build |
//! | [`edit`] | data sets added to a site, or removed from it |
//! | [`job`] | progress, cancellation, threads |
//! | [`sample`] | made-up lists |

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

pub mod carried;
pub mod checkpoint;
pub mod config;
pub mod edit;
pub mod error;
pub mod input;
pub mod io_action;
pub mod job;
pub mod key_file;
pub mod keys;
pub mod pack;
mod partition;
pub mod pipeline;
pub mod plan;
pub mod preflight;
mod private_directory;
pub mod sample;
mod shards;
pub mod signing;
pub mod site;
pub mod staging;
mod worker_group;
