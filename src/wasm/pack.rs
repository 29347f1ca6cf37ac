//! Pack, opened by the page from its beginning alone, which may be a small part of a large file.

use js_sys::{Map, Object};

use super::json::parse;
use super::objects::object;
use super::usable;
use crate::check::Reason;
use crate::pack::{HEADER_BYTES, Header, Index};

/// The catalogue and the offset of each data set's first shard, or the number of bytes that must be
/// read for them.
pub(super) fn open(beginning: &[u8], pack_bytes: u64) -> Result<Object, Reason> {
    let header = Header::read(beginning).map_err(Reason::Pack)?;
    let need = HEADER_BYTES + header.index_bytes();
    if beginning.len() < need && need as u64 <= pack_bytes {
        return Ok(object([("need", (need as f64).into())]));
    }
    let index = Index::read(&header, beginning, pack_bytes).map_err(Reason::Pack)?;
    let (json, catalogue) = parse(index.catalogue()).map_err(Reason::Catalogue)?;
    let offsets = index.offsets(&catalogue).map_err(Reason::Pack)?;
    let places = Map::new();
    for dataset in usable(&catalogue) {
        let first = dataset.prefix_bits().prefix_of([0; 4]);
        if let Some(offset) = offsets.of_shard(dataset, first) {
            places.set(&dataset.id().into(), &(offset as f64).into());
        }
    }
    Ok(object([("catalogue", json), ("places", places.into())]))
}
