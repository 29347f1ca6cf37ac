//! Results for the page. `serde-wasm-bindgen` makes the objects from `Serialize`. `tsify` makes their
//! TypeScript types from the same attributes and puts them into the signatures of the functions;
//! `ts-rs` would write files beside the module, which nothing ties to it.

use alloc::string::String;

use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::JsValue;

use crate::name::NameError;

/// The TypeScript type of a result, as a return type.
pub(super) type Returned<T> = Result<<T as Tsify>::JsType, JsValue>;

/// The object of a result.
pub(super) fn value<T: Tsify + Serialize>(result: &T) -> Returned<T> {
    Ok(result.into_js()?)
}

/// File that was requested from a host or read on the device: its address or its location on the
/// device, and the bytes received.
#[derive(Serialize, Tsify)]
pub struct Fetched {
    pub(super) url: String,
    pub(super) bytes: u32,
}

/// Word of a name, 2 to 60 letters A to Z, or the reason why there is none.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum NameRead<'a> {
    Word(&'a str),
    Error(NameError),
}
