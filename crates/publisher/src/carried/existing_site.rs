//! Published site: its catalogue, and the same with data sets added or removed.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::error::BuildError;
use crate::io_action::{IoAction, OnPath};
use crate::keys::derive_keys::Keys;
use crate::site::catalogue_document::{CatalogueDocument, DatasetDocument};
use crate::site::{WIDGET_NAME, feed, oembed, pinned_key};
use cek_nik::catalogue::{Catalogue, FILE_NAME, MAX_BYTES};
use cek_nik::edition::Validity;
use cek_nik::nik::Date;
use cek_nik::signature::PublicKey;
use cek_nik_reader::catalogue_file::CatalogueFile;
use cek_nik_reader::regular_file::read_regular;

/// A published site.
pub struct ExistingSite {
    /// Its directory.
    pub path: PathBuf,
    /// Its catalogue.
    pub document: CatalogueDocument,
    file: CatalogueFile,
    text: String,
}

/// A catalogue to publish.
pub struct NewCatalogue {
    /// The text of `catalogue.json`.
    pub json: String,
    /// The same, decoded.
    pub document: CatalogueDocument,
}

impl ExistingSite {
    /// Reads the catalogue of a site; `None` if the directory has none.
    ///
    /// # Errors
    ///
    /// [`BuildError::ExistingCatalogue`], or a file that cannot be read.
    pub fn read(site: &Path) -> Result<Option<Self>, BuildError> {
        let path = site.join(FILE_NAME);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = read_regular(&path, MAX_BYTES as u64).on_path(IoAction::Read, &path)?;
        let reason = match CatalogueFile::parse(&bytes) {
            Ok(file) => match (CatalogueDocument::of(&file), String::from_utf8(bytes)) {
                (Some(document), Ok(text)) => {
                    let path = site.to_owned();
                    return Ok(Some(Self {
                        path,
                        document,
                        file,
                        text,
                    }));
                }
                _ => None,
            },
            Err(error) => Some(error),
        };
        Err(BuildError::ExistingCatalogue { path, reason })
    }

    /// The catalogue as clients read it.
    pub fn catalogue(&self) -> &Catalogue {
        self.file.catalogue()
    }

    /// The path of the catalogue.
    pub fn catalogue_path(&self) -> PathBuf {
        self.path.join(FILE_NAME)
    }

    /// What the keys of all data sets are derived from, and how.
    pub fn keys(&self) -> Keys {
        self.catalogue().into()
    }

    /// The ids of the data sets, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.document.datasets.iter().map(|d| d.id.as_str())
    }

    /// The address of the site, which only its oEmbed document names; `None` without one.
    ///
    /// # Errors
    ///
    /// A document that cannot be read: the pages would lose their address.
    pub fn address(&self) -> Result<Option<oembed::Site>, BuildError> {
        let path = self.path.join(oembed::Site::DOCUMENT);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = read_regular(&path, MAX_BYTES as u64).on_path(IoAction::Read, &path)?;
        Ok(oembed::Site::of_document(&bytes))
    }

    /// The key that the widget pins; `None` without one.
    ///
    /// # Errors
    ///
    /// A widget that cannot be read: the pages would lose their key.
    pub fn pinned_key(&self) -> Result<Option<PublicKey>, BuildError> {
        let path = self.path.join(WIDGET_NAME);
        if !path.exists() {
            return Ok(None);
        }
        let page = read_regular(&path, MAX_BYTES as u64).on_path(IoAction::Read, &path)?;
        Ok(pinned_key(&page))
    }

    /// The text of the feed; empty if there is none that can be read.
    pub fn feed(&self) -> String {
        let bytes = read_regular(&self.path.join(feed::NAME), feed::MAX_BYTES);
        let text = bytes.ok().map(String::from_utf8);
        text.and_then(Result::ok).unwrap_or_default()
    }

    /// The text of the catalogue.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The catalogue without a data set, as an edition of this day. Everything else stays, also
    /// what this version does not know.
    pub fn without(&self, id: &str, today: Date) -> NewCatalogue {
        let is_other = |dataset: &Value| dataset.get("id").and_then(Value::as_str) != Some(id);
        self.edited(today, |datasets| datasets.retain(is_other))
    }

    /// The catalogue with further data sets at its end, as an edition of this day. Everything else
    /// stays, also what this version does not know.
    pub fn with(&self, added: &[DatasetDocument], today: Date) -> NewCatalogue {
        let value = |document| match serde_json::to_value(document) {
            Ok(value) => value,
            Err(error) => unreachable!("strings and numbers always serialize: {error}"),
        };
        self.edited(today, |datasets| {
            datasets.extend(added.iter().map(value));
        })
    }

    fn edited(&self, today: Date, edit: impl FnOnce(&mut Vec<Value>)) -> NewCatalogue {
        let mut json = self.file.json().clone();
        if let Some(Value::Array(datasets)) = json.get_mut("datasets") {
            edit(datasets);
        }
        if json == *self.file.json() {
            return NewCatalogue {
                json: self.text.clone(),
                document: self.document.clone(),
            };
        }
        let mut set = |name: &str, value: Value| {
            if let Value::Object(fields) = &mut json {
                fields.insert(name.to_owned(), value);
            }
        };
        set("edition", (self.document.edition + 1).into());
        let days = self.catalogue().validity().map(Validity::days);
        if let Some(validity) = days.and_then(|days| Validity::of_days(today, days)) {
            set("published", validity.published().to_string().into());
            set("expires", validity.expires().to_string().into());
        }
        match CatalogueDocument::deserialize(&json) {
            Ok(document) => NewCatalogue {
                json: format!("{json:#}\n"),
                document,
            },
            Err(error) => unreachable!("the catalogue and its new entries are valid: {error}"),
        }
    }
}
