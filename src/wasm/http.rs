//! Files of a site, fetched from its host.

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

use js_sys::{Map, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::{preserve, to_value};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, ReadableStreamDefaultReader, ReadableStreamReadResult, RequestInit, Response, Url,
};

use super::progress::Progress;
use super::report::Files;
use super::results::Fetched;
use super::time_limit::TimeLimit;
use crate::catalogue::{Dataset, MAX_BYTES};
use crate::check::{FetchError, Reason, Source};
use crate::patience::Patience;
use crate::prefix::Prefix;
use crate::shard::Shard;
use crate::signature;

#[wasm_bindgen]
extern "C" {
    // Windows, workers and Node have it in their global scope.
    #[wasm_bindgen(js_name = fetch)]
    fn fetch(url: &str, init: &RequestInit) -> js_sys::Promise;
}

/// [`RequestInit`] as a plain structure. Its setters would add a table of all values of each
/// enumeration to the module.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Init {
    mode: &'static str,
    credentials: &'static str,
    cache: &'static str,
    referrer_policy: &'static str,
    #[serde(serialize_with = "preserve::serialize")]
    signal: AbortSignal,
}

/// Host of a site, for one call. It records the fetched files.
pub(super) struct Http {
    /// The address of the catalogue.
    address: String,
    /// Data sets that were downloaded before, by id, or the [number](failure_number) of the failure.
    held: Map,
    progress: Progress,
    signal: Option<AbortSignal>,
    /// One for all requests: a silent host is waited for once.
    patience: Cell<Patience>,
    /// Expected bytes of the files before this one.
    before: Cell<u32>,
    prefix_bits: Cell<u8>,
    fetched: RefCell<Vec<Fetched>>,
}

impl Http {
    pub(super) fn new(
        address: String,
        held: Map,
        progress: Progress,
        signal: Option<AbortSignal>,
    ) -> Self {
        Self {
            address,
            held,
            progress,
            signal,
            patience: Cell::new(Patience::new(Patience::OF_PAGES)),
            before: Cell::default(),
            prefix_bits: Cell::default(),
            fetched: RefCell::default(),
        }
    }

    pub(super) async fn catalogue(&self) -> Result<Vec<u8>, FetchError> {
        self.file("", MAX_BYTES).await
    }

    /// The signature of the catalogue, which lies beside it; `None` if there is none.
    pub(super) async fn signature(&self) -> Result<Option<Vec<u8>>, FetchError> {
        match self.file(signature::FILE_NAME, signature::MAX_BYTES).await {
            Err(FetchError::NotFound) => Ok(None),
            file => file.map(Some),
        }
    }

    /// Fetches a shard and verifies it as a check does.
    pub(super) async fn verified(
        &self,
        dataset: &Dataset,
        prefix: Prefix,
    ) -> Result<Vec<u8>, Reason> {
        let bytes = self.shard(dataset, prefix).await.map_err(Reason::Fetch)?;
        Shard::verify(&bytes, dataset, prefix).map_err(Reason::Shard)?;
        Ok(bytes)
    }

    fn held(&self, dataset: &Dataset) -> JsValue {
        self.held.get(&dataset.id().into())
    }

    async fn file(&self, path: &str, most: usize) -> Result<Vec<u8>, FetchError> {
        let url = Url::new_with_base(path, &self.address).map_err(|_| FetchError::Unreachable)?;
        let before = self.before.get();
        let mut received = 0;
        let limit = TimeLimit::new(&self.patience, self.signal.as_ref())?;
        let bytes = get(&url, most, &limit, |length| {
            received = length;
            self.progress.report(before + length);
        })
        .await;
        self.progress.report_now(before + received);
        self.before.set(before + most as u32);
        self.fetched.borrow_mut().push(Fetched {
            url: url.href(),
            bytes: received,
        });
        bytes
    }
}

impl Source for Http {
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        let held = self.held(dataset);
        if let Some(number) = held.as_f64() {
            return Err(failure(number as u16));
        }
        if !held.is_undefined() {
            return Ok(Uint8Array::from(held).to_vec());
        }
        if self.patience.get().left() <= 0.0 {
            return Err(FetchError::TimedOut);
        }
        self.prefix_bits
            .set(self.prefix_bits.get().max(prefix.bits().get()));
        self.file(&dataset.shard_path(prefix), dataset.shard_bytes())
            .await
    }
}

impl Files for Http {
    fn expect<'a>(&self, datasets: impl Iterator<Item = &'a Dataset>) {
        let missing = datasets.filter(|dataset| self.held(dataset).is_undefined());
        self.progress
            .expect(missing.map(Dataset::shard_bytes).sum());
    }

    fn prefix_bits(&self) -> u8 {
        self.prefix_bits.get()
    }

    fn into_fetched(self) -> Vec<Fetched> {
        self.fetched.into_inner()
    }
}

/// A failed request as a number that the page passes back: its status, or one that no host sends.
pub(super) fn failure_number(error: FetchError) -> u16 {
    match error {
        FetchError::TimedOut => 1,
        FetchError::Interrupted => 2,
        FetchError::NotFound => 404,
        FetchError::Status(status) => status,
        FetchError::Unreachable | FetchError::Unreadable => 0,
    }
}

fn failure(number: u16) -> FetchError {
    match number {
        0 => FetchError::Unreachable,
        1 => FetchError::TimedOut,
        2 => FetchError::Interrupted,
        status => FetchError::of_status(status),
    }
}

fn is_of(url: &str, origin: &str) -> bool {
    let path = url.strip_prefix(origin);
    path.is_some_and(|path| path.starts_with('/'))
}

/// Fetches a file of at most `most` bytes. From a longer one, it returns a part that is longer than
/// `most`. `receive` gets the number of bytes received so far.
async fn get(
    url: &Url,
    most: usize,
    limit: &TimeLimit<'_>,
    mut receive: impl FnMut(u32),
) -> Result<Vec<u8>, FetchError> {
    let init = to_value(&Init {
        mode: "cors",
        credentials: "omit",
        cache: "no-store",
        referrer_policy: "no-referrer",
        signal: limit.signal(),
    });
    let init = init.map_err(|_| FetchError::Unreachable)?;
    let response = JsFuture::from(fetch(&url.href(), init.unchecked_ref())).await;
    let response = response.map_err(|_| limit.reason_or(FetchError::Unreachable))?;
    let response: Response = response.unchecked_into();
    limit.receive(Patience::ANSWER);
    // A redirect to another origin: the reader was never told of that host.
    if !is_of(&response.url(), &url.origin()) {
        return Err(FetchError::Unreachable);
    }
    if response.status() != 200 {
        return Err(FetchError::of_status(response.status()));
    }
    receive(0);
    let mut chunks = Vec::new();
    let mut length = 0;
    if let Some(body) = response.body() {
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        while length <= most {
            let read = JsFuture::from(reader.read()).await;
            let read = read.map_err(|_| limit.reason_or(FetchError::Interrupted))?;
            let chunk = read
                .unchecked_into::<ReadableStreamReadResult>()
                .get_value();
            if chunk.is_undefined() {
                break;
            }
            let chunk: Uint8Array = chunk.unchecked_into();
            limit.receive(chunk.length() as usize);
            length += chunk.length() as usize;
            chunks.push(chunk);
            receive(length as u32);
        }
    }
    if length > most {
        limit.abort();
    }
    let mut bytes = Vec::with_capacity(length);
    for chunk in chunks {
        bytes.append(&mut chunk.to_vec());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_failure_is_the_same_after_it_was_passed_back() {
        for error in [
            FetchError::Unreachable,
            FetchError::TimedOut,
            FetchError::Interrupted,
            FetchError::NotFound,
            FetchError::Status(503),
        ] {
            assert_eq!(failure(failure_number(error)), error);
        }
    }

    #[wasm_bindgen_test]
    fn only_addresses_of_the_origin_are_of_it() {
        assert!(is_of("https://a.example/data/x", "https://a.example"));
        for other in [
            "https://a.example.net/data/x",
            "https://a.example:8443/data/x",
            "http://a.example/data/x",
            "https://a.example",
            "",
        ] {
            assert!(!is_of(other, "https://a.example"), "{other}");
        }
    }
}
