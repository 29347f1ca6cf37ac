//! A pack, as the page opens it: from its beginning alone, which may be a small part of a large
//! file.

use js_sys::{Map, Object};

use super::json::parse;
use super::objects::object;
use super::usable;
use crate::check::Reason;
use crate::pack::{HEADER_BYTES, Header, Index};

/// The catalogue and the places of the shards, or how much of the pack must be read for them.
pub(super) fn open(beginning: &[u8], pack_bytes: u64) -> Result<Object, Reason> {
    let header = Header::read(beginning).map_err(Reason::Pack)?;
    let need = HEADER_BYTES + header.index_bytes();
    if beginning.len() < need && need as u64 <= pack_bytes {
        return Ok(object([("need", (need as f64).into())]));
    }
    let index = beginning.get(HEADER_BYTES..).unwrap_or_default();
    let index = Index::read(&header, index, pack_bytes).map_err(Reason::Pack)?;
    let (json, catalogue) = parse(index.catalogue()).map_err(Reason::Catalogue)?;
    let shards = index.places(&catalogue).map_err(Reason::Pack)?;
    let places = Map::new();
    for dataset in usable(&catalogue) {
        let first = dataset.prefix_bits().prefix_of([0; 4]);
        if let Some(place) = shards.of_shard(dataset, first) {
            places.set(&dataset.id().into(), &(place as f64).into());
        }
    }
    Ok(object([("catalogue", json), ("places", places.into())]))
}
