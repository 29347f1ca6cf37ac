//! Failures of a fetch, as the page names them. wasm-bindgen makes the TypeScript type from this
//! one.

// The variant that wasm-bindgen adds has no documentation.
#![allow(missing_docs)]

use wasm_bindgen::prelude::*;

use crate::check::FetchError;

/// Reason why a file did not arrive from a host, or could not be read on the device.
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
