//! The browser's door: fetch, time limit, and typed objects in and out.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;

use js_sys::{Array, Function, Map, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, ReadableStreamDefaultReader, ReferrerPolicy, Request,
    RequestCache, RequestCredentials, RequestInit, RequestMode, Response,
};
use zeroize::Zeroizing;

use crate::catalogue::json::Json;
use crate::catalogue::{Catalogue, CatalogueError, Dataset, MAX_BYTES};
use crate::check::{Answer, Checker, FetchError, Reason, Source};
use crate::nik::{Date, Nik, decode_json};
use crate::plan::POPULATION;
use crate::prefix::Prefix;
use crate::shard::Shard;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface Text { id?: string; en?: string }

/** One data set as the catalogue describes it. What decides the check has been validated; what people read may be missing. */
export interface Dataset {
  id: string;
  title?: Text;
  description?: Text;
  source?: Text;
  disputed?: Text;
  date?: string;
  rows_claimed?: number;
  rows?: number;
  distinct: number;
  fields?: string[];
  prefix_bits: number;
  filter: { kind: string; bits?: number; hashes?: number };
  false_positive_rate: number;
  shard_bytes: number;
  root: string;
  built?: string;
}

/** catalogue.json. */
export interface Catalogue {
  format: string;
  version: number;
  publisher?: { name?: string; contact?: string; url?: string };
  identifier: string;
  salt: string;
  kdf: { name: string; version?: number; memory_kib?: number; iterations?: number; parallelism?: number };
  datasets: Dataset[];
}

/**
 * The answer for one data set, in the order of the catalogue. `unknown` means: could not check. `certainty` is the share of the
 * people told `member` for whom it is true, 0 to 1.
 */
export type Answer =
  | { id: string; outcome: "member" | "non_member"; certainty: number }
  | { id: string; outcome: "unknown"; reason: string; certainty?: number };

/** One address that was asked for a file, and how many bytes came back. */
export interface Fetched { url: string; bytes: number }

/** The catalogue, or why there is none. */
export type Opened =
  | { catalogue: Catalogue; fetched: Fetched[] }
  | { reason: string };

/** Whole sets by the id of their data set; verified. */
export type Held = Map<string, Uint8Array>;

/** What could be downloaded before anybody has typed a number. `complete`: no check of this catalogue needs the network any more. */
export interface Downloaded { held: Held; complete: boolean; fetched: Fetched[] }

/**
 * What one check gives: everything, or why nothing could be checked. `prefix_bits` is how many bits of the key were in the addresses,
 * and `sharers` how many people in the country have the same.
 */
export type Report =
  | { answers: Answer[]; fetched: Fetched[]; prefix_bits: number; sharers: number }
  | { reason: string };

/** Why what was typed is not a NIK. */
export type NikError =
  | { code: "empty" }
  | { code: "length"; digits: number }
  | { code: "not_a_digit"; position: number };

/** What a NIK claims, or why what was typed is none. */
export type Decoded = { reading: Reading } | { error: NikError };

/** What a NIK claims: where and as whom its bearer was first registered. */
export interface Reading {
  place: Region | Abroad;
  /** `YYYY-MM-DD`: one, or two a century apart and the earlier first, or none where the digits are no date. */
  birth_dates: string[];
  sex: "male" | "female" | null;
  /** The last four digits. */
  serial: string;
  warnings: Warning[];
}

/** Codes of the Ministry of Home Affairs, such as 32, 32.01 and 32.01.01. Names are today's; `null` where none is known. */
export interface Region {
  kind: "region";
  province: { code: string; name: string | null };
  regency: {
    code: string;
    kind: "regency" | "city" | null;
    name: string | null;
    /** Where the code is a former one: today's code, and the name of the province that it is in. */
    now?: { code: string; province: string | null };
  };
  /** `known` unless the number is 00 or beyond the highest of the regency. */
  district: { code: string; known: boolean };
}

/** The number of a citizen abroad who never had another: three digits for the country, one for the mission. */
export interface Abroad {
  kind: "abroad";
  country: string;
  mission: string;
}

/** What makes a typing error likely. A real NIK may draw any of them. `positions` are digits, counted from 1. */
export interface Warning {
  code: WarningCode;
  severity: "strong" | "soft";
  positions: number[];
}

export type WarningCode =
  | "province_unknown"
  | "regency_unknown"
  | "district_zero"
  | "district_unknown"
  | "day_impossible"
  | "month_impossible"
  | "date_impossible"
  | "leap_day_impossible"
  | "date_in_future"
  | "serial_zero"
  | "serial_high"
  | "family_card"
  | "rounded";

/** Called while a file arrives. */
export type Progress = (received: number, total: number | undefined) => void;
"#;

#[wasm_bindgen]
extern "C" {
    /// A function that hears how many bytes have arrived, and of how many.
    #[wasm_bindgen(typescript_type = "Progress")]
    pub type Progress;

    // On the global object, whichever it is: a page's or a worker's.
    #[wasm_bindgen(js_name = fetch)]
    fn fetch(request: &Request) -> Promise;
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

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
    let door = Door::new(address, patience, signal, progress);
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
    let door = Door::new(address, patience, signal, progress);
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
    let door = Door {
        held,
        ..Door::new(address, patience, signal, progress)
    };
    Ok(match door.check(&nik, catalogue).await {
        Ok(report) => report,
        Err(reason) => object([("reason", reason.code().into())]),
    })
}

struct Door {
    catalogue: String,
    patience: i32,
    signal: AbortSignal,
    progress: Progress,
    /// Whole sets that are here already, by id.
    held: Map,
    fetched: Array,
    /// Bytes of files before the one that is being read, and of all of them.
    before: Cell<usize>,
    total: Cell<Option<usize>>,
    prefix_bits: Cell<u8>,
}

impl Door {
    fn new(catalogue: String, patience: i32, signal: AbortSignal, progress: Progress) -> Self {
        Self {
            catalogue,
            patience,
            signal,
            progress,
            held: Map::new(),
            fetched: Array::new(),
            before: Cell::new(0),
            total: Cell::new(None),
            prefix_bits: Cell::new(0),
        }
    }

    async fn open(&self) -> Result<JsValue, Reason> {
        let bytes = self
            .fetch(&self.catalogue, MAX_BYTES)
            .await
            .map_err(Reason::CatalogueFetch)?;
        let (json, _) = parse(&bytes).map_err(Reason::Catalogue)?;
        Ok(json)
    }

    /// Whether all that a check could need is here afterwards.
    async fn download(&self, catalogue: &Catalogue) -> bool {
        let whole = || usable(catalogue).filter(|dataset| dataset.prefix_bits().get() == 0);
        self.expect(whole());
        let mut complete = usable(catalogue).count() == whole().count();
        for dataset in whole() {
            let prefix = dataset.prefix_bits().prefix_of([0; 4]);
            match self.shard(dataset, prefix).await {
                Ok(bytes) if Shard::verify(&bytes, dataset, prefix).is_ok() => {
                    let bytes = Uint8Array::from(bytes.as_slice());
                    self.held.set(&dataset.id().into(), &bytes);
                }
                _ => complete = false,
            }
        }
        complete
    }

    async fn check(&self, nik: &Nik, catalogue: JsValue) -> Result<Object, Reason> {
        let catalogue = Catalogue::from_json(&JsonValue(catalogue)).map_err(Reason::Catalogue)?;
        self.expect(usable(&catalogue).filter(|dataset| self.held(dataset).is_undefined()));
        let answers = Checker::new(&catalogue)?.check(nik, self).await;
        let answers: Array = answers.iter().map(answer).collect();
        let bits = self.prefix_bits.get();
        Ok(object([
            ("answers", answers.into()),
            ("fetched", (&self.fetched).into()),
            ("prefix_bits", bits.into()),
            ("sharers", ((POPULATION >> bits) as f64).into()),
        ]))
    }

    /// Reads a file, and at most one byte more than `most`. The clock starts again with every piece that arrives: a slow
    /// network is not a dead one.
    async fn fetch(&self, url: &str, most: usize) -> Result<Vec<u8>, FetchError> {
        let controller = AbortController::new().map_err(|_| FetchError::Unreachable)?;
        let stop = {
            let controller = controller.clone();
            Closure::<dyn FnMut()>::new(move || controller.abort())
        };
        let listener: &Function = stop.as_ref().unchecked_ref();
        if self.signal.aborted() {
            return Err(FetchError::Cancelled);
        }
        self.signal.set_onabort(Some(listener));
        let watch = Watch::new(controller.clone(), self.patience);
        let result = self.read(url, most, &controller, &watch).await;
        self.signal.set_onabort(None);
        let length = result.as_ref().map_or(0, Vec::len);
        self.fetched.push(&object([
            ("url", url.into()),
            ("bytes", (length as f64).into()),
        ]));
        match result {
            Err(_) if self.signal.aborted() => Err(FetchError::Cancelled),
            Err(_) if watch.expired.get() => Err(FetchError::TimedOut),
            other => other,
        }
    }

    async fn read(
        &self,
        url: &str,
        most: usize,
        controller: &AbortController,
        watch: &Watch,
    ) -> Result<Vec<u8>, FetchError> {
        let init = RequestInit::new();
        init.set_mode(RequestMode::Cors);
        init.set_credentials(RequestCredentials::Omit);
        init.set_cache(RequestCache::NoStore);
        init.set_referrer_policy(ReferrerPolicy::NoReferrer);
        init.set_signal(Some(&controller.signal()));
        let request =
            Request::new_with_str_and_init(url, &init).map_err(|_| FetchError::Unreachable)?;
        let response: Response = JsFuture::from(fetch(&request))
            .await
            .map_err(|_| FetchError::Unreachable)?
            .unchecked_into();
        match response.status() {
            200 => {}
            404 | 410 => return Err(FetchError::NotFound),
            status => return Err(FetchError::Status(status)),
        }
        self.report(0);
        let mut bytes = Vec::new();
        let Some(body) = response.body() else {
            return Ok(bytes);
        };
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        loop {
            watch.restart();
            let piece = JsFuture::from(reader.read())
                .await
                .map_err(|_| FetchError::Interrupted)?;
            let Ok(value) = Reflect::get(&piece, &"value".into()) else {
                return Err(FetchError::Interrupted);
            };
            if value.is_undefined() {
                return Ok(bytes);
            }
            bytes.extend(Uint8Array::from(value).to_vec());
            self.report(bytes.len());
            if bytes.len() > most {
                controller.abort();
                return Ok(bytes);
            }
        }
    }

    fn held(&self, dataset: &Dataset) -> JsValue {
        self.held.get(&dataset.id().into())
    }

    /// Sets what the progress counts up to.
    fn expect<'a>(&self, datasets: impl Iterator<Item = &'a Dataset>) {
        self.total
            .set(Some(datasets.map(Dataset::shard_bytes).sum()));
    }

    fn report(&self, received: usize) {
        let received = self.before.get() + received;
        let total = self
            .total
            .get()
            .map_or(JsValue::UNDEFINED, |total| (total as f64).into());
        let callback: &Function = self.progress.unchecked_ref();
        // What the page does with the progress is no reason to stop checking.
        let _ = callback.call2(&JsValue::UNDEFINED, &(received as f64).into(), &total);
    }
}

fn usable(catalogue: &Catalogue) -> impl Iterator<Item = &Dataset> {
    let entries = catalogue.datasets().iter();
    entries.filter_map(|entry| entry.dataset.as_ref().ok())
}

impl Source for Door {
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        let held = self.held(dataset);
        if !held.is_undefined() {
            return Ok(Uint8Array::from(held).to_vec());
        }
        self.prefix_bits
            .set(self.prefix_bits.get().max(prefix.bits().get()));
        let url = web_sys::Url::new_with_base(&dataset.shard_path(prefix), &self.catalogue)
            .map_err(|_| FetchError::Unreachable)?
            .href();
        let length = dataset.shard_bytes();
        let result = self.fetch(&url, length).await;
        self.before.set(self.before.get() + length);
        result
    }
}

/// Aborts a fetch that has been silent for too long.
struct Watch {
    patience: i32,
    expired: Rc<Cell<bool>>,
    timer: Cell<JsValue>,
    expire: Closure<dyn FnMut()>,
}

impl Watch {
    fn new(controller: AbortController, patience: i32) -> Self {
        let expired = Rc::new(Cell::new(false));
        let expire = Closure::new({
            let expired = expired.clone();
            move || {
                expired.set(true);
                controller.abort();
            }
        });
        let watch = Self {
            patience,
            expired,
            timer: Cell::new(JsValue::UNDEFINED),
            expire,
        };
        watch.restart();
        watch
    }

    fn restart(&self) {
        let timer = set_timeout(self.expire.as_ref().unchecked_ref(), self.patience);
        clear_timeout(&self.timer.replace(timer));
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        clear_timeout(&self.timer.take());
    }
}

/// Decodes the bytes of `catalogue.json` with the engine's own parser, and validates them.
///
/// # Errors
///
/// [`CatalogueError`].
pub fn parse(bytes: &[u8]) -> Result<(JsValue, Catalogue), CatalogueError> {
    let json = core::str::from_utf8(bytes)
        .ok()
        .filter(|text| text.len() <= MAX_BYTES)
        .and_then(|text| js_sys::JSON::parse(text.trim_start_matches('\u{feff}')).ok())
        .map(JsonValue)
        .ok_or(CatalogueError::NotJson)?;
    let catalogue = Catalogue::from_json(&json)?;
    Ok((json.0, catalogue))
}

struct JsonValue(JsValue);

impl Json for JsonValue {
    fn field(&self, name: &str) -> Option<Self> {
        let field = Reflect::get(&self.0, &name.into()).ok()?;
        (!field.is_null_or_undefined()).then_some(Self(field))
    }

    fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn items(&self) -> Option<Vec<Self>> {
        let array: &Array = self.0.dyn_ref()?;
        Some(array.iter().map(Self).collect())
    }
}

fn answer(answer: &Answer) -> Object {
    let object = object([
        ("id", (&answer.dataset).into()),
        ("outcome", answer.outcome.name().into()),
    ]);
    if let Some(reason) = answer.outcome.reason() {
        set(&object, "reason", &reason.code().into());
    }
    if let Some(certainty) = answer.certainty {
        set(&object, "certainty", &certainty.into());
    }
    object
}

// Written by hand: the serialiser for whole structures that `serde-wasm-bindgen` brings is a tenth of the module.
fn object<const N: usize>(fields: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        set(&object, name, &value);
    }
    object
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a field of a new, plain object has no case that fails.
    let _ = Reflect::set(object, &name.into(), value);
}
