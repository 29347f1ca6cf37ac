//! Functions of the widget. It checks against the files of a host.

use alloc::string::String;
use alloc::vec::Vec;

use js_sys::{Map, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::preserve;
use tsify::Tsify;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::http::{Http, failure_number};
use super::json::{CatalogueJson, validated};
use super::progress::{OnProgress, Progress};
use super::report::{Files, Report, report};
use super::results::{Fetched, Returned, value};
use super::trust::{Verify, trusted};
use crate::catalogue::Catalogue;
use crate::check::{Reason, Source};
use crate::prefix::PrefixBits;
use crate::shard::Shard;

#[wasm_bindgen]
extern "C" {
    /// Data sets that [`download`] fetched, and failures of others.
    #[wasm_bindgen(extends = Map, typescript_type = "Held")]
    pub type Held;
}

/// The catalogue, or the reason why there is none.
#[derive(Serialize, Tsify)]
#[serde(untagged)]
pub enum Opened {
    Catalogue {
        #[serde(serialize_with = "preserve::serialize")]
        #[tsify(type = "Catalogue")]
        catalogue: JsValue,
        fetched: Vec<Fetched>,
    },
    Failed {
        reason: Reason,
        fetched: Vec<Fetched>,
    },
}

/// Files that were downloaded before a number is typed. If `complete`, no check of this catalogue
/// needs the network any more. `failed` has the files that are not usable, or numbers for their
/// failures: a [`check`] that gets both reports the reasons without another download.
#[derive(Serialize, Tsify)]
pub struct Downloaded {
    #[serde(serialize_with = "preserve::serialize")]
    #[tsify(type = "Held")]
    pub(super) held: Map,
    #[serde(serialize_with = "preserve::serialize")]
    #[tsify(type = "Held")]
    pub(super) failed: Map,
    pub(super) complete: bool,
    pub(super) fetched: Vec<Fetched>,
}

/// Fetches and validates the catalogue at an address. Unless `key` is empty, the publisher's key must
/// have signed it. An edition that is older than `newest`, the newest that the page has seen, or too
/// old for `today` (`YYYY-MM-DD` in UTC) is refused.
///
/// # Errors
///
/// Never throws.
#[wasm_bindgen]
pub async fn open(
    url: String,
    key: String,
    verify: Verify,
    today: String,
    newest: f64,
    progress: Option<OnProgress>,
    signal: Option<AbortSignal>,
) -> Returned<Opened> {
    let host = Http::new(url, Map::new(), Progress::new(progress), signal);
    let read = async || {
        let bytes = host.catalogue().await.map_err(Reason::CatalogueFetch)?;
        let signature = match key.as_str() {
            "" => None,
            _ => host.signature().await.map_err(Reason::CatalogueFetch)?,
        };
        let (json, catalogue) =
            trusted(&bytes, signature.as_deref(), &key, &verify, &today).await?;
        catalogue.refuse_older(newest as u64)?;
        Ok(json)
    };
    let read: Result<_, Reason> = read().await;
    let fetched = host.into_fetched();
    value(&match read {
        Ok(catalogue) => Opened::Catalogue { catalogue, fetched },
        Err(reason) => Opened::Failed { reason, fetched },
    })
}

/// Downloads the data sets with a single file, before a number is typed: everybody fetches the same
/// file, and the network can then be cut. `url` is the address of the catalogue.
///
/// # Errors
///
/// Never throws.
#[wasm_bindgen]
pub async fn download(
    url: String,
    catalogue: CatalogueJson,
    progress: Option<OnProgress>,
    signal: Option<AbortSignal>,
) -> Returned<Downloaded> {
    let host = Http::new(url, Map::new(), Progress::new(progress), signal);
    let (held, failed) = (Map::new(), Map::new());
    let complete = match validated(catalogue) {
        Ok(catalogue) => hold_whole_sets(&catalogue, &host, &held, &failed).await,
        Err(_) => false,
    };
    let fetched = host.into_fetched();
    value(&Downloaded {
        held,
        failed,
        complete,
        fetched,
    })
}

/// Checks a NIK against every data set of the catalogue at `url`. It fetches none of the files in
/// `held`. A name-locked catalogue needs a name (in NFKD); otherwise it is empty. `today` is the day in
/// UTC, `YYYY-MM-DD`.
///
/// # Errors
///
/// Throws only if `nik` is not a NIK, or if a name has no word. All other failures are in the report,
/// a missing name included.
#[wasm_bindgen]
#[allow(
    clippy::too_many_arguments,
    reason = "an object would have to be read field by field"
)]
pub async fn check(
    url: String,
    catalogue: CatalogueJson,
    held: Held,
    nik: String,
    decomposed: String,
    today: String,
    progress: Option<OnProgress>,
    signal: Option<AbortSignal>,
) -> Returned<Report> {
    let host = Http::new(url, held.into(), Progress::new(progress), signal);
    report(host, catalogue, nik, decomposed, today).await
}

/// Downloads and verifies all data sets with a single file. Returns whether a check needs no other
/// file.
async fn hold_whole_sets(catalogue: &Catalogue, host: &Http, held: &Map, failed: &Map) -> bool {
    let whole = || {
        catalogue
            .usable()
            .filter(|dataset| dataset.prefix_bits() == PrefixBits::NONE)
    };
    host.expect(whole());
    let mut complete = catalogue.usable().count() == whole().count();
    for dataset in whole() {
        let prefix = dataset.prefix_bits().prefix_of([0; 4]);
        let (verified, file) = match host.shard(dataset, prefix).await {
            Ok(bytes) => (
                Shard::verify(bytes.as_slice(), dataset, prefix).is_ok(),
                Uint8Array::from(bytes.as_slice()).into(),
            ),
            Err(error) => (false, failure_number(error).into()),
        };
        complete &= verified;
        let to = if verified { held } else { failed };
        to.set(&dataset.id().into(), &file);
    }
    complete
}
