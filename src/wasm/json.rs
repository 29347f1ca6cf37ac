//! JSON of `catalogue.json`, decoded by the engine's own parser.

use alloc::string::String;
use alloc::vec::Vec;

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;

use crate::catalogue::json_access::Json;
use crate::catalogue::{Catalogue, CatalogueError, MAX_BYTES};
use crate::check::Reason;

/// Decodes and validates the bytes of `catalogue.json`.
///
/// # Errors
///
/// [`CatalogueError`].
pub fn parse(bytes: &[u8]) -> Result<(JsValue, Catalogue), CatalogueError> {
    let json = core::str::from_utf8(bytes)
        .ok()
        .filter(|text| text.len() <= MAX_BYTES)
        .and_then(|text| js_sys::JSON::parse(text.strip_prefix('\u{feff}').unwrap_or(text)).ok())
        .map(JsonValue)
        .ok_or(CatalogueError::NotJson)?;
    let catalogue = Catalogue::from_json(&json)?;
    Ok((json.0, catalogue))
}

#[wasm_bindgen]
extern "C" {
    /// Decoded `catalogue.json`, which the page passes back.
    #[wasm_bindgen(typescript_type = "Catalogue")]
    pub type CatalogueJson;
}

/// Validates a catalogue again: the page may have changed it.
pub(super) fn validated(catalogue: CatalogueJson) -> Result<Catalogue, Reason> {
    Catalogue::from_json(&JsonValue(catalogue.into())).map_err(Reason::Catalogue)
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
