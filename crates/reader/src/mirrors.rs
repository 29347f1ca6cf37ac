//! Site with mirrors: the same files on other hosts, asked when one is down, slow or wrong.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cek_nik::catalogue::Dataset;
#[cfg(feature = "http")]
use cek_nik::catalogue::MAX_MIRRORS;
use cek_nik::check::{FetchError, Reason, Source};
use cek_nik::nik::Date;
use cek_nik::prefix::Prefix;
use cek_nik::shard::Shard;
use cek_nik::signature::PublicKey;

use crate::address::AddressError;
use crate::catalogue_file::CatalogueFile;
use crate::site::Site;

/// Site and its mirrors, in the order in which they are asked. A site that lacks a usable file is
/// skipped from then on if a later one has it.
pub struct MirroredSite {
    site: Site,
    mirrors: Vec<Site>,
    /// How many of all are skipped, from the first on.
    skipped: AtomicUsize,
    #[cfg(feature = "http")]
    patience: Duration,
}

impl MirroredSite {
    /// Opens a site as [`Site::new`], and its mirrors. Each host has the full `patience`.
    ///
    /// # Errors
    ///
    /// [`AddressError`] with the location that cannot be one.
    pub fn new<'a>(
        location: &'a str,
        mirrors: &'a [String],
        patience: Duration,
    ) -> Result<Self, (&'a str, AddressError)> {
        let open = |location| Site::new(location, patience).map_err(|error| (location, error));
        Ok(Self {
            site: open(location)?,
            mirrors: mirrors
                .iter()
                .map(|it| open(it))
                .collect::<Result<_, _>>()?,
            skipped: AtomicUsize::new(0),
            #[cfg(feature = "http")]
            patience,
        })
    }

    /// The first site that is not skipped.
    pub fn current(&self) -> &Site {
        self.left().next().map_or(&self.site, |(_, site)| site)
    }

    /// The site and its mirrors, also those that are skipped.
    pub fn all(&self) -> impl Iterator<Item = &Site> {
        std::iter::once(&self.site).chain(&self.mirrors)
    }

    /// Begins another check, for which each host has the full patience again.
    pub fn renew_patience(&self) {
        self.all().for_each(Site::renew_patience);
    }

    /// Reads and validates the catalogue of the first site that has one that is usable on this day.
    /// With a key, only one that the key has signed is usable, and if it comes from a host, up to four
    /// mirrors that it names are asked, too.
    ///
    /// # Errors
    ///
    /// As [`Site::catalogue`] and [`Site::signed_catalogue`], of the first site.
    pub fn catalogue(
        &mut self,
        key: Option<&PublicKey>,
        today: Date,
    ) -> Result<CatalogueFile, Reason> {
        let file = self.open(key, today)?;
        #[cfg(feature = "http")]
        if key.is_some() {
            self.add_mirrors_of(&file);
        }
        Ok(file)
    }

    fn open(&self, key: Option<&PublicKey>, today: Date) -> Result<CatalogueFile, Reason> {
        let mut first = None;
        for (index, site) in self.left() {
            let file = match key {
                Some(key) => site.signed_catalogue(key),
                None => site.catalogue(),
            };
            match file.and_then(|file| file.catalogue().usable_age(today).map(|_| file)) {
                Ok(file) => {
                    self.skipped.store(index, Ordering::Relaxed);
                    return Ok(file);
                }
                Err(reason) => {
                    first.get_or_insert(reason);
                }
            }
        }
        Err(first.unwrap_or(Reason::CatalogueFetch(FetchError::Unreachable)))
    }

    /// Adds the mirrors that a signed catalogue names, unless it comes from a pack or a directory,
    /// which are checked without any network.
    #[cfg(feature = "http")]
    fn add_mirrors_of(&mut self, file: &CatalogueFile) {
        if !matches!(self.current(), Site::Http(_)) {
            return;
        }
        let known: Vec<String> = self.all().map(Site::to_string).collect();
        let named = file
            .json()
            .get("mirrors")
            .and_then(|named| named.as_array());
        let addresses = named.into_iter().flatten().filter_map(|it| it.as_str());
        let new = addresses
            .filter_map(|address| Site::new(address, self.patience).ok())
            .filter(|site| matches!(site, Site::Http(_)) && !known.contains(&site.to_string()))
            .take(MAX_MIRRORS);
        self.mirrors.extend(new.collect::<Vec<Site>>());
    }

    /// The sites that are not skipped, with their places.
    fn left(&self) -> impl Iterator<Item = (usize, &Site)> {
        let skipped = self.skipped.load(Ordering::Relaxed);
        self.all().enumerate().skip(skipped)
    }
}

impl Source for MirroredSite {
    /// The shard of the first site that has the right one; otherwise what the first site has.
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        let is_alone = self.mirrors.is_empty();
        let mut first = None;
        for (index, site) in self.left() {
            let shard = site.shard(dataset, prefix).await;
            // The caller verifies what it gets. Here that is only needed to choose a site.
            let is_right = |bytes: &Vec<u8>| {
                is_alone || Shard::verify(bytes.as_slice(), dataset, prefix).is_ok()
            };
            if shard.as_ref().is_ok_and(is_right) {
                self.skipped.store(index, Ordering::Relaxed);
                return shard;
            }
            first.get_or_insert(shard);
        }
        first.unwrap_or(Err(FetchError::Unreachable))
    }
}
