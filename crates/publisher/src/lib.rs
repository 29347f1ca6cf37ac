//! Turns lists into a static site.
//!
//! | module | subject |
//! |---|---|
//! | [`config`] | `catalogue.toml`: data sets, next steps for readers, salt |
//! | [`input`] | lists as people have them: formats, columns, rejected rows, statistics |
//! | [`plan`] | from one knob, certainty, to every parameter: size, anonymity set, risk, cost |
//! | [`preflight`] | what is refused before a key is made |
//! | [`keys`] | the first pass: rows in, keys out |
//! | [`partition`] | keys on disk by prefix, so that memory does not grow with the list |
//! | [`checkpoint`] | keys of a build that was stopped |
//! | [`shards`] | the second pass: keys in, shard files out, and the self-check |
//! | [`staging`] | the staging directory, atomic files, durability, the lock |
//! | [`site`](mod@site) | pages, oEmbed, host files |
//! | [`pack`] | a finished site in one file |
//! | [`pipeline`] | every data set from its lists to the published site |
//! | [`job`] | progress, cancelling, threads |
//! | [`sample`] | made-up NIKs that cannot be anybody's |

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

pub mod checkpoint;
pub mod config;
pub mod error;
pub mod input;
pub mod io_action;
pub mod job;
pub mod keys;
pub mod pack;
pub mod partition;
pub mod pipeline;
pub mod plan;
pub mod preflight;
pub mod sample;
pub mod shards;
pub mod site;
pub mod staging;
pub mod worker_group;
