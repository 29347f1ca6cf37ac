//! What the page calls what can go wrong on the way to a file: its type in TypeScript is made from
//! this one.

// What wasm-bindgen adds to the enumeration has no documentation.
#![allow(missing_docs)]

use wasm_bindgen::prelude::*;

use crate::check::FetchError;

/// Why a host has not answered, or not to the end; or that a file on the device could not be read.
#[wasm_bindgen]
pub enum Failure {
    Unreachable = "unreachable",
    TimedOut = "timed_out",
    Interrupted = "interrupted",
    Unreadable = "unreadable",
}

impl From<Failure> for FetchError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::TimedOut => Self::TimedOut,
            Failure::Interrupted => Self::Interrupted,
            Failure::Unreadable => Self::Unreadable,
            // TypeScript knows no other name than these four.
            Failure::Unreachable | Failure::__Invalid => Self::Unreachable,
        }
    }
}
