//! Functions of the offline page.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use js_sys::Map;
use serde::Serialize;
use serde_wasm_bindgen::preserve;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::device::{Device, Pack, Read, read_beginning};
use super::json::CatalogueJson;
use super::progress::{OnProgress, Progress};
use super::report::{Report, report};
use super::results::{Fetched, Returned, value};
use super::trust::Verify;
use crate::check::Reason;

/// The catalogue of a pack and the pack itself, for a check; or the reason why it is not usable.
#[derive(Serialize, Tsify)]
#[serde(untagged)]
pub enum PackOpened {
    Opened {
        #[serde(serialize_with = "preserve::serialize")]
        #[tsify(type = "Catalogue")]
        catalogue: JsValue,
        #[tsify(type = "Pack")]
        pack: PackParts,
        fetched: Vec<Fetched>,
    },
    Failed {
        reason: Reason,
    },
}

/// Pack: its name for receipts, and the offset of each data set's first shard by its id.
#[derive(Serialize, Tsify)]
#[tsify(rename = "Pack")]
pub struct PackParts {
    pub(super) name: String,
    #[serde(serialize_with = "preserve::serialize")]
    #[tsify(type = "Map<string, number>")]
    pub(super) offsets: Map,
}

/// Opens a pack of `pack_bytes` bytes. The page reads it. `name` is its name for receipts. `key` and
/// `today` are those of [`read_catalogue`](super::read_catalogue).
///
/// # Errors
///
/// Never throws.
#[wasm_bindgen]
pub async fn open_pack(
    name: String,
    pack_bytes: f64,
    read: Read,
    key: String,
    verify: Verify,
    today: String,
) -> Returned<PackOpened> {
    let beginning = read_beginning(&name, pack_bytes as u64, &read, &key, &verify, &today).await;
    value(&match beginning {
        Ok(beginning) => PackOpened::Opened {
            catalogue: beginning.catalogue,
            pack: PackParts {
                name,
                offsets: beginning.offsets,
            },
            fetched: vec![beginning.fetched],
        },
        Err(reason) => PackOpened::Failed { reason },
    })
}

/// Checks a NIK against every data set of a catalogue: of `pack`, or else of saved lists. The page
/// reads each shard. A name-locked catalogue needs a name (in NFKD); otherwise it is empty. `today` is
/// the day in UTC, `YYYY-MM-DD`.
///
/// # Errors
///
/// Throws only if `nik` is not a NIK, or if a name has no word. All other failures are in the report,
/// a missing name included.
#[wasm_bindgen]
pub async fn check_on_device(
    catalogue: CatalogueJson,
    pack: Option<Pack>,
    read: Read,
    nik: String,
    decomposed: String,
    today: String,
    progress: Option<OnProgress>,
) -> Returned<Report> {
    let device = Device::new(read, pack, Progress::new(progress));
    report(device, catalogue, nik, decomposed, today).await
}
