//! The core of cek-nik: is this NIK, the 16-digit Indonesian identity number, in a published list?
//! It answers without sending the number anywhere.
//!
//! A list becomes a static site of Bloom-filter shards. A client stretches the NIK into a
//! [`key::Key`] on the reader's own device, fetches the one shard that the first few bits of the
//! key name, and looks up the rest of the key in it. `docs/FORMAT.md` specifies every byte.
//!
//! The modules, from what is typed to what is answered. They do no I/O, read no clock, and do not
//! panic on any bytes:
//!
//! | module | subject |
//! |---|---|
//! | [`nik`] | sixteen digits, however they were written, and what they say |
//! | [`name`] | the word of a name that goes into the identifier where a catalogue is name-locked |
//! | [`identifier`] | the exact bytes that are hashed |
//! | [`key`] | salt, key derivation, the 32-byte key |
//! | [`prefix`] | the few bits of the key that leave the device |
//! | [`filter`] | the Bloom filter that holds the rest of the keys |
//! | [`merkle`] | the tree that binds each shard to the catalogue |
//! | [`shard`] | one `.cnk` file: a [`shard::Shard`] that exists has been verified |
//! | [`catalogue`] | `catalogue.json`: a [`catalogue::Catalogue`] that exists has been validated |
//! | [`outcome`] | the three answers, and every reason why there is none |
//! | [`sizes`] | lengths that a shard and the catalogue share |
//! | [`pack`] | a whole site in one file, and the offset of each shard in it |
//! | [`accuracy`] | how far an answer can be trusted |
//! | [`check`](mod@check) | the check, written once, over [`check::Source`], "get me this shard" |
//! | `wasm` | the functions that the browser's pages call (wasm32 only) |
//!
//! Three more crates stand on this one: `cek-nik-reader` reads a finished site from a directory, a
//! pack or a host, `cek-nik-publisher` turns lists into a site, and `cek-nik-audit` examines one.
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

// Without the standard library the browser's module carries no panic messages.
#![cfg_attr(not(test), no_std)]
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

extern crate alloc;

pub mod accuracy;
pub mod catalogue;
pub mod check;
pub mod filter;
pub mod identifier;
pub mod key;
pub mod merkle;
pub mod name;
pub mod nik;
pub mod outcome;
pub mod pack;
pub mod prefix;
pub mod shard;
pub mod sizes;
pub mod wasm;
