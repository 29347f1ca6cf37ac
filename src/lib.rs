//! Core of cek-nik: checks whether a NIK, the 16-digit Indonesian identity number, is in a
//! published list, without sending the number anywhere.
//!
//! A publisher turns a list into a static site of Bloom-filter shards. A client stretches the NIK
//! into a [`key::Key`] on the reader's own device. The first few bits of the key choose a shard;
//! the client fetches it and looks up the rest of the key. `docs/FORMAT.md` specifies every byte.
//!
//! The modules, in the order of a check. They do no I/O, read no clock, and do not panic on any
//! bytes:
//!
//! | module | subject |
//! |---|---|
//! | [`nik`] | the sixteen digits of a NIK: parsing, decoding, warnings |
//! | [`name`] | the word of a name that a name lock adds to the identifier |
//! | [`identifier`] | the bytes that the key is derived from |
//! | [`key`] | salt, key derivation, the 32-byte key |
//! | [`prefix`] | the first bits of the key: all that leaves the device |
//! | [`filter`] | the Bloom filter |
//! | [`merkle`] | the Merkle tree that binds each shard to the catalogue |
//! | [`shard`] | one `.cnk` file: a [`shard::Shard`] that exists has been verified |
//! | [`catalogue`] | `catalogue.json`: a [`catalogue::Catalogue`] that exists has been validated |
//! | [`edition`] | number of an edition, and how long its answers hold |
//! | [`signature`] | public key and signature of a catalogue, in the format of minisign |
//! | [`outcome`] | the three outcomes of a check, and all reasons and errors |
//! | [`sizes`] | the length of a shard |
//! | [`stack`] | wiping of the stack after work on a number |
//! | [`pack`] | a whole site in one file |
//! | [`accuracy`] | the certainty of "in the list" |
//! | [`check`](mod@check) | the check itself, over a [`check::Source`] of shards |
//! | [`patience`] | how long a check waits for its host |
//! | `wasm` | the functions that the browser's pages call (wasm32 only) |
//!
//! Three more crates build on this one: `cek-nik-reader` reads a finished site from a directory, a
//! pack or a host, `cek-nik-publisher` turns lists into a site, and `cek-nik-audit` examines a
//! site.
//!
//! A failure never reads as "not in the list": [`check::Outcome`] has three cases, and nothing
//! converts a failure into one of the other two.
//!
//! ```
//! use cek_nik::nik::{Nik, NikError};
//!
//! let nik = Nik::parse("320101-410790-9001")?;
//! assert_eq!(nik.digits(), "3201014107909001");
//! assert!(matches!(Nik::parse("3201014107909"), Err(NikError::Length { digits: 13 })));
//! # Ok::<(), NikError>(())
//! ```

// `no_std` keeps panic messages out of the browser's module.
#![cfg_attr(not(test), no_std)]
#![deny(
    missing_docs,
    unsafe_code,
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

extern crate alloc;

pub mod accuracy;
pub mod catalogue;
pub mod check;
pub mod edition;
pub mod filter;
pub mod identifier;
pub mod key;
pub mod merkle;
pub mod name;
pub mod nik;
pub mod outcome;
pub mod pack;
pub mod patience;
pub mod prefix;
mod sha256;
pub mod shard;
pub mod signature;
pub mod sizes;
pub mod stack;
pub mod wasm;
