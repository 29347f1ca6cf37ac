//! Functions for the browser's pages (wasm32 only). The feature `browser` has those that every page
//! calls. The functions of a single page have a feature of their own, so that no other page
//! downloads them.

#![cfg(all(target_arch = "wasm32", feature = "browser"))]
#![cfg_attr(
    not(all(
        feature = "browser-online",
        feature = "browser-offline",
        feature = "browser-saving"
    )),
    allow(dead_code)
)]

use alloc::string::String;

use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

mod catalogue;
mod device;
mod http;
mod json;
#[cfg(any(feature = "browser-offline", feature = "browser-saving"))]
mod kept;
#[cfg(feature = "browser-offline")]
mod offline;
#[cfg(feature = "browser-online")]
mod online;
mod progress;
mod report;
mod results;
#[cfg(feature = "browser-saving")]
mod saving;
mod time_limit;
mod trust;

use crate::name::NameWord;
use crate::nik::{Date, Decoded};
use crate::stack;
pub use json::parse;
#[cfg(any(feature = "browser-offline", feature = "browser-saving"))]
pub use kept::read_catalogue;
#[cfg(feature = "browser-offline")]
pub use offline::{check_on_device, open_pack};
#[cfg(feature = "browser-online")]
pub use online::{check, download, open};
use results::{NameRead, Returned, value};
#[cfg(feature = "browser-saving")]
pub use saving::fetch_shard;

/// Decodes a NIK as typed. `year`, `month` (1 to 12) and `day` are today's; they decide which
/// centuries are possible.
///
/// # Errors
///
/// Throws only if these three are not a date.
#[wasm_bindgen]
pub fn decode(text: String, year: u16, month: u8, day: u8) -> Returned<Decoded> {
    let text = Zeroizing::new(text);
    let today = Date::new(year, month, day).ok_or("today is no date")?;
    stack::wiped(|| value(&Decoded::of_text(&text, today)))
}

/// Finds the word of a name, as typed but in NFKD, that a check against a name-locked catalogue
/// needs. The engine has the Unicode tables for NFKD, which are too large for the module.
///
/// # Errors
///
/// Never throws.
#[wasm_bindgen]
pub fn read_name(decomposed: String) -> Returned<NameRead<'static>> {
    let decomposed = Zeroizing::new(decomposed);
    stack::wiped(|| {
        value(&match &NameWord::of_decomposed(decomposed.chars()) {
            Ok(word) => NameRead::Word(word.letters()),
            Err(error) => NameRead::Error(*error),
        })
    })
}
