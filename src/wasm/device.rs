//! Files on the device: the parts of a pack, or saved lists. The page reads them: if it was opened
//! as a file, WebKit's worker cannot read files.

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;

use js_sys::{Function, Map, Promise, Uint8Array};
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::progress::Progress;
use super::report::Files;
use super::results::{Fetched, value};
use super::trust::{Verify, trusted};
use crate::catalogue::{Catalogue, Dataset, decimal};
use crate::check::{FetchError, Reason, Source};
use crate::pack::{HEADER_BYTES, Header, Index};
use crate::prefix::Prefix;

#[wasm_bindgen]
extern "C" {
    /// Function of the page that reads a part of a file.
    #[wasm_bindgen(
        extends = Function,
        typescript_type = "(wanted: Wanted) => Promise<Uint8Array | \"not_found\" | \"unreadable\">"
    )]
    pub type Read;

    /// Pack that [`open_pack`](super::open_pack) has opened.
    #[wasm_bindgen(typescript_type = "Pack")]
    pub type Pack;
    #[wasm_bindgen(method, getter)]
    fn name(this: &Pack) -> String;
    #[wasm_bindgen(method, getter)]
    fn offsets(this: &Pack) -> Map;
}

/// Part of a file for the page to read: `bytes` bytes from `offset` of a pack, or all of a saved
/// file. `path` is the path of the file on a site.
#[derive(Serialize, Tsify)]
pub struct Wanted<'a> {
    path: &'a str,
    offset: f64,
    bytes: u32,
}

/// Files on the device, for one call. It records the files that were read.
pub(super) struct Device {
    read: Read,
    pack: Option<Pack>,
    progress: Progress,
    fetched: RefCell<Vec<Fetched>>,
}

impl Device {
    pub(super) fn new(read: Read, pack: Option<Pack>, progress: Progress) -> Self {
        Self {
            read,
            pack,
            progress,
            fetched: RefCell::default(),
        }
    }
}

impl Source for Device {
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        let received = self.fetched.borrow().iter().map(|file| file.bytes).sum();
        self.progress.report_now(received);
        let path = dataset.shard_path(prefix);
        let bytes = dataset.shard_bytes();
        let mut offset = 0.0;
        let mut url = path.clone();
        if let Some(pack) = &self.pack {
            let first = pack.offsets().get(&dataset.id().into());
            let before = f64::from(prefix.value()) * bytes as f64;
            offset = first.as_f64().ok_or(FetchError::NotFound)? + before;
            let part = [dataset.id(), "/", &prefix.to_hex(), ".cnk"].concat();
            url = part_name(&pack.name(), offset, bytes, &part);
        }
        let wanted = Wanted {
            path: &path,
            offset,
            bytes: bytes as u32,
        };
        let result = read(&self.read, &wanted).await;
        self.fetched.borrow_mut().push(Fetched {
            url,
            bytes: result.as_ref().map_or(0, |bytes| bytes.len() as u32),
        });
        result
    }
}

impl Files for Device {
    fn expect<'a>(&self, datasets: impl Iterator<Item = &'a Dataset>) {
        self.progress
            .expect(datasets.map(Dataset::shard_bytes).sum());
    }

    /// The prefix chooses what is read on the device. It never leaves the device.
    fn prefix_bits(&self) -> u8 {
        0
    }

    fn into_fetched(self) -> Vec<Fetched> {
        self.fetched.into_inner()
    }
}

/// Beginning of a pack: the catalogue, the offset of each data set's first shard by its id, and the
/// record of what was read.
pub(super) struct Beginning {
    pub(super) catalogue: JsValue,
    pub(super) offsets: Map,
    pub(super) fetched: Fetched,
}

/// Reads the beginning of a pack of `pack_bytes` bytes, and nothing after it. See [`trusted`].
pub(super) async fn read_beginning(
    name: &str,
    pack_bytes: u64,
    page: &Read,
    key: &str,
    verify: &Verify,
    today: &str,
) -> Result<Beginning, Reason> {
    let from_start = async |bytes: usize| {
        let wanted = Wanted {
            path: "catalogue.json",
            offset: 0.0,
            bytes: bytes as u32,
        };
        read(page, &wanted).await.map_err(Reason::CatalogueFetch)
    };
    let mut beginning = from_start(HEADER_BYTES).await?;
    let header = Header::read(&beginning).map_err(Reason::Pack)?;
    let need = HEADER_BYTES + header.index_bytes();
    if need as u64 <= pack_bytes {
        beginning = from_start(need).await?;
    }
    let index = Index::read(&header, &beginning, pack_bytes).map_err(Reason::Pack)?;
    let signature = Some(index.signature()).filter(|file| !file.is_empty());
    let trusted = trusted(index.catalogue(), signature, key, verify, today);
    let (json, catalogue) = trusted.await?;
    Ok(Beginning {
        catalogue: json,
        offsets: offsets(&index, &catalogue)?,
        fetched: Fetched {
            url: part_name(name, 0.0, need, "catalogue.json"),
            bytes: need as u32,
        },
    })
}

fn offsets(index: &Index, catalogue: &Catalogue) -> Result<Map, Reason> {
    let offsets = index.offsets(catalogue).map_err(Reason::Pack)?;
    let by_id = Map::new();
    for dataset in catalogue.usable() {
        let first = dataset.prefix_bits().prefix_of([0; 4]);
        if let Some(offset) = offsets.of_shard(dataset, first) {
            by_id.set(&dataset.id().into(), &(offset as f64).into());
        }
    }
    Ok(by_id)
}

async fn read(page: &Read, wanted: &Wanted<'_>) -> Result<Vec<u8>, FetchError> {
    let read = async || {
        let promise = page.call1(&JsValue::UNDEFINED, &value(wanted)?.into())?;
        JsFuture::from(Promise::resolve(&promise)).await
    };
    let read = read().await.map_err(|_| FetchError::Unreadable)?;
    match read.dyn_into::<Uint8Array>() {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(failure) if failure == "not_found" => Err(FetchError::NotFound),
        Err(_) => Err(FetchError::Unreadable),
    }
}

/// Name of a part of a pack in receipts, such as `a.cnkpack [64–120] catalogue.json`. It fits any
/// language and lets anyone find the bytes.
fn part_name(pack: &str, offset: f64, bytes: usize, part: &str) -> String {
    let first = offset as u64;
    let last = (first + bytes as u64).saturating_sub(1);
    let (first, last) = (decimal(first), decimal(last));
    [pack, " [", &first, "–", &last, "] ", part].concat()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn names_the_first_and_the_last_byte_of_a_part() {
        let name = part_name("a.cnkpack", 64.0, 57, "catalogue.json");
        assert_eq!(name, "a.cnkpack [64–120] catalogue.json");
        // Beyond 32 bits.
        let name = part_name("a.cnkpack", 5e9, 1, "list/0000.cnk");
        assert_eq!(name, "a.cnkpack [5000000000–5000000000] list/0000.cnk");
    }
}
