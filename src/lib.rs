//! cek-nik answers one question without sending the number anywhere: is this NIK, the 16-digit Indonesian
//! identity number, in a published list?
//!
//! A list becomes a static site of Bloom-filter shards. Whoever asks stretches the NIK into a [`key::Key`] on
//! their own device, fetches the one shard that the first few bits of the key name, and looks the rest of
//! the key up in it. The bytes of both sides are specified in `docs/FORMAT.md`.
//!
//! # The map of the house
//!
//! The core, from what is typed to what is answered. It does no I/O, reads no clock, and does not panic on
//! any bytes:
//!
//! | module | subject |
//! |---|---|
//! | [`nik`] | sixteen digits, however they were written, and what they say |
//! | [`name`] | the word of a name that goes into the identifier where a catalogue is name-locked |
//! | [`identifier`] | the exact bytes that are hashed |
//! | [`key`] | salt, key derivation, the 32-byte key |
//! | [`prefix`] | the few bits of the key that leave the device |
//! | [`filter`] | the Bloom filter that the rest of the key is looked up in |
//! | [`merkle`] | the tree that binds each shard to the catalogue |
//! | [`shard`] | one `.cnk` file: a [`shard::Shard`] that exists has been verified |
//! | [`catalogue`] | `catalogue.json`: a [`catalogue::Catalogue`] that exists has been validated |
//! | [`pack`] | a whole site in one file, and where in it a shard lies |
//! | [`plan`] | from one knob, certainty, to every parameter |
//! | [`check`](mod@check) | the check, written once, over [`check::Source`], "get me this shard" |
//!
//! Around the core: `wasm` is the browser's door (wasm32 only), [`publish`] turns lists into a site,
//! [`site`] reads a finished one, also out of a pack, and [`audit`] looks for what is wrong with it (all native only). The command line, `src/main.rs` and `src/cli/`, is a
//! thin layer over these.
//!
//! A failure never reads as "not in the list": [`check::Outcome`] has three cases, and nothing converts a
//! failure into one of the other two.
//!
//! ```
//! use cek_nik::nik::{Nik, NikError};
//!
//! let nik = Nik::parse("320101-410790-9001")?;
//! assert_eq!(nik.digits(), "3201014107909001");
//! assert!(matches!(Nik::parse("3201014107909"), Err(NikError::Length { digits: 13 })));
//! # Ok::<(), NikError>(())
//! ```

// The core needs no operating system, and without the standard library the browser's module carries no panic messages.
#![cfg_attr(target_arch = "wasm32", no_std)]
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

pub mod catalogue;
pub mod check;
pub mod filter;
pub mod identifier;
pub mod key;
pub mod merkle;
pub mod name;
pub mod nik;
pub mod pack;
pub mod plan;
pub mod prefix;
pub mod shard;

#[cfg(not(target_arch = "wasm32"))]
pub mod audit;
#[cfg(not(target_arch = "wasm32"))]
pub mod publish;
#[cfg(not(target_arch = "wasm32"))]
pub mod site;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
