//! The browser's door: what the page can ask for.

use alloc::string::String;

use js_sys::{Map, Object};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;
use zeroize::Zeroizing;

mod door;
mod json;
mod objects;
mod types;

use crate::catalogue::Catalogue;
use crate::nik::{Date, Nik, decode_json};
use door::Door;
pub use door::Progress;
use json::JsonValue;
pub use json::parse;
use objects::object;

/// Reads back what a NIK claims, as it is typed. Year, month (1 to 12) and day are today's, and decide which centuries are possible.
///
/// # Errors
///
/// Throws only when these three are no date.
#[wasm_bindgen(unchecked_return_type = "Decoded")]
pub fn decode(text: String, year: u16, month: u8, day: u8) -> Result<JsValue, JsError> {
    let text = Zeroizing::new(text);
    let today = Date::new(year, month, day).ok_or_else(|| JsError::new("today is no date"))?;
    // The engine's parser takes whatever the core writes.
    Ok(js_sys::JSON::parse(&decode_json(&text, today)).unwrap_or_default())
}

/// Reads the catalogue at an address. `patience` is how many milliseconds the host may send nothing; `signal` ends it at once.
#[wasm_bindgen(unchecked_return_type = "Opened")]
pub async fn open(
    address: String,
    patience: i32,
    signal: AbortSignal,
    progress: Progress,
) -> Object {
    let door = Door::new(address, patience, signal, progress, Map::new());
    match door.open().await {
        Ok(catalogue) => object([("catalogue", catalogue), ("fetched", door.fetched.into())]),
        Err(reason) => object([("reason", reason.code().into())]),
    }
}

/// Downloads the data sets that are one file, which everybody fetches alike: before a number is typed, and so that the network can be
/// cut. What fails is left out, and fetched again by [`check`], which says why it fails.
#[wasm_bindgen(unchecked_return_type = "Downloaded")]
pub async fn download(
    address: String,
    #[wasm_bindgen(unchecked_param_type = "Catalogue")] catalogue: JsValue,
    patience: i32,
    signal: AbortSignal,
    progress: Progress,
) -> Object {
    let door = Door::new(address, patience, signal, progress, Map::new());
    let complete = match Catalogue::from_json(&JsonValue(catalogue)) {
        Ok(catalogue) => door.download(&catalogue).await,
        Err(_) => false,
    };
    object([
        ("held", door.held.into()),
        ("complete", complete.into()),
        ("fetched", door.fetched.into()),
    ])
}

/// Checks a NIK against every data set of a catalogue.
///
/// # Errors
///
/// Throws only when `nik` is no NIK: everything else is in the report.
#[wasm_bindgen(unchecked_return_type = "Report")]
pub async fn check(
    address: String,
    #[wasm_bindgen(unchecked_param_type = "Catalogue")] catalogue: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Held")] held: Map,
    nik: String,
    patience: i32,
    signal: AbortSignal,
    progress: Progress,
) -> Result<Object, JsError> {
    let nik = Zeroizing::new(nik);
    let nik = Nik::parse(&nik).map_err(|error| JsError::new(error.code()))?;
    let door = Door::new(address, patience, signal, progress, held);
    Ok(match door.check(&nik, catalogue).await {
        Ok(report) => report,
        Err(reason) => object([("reason", reason.code().into())]),
    })
}
