//! Files of a site, as a task sees them: it requests one, and waits until the page has delivered
//! it.

use alloc::vec::Vec;
use core::cell::Cell;
use core::future::poll_fn;
use core::task::Poll;

use js_sys::{Map, Uint8Array};
use wasm_bindgen::JsValue;

use super::objects::object;
use crate::catalogue::{Dataset, MAX_BYTES};
use crate::check::{FetchError, Source};
use crate::prefix::Prefix;

pub(super) struct Files {
    /// Data sets that are already here, by id.
    held: Map,
    wanted: Cell<JsValue>,
    brought: Cell<Option<Result<Vec<u8>, FetchError>>>,
    /// The length of all files that the task will request, in bytes, if known.
    total: Cell<Option<usize>>,
    prefix_bits: Cell<u8>,
}

impl Files {
    pub(super) fn new(held: Map) -> Self {
        Self {
            held,
            wanted: Cell::default(),
            brought: Cell::default(),
            total: Cell::default(),
            prefix_bits: Cell::default(),
        }
    }

    pub(super) async fn catalogue(&self) -> Result<Vec<u8>, FetchError> {
        self.file("", MAX_BYTES).await
    }

    /// Sets the total of the progress: the data sets that are not here.
    pub(super) fn expect<'a>(&self, datasets: impl Iterator<Item = &'a Dataset>) {
        let missing = datasets.filter(|dataset| self.held(dataset).is_undefined());
        self.total
            .set(Some(missing.map(Dataset::shard_bytes).sum()));
    }

    /// The number of bits of the key in the requested addresses.
    pub(super) fn prefix_bits(&self) -> u8 {
        self.prefix_bits.get()
    }

    pub(super) fn wanted(&self) -> JsValue {
        self.wanted.take()
    }

    pub(super) fn bring(&self, file: Result<Vec<u8>, FetchError>) {
        self.brought.set(Some(file));
    }

    async fn file(&self, path: &str, most: usize) -> Result<Vec<u8>, FetchError> {
        let total = self.total.get().map(|total| total as f64);
        self.wanted.set(
            object([
                ("path", path.into()),
                ("most", (most as f64).into()),
                ("total", total.into()),
            ])
            .into(),
        );
        poll_fn(|_| self.brought.take().map_or(Poll::Pending, Poll::Ready)).await
    }

    fn held(&self, dataset: &Dataset) -> JsValue {
        self.held.get(&dataset.id().into())
    }
}

impl Source for Files {
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        let held = self.held(dataset);
        if !held.is_undefined() {
            return Ok(Uint8Array::from(held).to_vec());
        }
        self.prefix_bits
            .set(self.prefix_bits.get().max(prefix.bits().get()));
        self.file(&dataset.shard_path(prefix), dataset.shard_bytes())
            .await
    }
}
