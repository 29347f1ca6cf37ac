//! Functions of the saving worker.

use alloc::string::String;

use js_sys::{Map, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::preserve;
use tsify::Tsify;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::http::Http;
use super::json::{CatalogueJson, validated};
use super::progress::{OnProgress, Progress};
use super::results::{Returned, value};
use crate::catalogue::{Catalogue, Dataset};
use crate::check::Reason;
use crate::prefix::Prefix;
use crate::shard::ShardError;

/// Shard that was fetched and verified, or the reason why there is none.
#[derive(Serialize, Tsify)]
#[serde(untagged)]
pub enum ShardFetched {
    Verified {
        #[serde(serialize_with = "preserve::serialize")]
        #[tsify(type = "Uint8Array<ArrayBuffer>")]
        bytes: Uint8Array,
    },
    Failed {
        reason: Reason,
    },
}

/// Fetches and verifies one shard, by its number. `url` is the address of the catalogue.
///
/// # Errors
///
/// Never throws.
#[wasm_bindgen]
pub async fn fetch_shard(
    url: String,
    catalogue: CatalogueJson,
    id: String,
    shard: u32,
    progress: Option<OnProgress>,
    signal: Option<AbortSignal>,
) -> Returned<ShardFetched> {
    let host = Http::new(url, Map::new(), Progress::new(progress), signal);
    let fetch = async || {
        let catalogue = validated(catalogue)?;
        let (dataset, prefix) = find_shard(&catalogue, &id, shard)?;
        host.verified(dataset, prefix).await
    };
    value(&match fetch().await {
        Ok(bytes) => ShardFetched::Verified {
            bytes: Uint8Array::from(bytes.as_slice()),
        },
        Err(reason) => ShardFetched::Failed { reason },
    })
}

fn find_shard<'a>(
    catalogue: &'a Catalogue,
    id: &str,
    shard: u32,
) -> Result<(&'a Dataset, Prefix), Reason> {
    let mut entries = catalogue.datasets().iter();
    let entry = entries.find(|entry| entry.id == id);
    let entry = entry.ok_or(Reason::Shard(ShardError::WrongDataset))?;
    let dataset = entry.dataset.as_ref().map_err(|&e| Reason::Dataset(e))?;
    let prefix = dataset.prefix_bits().all().nth(shard as usize);
    let prefix = prefix.ok_or(Reason::Shard(ShardError::WrongPrefix))?;
    Ok((dataset, prefix))
}
