//! Catalogue file: `catalogue.json`, decoded once for the check and for the words around an answer.

use cek_nik::catalogue::json_access::Json;
use cek_nik::catalogue::{Catalogue, CatalogueError, ForPeople, MAX_BYTES};

/// Catalogue that clients accept, with the JSON that it was read from.
pub struct CatalogueFile {
    catalogue: Catalogue,
    json: serde_json::Value,
}

impl CatalogueFile {
    /// Decodes and validates the bytes of `catalogue.json`, at most [`MAX_BYTES`] of them.
    ///
    /// # Errors
    ///
    /// [`CatalogueError`] if the bytes are no usable catalogue.
    pub fn parse(bytes: &[u8]) -> Result<Self, CatalogueError> {
        if bytes.len() > MAX_BYTES {
            return Err(CatalogueError::NotJson);
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let json = serde_json::from_slice(bytes).map_err(|_| CatalogueError::NotJson)?;
        let catalogue = Catalogue::from_json(&Value(&json))?;
        Ok(Self { catalogue, json })
    }

    /// The catalogue for a check.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The catalogue alone.
    pub fn into_catalogue(self) -> Catalogue {
        self.catalogue
    }

    /// The fields for people of each data set, in the order of [`Catalogue::datasets`].
    pub fn for_people(&self) -> Vec<ForPeople> {
        ForPeople::of_datasets(&Value(&self.json))
    }

    /// The whole file, including the fields that no check needs.
    pub fn json(&self) -> &serde_json::Value {
        &self.json
    }
}

struct Value<'a>(&'a serde_json::Value);

impl Json for Value<'_> {
    fn field(&self, name: &str) -> Option<Self> {
        self.0.get(name).filter(|value| !value.is_null()).map(Self)
    }

    fn text(&self) -> Option<String> {
        self.0.as_str().map(str::to_owned)
    }

    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn items(&self) -> Option<Vec<Self>> {
        Some(self.0.as_array()?.iter().map(Self).collect())
    }
}
