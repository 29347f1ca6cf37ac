//! What the page calls what can go wrong on the way to a host: its type in TypeScript is made from this one.

// What wasm-bindgen adds to the enumeration has no documentation.
#![allow(missing_docs)]

use wasm_bindgen::prelude::*;

use crate::check::FetchError;

/// Why a host has not answered, or not to the end.
#[wasm_bindgen]
pub enum Failure {
    Unreachable = "unreachable",
    TimedOut = "timed_out",
    Interrupted = "interrupted",
}

impl From<Failure> for FetchError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::TimedOut => Self::TimedOut,
            Failure::Interrupted => Self::Interrupted,
            // TypeScript knows no other name than these three.
            Failure::Unreachable | Failure::__Invalid => Self::Unreachable,
        }
    }
}
