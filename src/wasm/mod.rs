//! Functions for the browser's pages (wasm32 only).

#![cfg(target_arch = "wasm32")]

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use js_sys::{Array, Map, Object, Uint8Array};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

mod failure;
mod files;
mod json;
mod objects;
mod pack;
mod task;
mod types;

use crate::accuracy::POPULATION;
use crate::catalogue::{Catalogue, Dataset};
use crate::check::{Checker, Reason, Source};
use crate::identifier::Identifier;
use crate::name::NameWord;
use crate::nik::{Date, Nik, decode_json};
use crate::shard::{Shard, ShardError};
pub use failure::Failure;
use files::Files;
use json::JsonValue;
pub use json::parse;
use objects::{answer, object};
pub use task::Task;

/// Decodes a NIK as it is typed. `year`, `month` (1 to 12) and `day` are today's, and decide which
/// centuries are possible.
///
/// # Errors
///
/// Throws only if these three are no date.
#[wasm_bindgen(unchecked_return_type = "Decoded")]
pub fn decode(text: String, year: u16, month: u8, day: u8) -> Result<JsValue, JsError> {
    let text = Zeroizing::new(text);
    let today = Date::new(year, month, day).ok_or_else(|| JsError::new("today is no date"))?;
    let reading = js_sys::JSON::parse(&decode_json(&text, today));
    reading.map_err(|_| JsError::new("the reading is no JSON"))
}

/// Fetches and validates the catalogue.
#[wasm_bindgen(unchecked_return_type = "Task<Opened>")]
pub fn open() -> Task {
    let files = Rc::new(Files::new(Map::new()));
    Task::new(files.clone(), async move {
        match read_catalogue(&files).await {
            Ok(catalogue) => object([("catalogue", catalogue)]),
            Err(reason) => refusal(reason),
        }
    })
}

/// Downloads the data sets with a single file, which everybody fetches alike: before a number is
/// typed, so that the network can be cut. It skips files that fail; [`check`] fetches them again
/// and reports why they fail.
#[wasm_bindgen(unchecked_return_type = "Task<Downloaded>")]
pub fn download(#[wasm_bindgen(unchecked_param_type = "Catalogue")] catalogue: JsValue) -> Task {
    let files = Rc::new(Files::new(Map::new()));
    Task::new(files.clone(), async move {
        let held = Map::new();
        let complete = match Catalogue::from_json(&JsonValue(catalogue)) {
            Ok(catalogue) => hold_whole_sets(&catalogue, &files, &held).await,
            Err(_) => false,
        };
        object([("held", held.into()), ("complete", complete.into())])
    })
}

/// Opens a pack of `pack_bytes` bytes. `beginning` is its beginning, at least 64 bytes of it unless
/// the pack is shorter.
#[wasm_bindgen(unchecked_return_type = "PackOpened")]
pub fn open_pack(beginning: Vec<u8>, pack_bytes: f64) -> Object {
    pack::open(&beginning, pack_bytes as u64).unwrap_or_else(refusal)
}

/// Verifies a shard before any lookup: the code of the reason if it is not the catalogue's.
/// `prefix` is the number of the shard.
#[wasm_bindgen]
pub fn verify_shard(
    #[wasm_bindgen(unchecked_param_type = "Catalogue")] catalogue: JsValue,
    id: String,
    prefix: u32,
    bytes: Vec<u8>,
) -> Option<String> {
    let verified = verify(catalogue, &id, prefix, &bytes);
    verified.err().map(|reason| reason.code().into())
}

/// Finds the word of a name, as typed but in NFKD, that a check against a name-locked catalogue
/// needs. The engine has the Unicode tables for NFKD, which are too large for the module.
#[wasm_bindgen(unchecked_return_type = "NameRead")]
pub fn read_name(decomposed: String) -> Object {
    let decomposed = Zeroizing::new(decomposed);
    let read = NameWord::of_decomposed(decomposed.chars());
    object([match &read {
        Ok(word) => ("word", word.letters().into()),
        Err(error) => ("error", error.code().into()),
    }])
}

/// Checks a NIK against every data set of a catalogue, with a name (in NFKD) if the catalogue is
/// name-locked, or else an empty text.
///
/// # Errors
///
/// Throws only if `nik` is no NIK, or if a name has no word. All other failures are in the report,
/// a missing name included.
#[wasm_bindgen(unchecked_return_type = "Task<Report>")]
pub fn check(
    #[wasm_bindgen(unchecked_param_type = "Catalogue")] catalogue: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Held")] held: Map,
    nik: String,
    decomposed: String,
) -> Result<Task, JsError> {
    let nik = Zeroizing::new(nik);
    let nik = Nik::parse(&nik).map_err(|error| JsError::new(error.code()))?;
    let decomposed = Zeroizing::new(decomposed);
    let identifier = if decomposed.is_empty() {
        Identifier::of_nik(&nik)
    } else {
        let name = NameWord::of_decomposed(decomposed.chars());
        let name = name.map_err(|error| JsError::new(error.code()))?;
        Identifier::of_nik_and_name(&nik, &name)
    };
    let files = Rc::new(Files::new(held));
    Ok(Task::new(files.clone(), async move {
        report(&identifier, catalogue, &files)
            .await
            .unwrap_or_else(refusal)
    }))
}

async fn read_catalogue(files: &Files) -> Result<JsValue, Reason> {
    let bytes = files.catalogue().await.map_err(Reason::CatalogueFetch)?;
    let (json, _) = parse(&bytes).map_err(Reason::Catalogue)?;
    Ok(json)
}

/// Downloads and verifies all data sets with a single file. Whether a check needs no further file.
async fn hold_whole_sets(catalogue: &Catalogue, files: &Files, held: &Map) -> bool {
    let whole = || usable(catalogue).filter(|dataset| dataset.prefix_bits().get() == 0);
    files.expect(whole());
    let mut complete = usable(catalogue).count() == whole().count();
    for dataset in whole() {
        let prefix = dataset.prefix_bits().prefix_of([0; 4]);
        match files.shard(dataset, prefix).await {
            Ok(bytes) if Shard::verify(&bytes, dataset, prefix).is_ok() => {
                held.set(&dataset.id().into(), &Uint8Array::from(bytes.as_slice()));
            }
            _ => complete = false,
        }
    }
    complete
}

async fn report(
    identifier: &Identifier,
    catalogue: JsValue,
    files: &Files,
) -> Result<Object, Reason> {
    let catalogue = Catalogue::from_json(&JsonValue(catalogue)).map_err(Reason::Catalogue)?;
    files.expect(usable(&catalogue));
    let answers = Checker::new(&catalogue)?.check(identifier, files).await;
    let answers: Array = answers.iter().map(answer).collect();
    let bits = files.prefix_bits();
    Ok(object([
        ("answers", answers.into()),
        ("prefix_bits", bits.into()),
        ("sharers", ((POPULATION >> bits) as f64).into()),
    ]))
}

fn verify(catalogue: JsValue, id: &str, prefix: u32, bytes: &[u8]) -> Result<(), Reason> {
    let catalogue = Catalogue::from_json(&JsonValue(catalogue)).map_err(Reason::Catalogue)?;
    let mut entries = catalogue.datasets().iter();
    let entry = entries.find(|entry| entry.id == id);
    let entry = entry.ok_or(Reason::Shard(ShardError::WrongDataset))?;
    let dataset = entry.dataset.as_ref().map_err(|&e| Reason::Dataset(e))?;
    let prefix = dataset.prefix_bits().all().nth(prefix as usize);
    let prefix = prefix.ok_or(Reason::Shard(ShardError::WrongPrefix))?;
    Shard::verify(bytes, dataset, prefix).map_err(Reason::Shard)?;
    Ok(())
}

fn usable(catalogue: &Catalogue) -> impl Iterator<Item = &Dataset> {
    let entries = catalogue.datasets().iter();
    entries.filter_map(|entry| entry.dataset.as_ref().ok())
}

fn refusal(reason: Reason) -> Object {
    object([("reason", reason.code().into())])
}
