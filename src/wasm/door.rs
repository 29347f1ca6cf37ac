//! Fetching, with its time limit, and what the exports do with what came.

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

use super::json::{JsonValue, parse};
use super::objects::{answer, object};
use crate::catalogue::{Catalogue, Dataset, MAX_BYTES};
use crate::check::{Checker, FetchError, Reason, Source};
use crate::nik::Nik;
use crate::plan::POPULATION;
use crate::prefix::Prefix;
use crate::shard::Shard;

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

pub(super) struct Door {
    catalogue: String,
    patience: i32,
    signal: AbortSignal,
    progress: Progress,
    /// Whole sets that are here already, by id.
    pub(super) held: Map,
    pub(super) fetched: Array,
    /// Bytes of files before the one that is being read, and of all of them.
    before: Cell<usize>,
    total: Cell<Option<usize>>,
    prefix_bits: Cell<u8>,
}

impl Door {
    pub(super) fn new(
        catalogue: String,
        patience: i32,
        signal: AbortSignal,
        progress: Progress,
        held: Map,
    ) -> Self {
        Self {
            catalogue,
            patience,
            signal,
            progress,
            held,
            fetched: Array::new(),
            before: Cell::new(0),
            total: Cell::new(None),
            prefix_bits: Cell::new(0),
        }
    }

    pub(super) async fn open(&self) -> Result<JsValue, Reason> {
        let bytes = self
            .fetch(&self.catalogue, MAX_BYTES)
            .await
            .map_err(Reason::CatalogueFetch)?;
        let (json, _) = parse(&bytes).map_err(Reason::Catalogue)?;
        Ok(json)
    }

    /// Whether all that a check could need is here afterwards.
    pub(super) async fn download(&self, catalogue: &Catalogue) -> bool {
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

    pub(super) async fn check(&self, nik: &Nik, catalogue: JsValue) -> Result<Object, Reason> {
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
