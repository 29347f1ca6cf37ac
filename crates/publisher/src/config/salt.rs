//! Salt of a build: where it comes from, and when a new one is refused.

use crate::job::{NoRandomNumbers, random_salt};
use crate::plan::anonymity_set::AnonymitySet;
use crate::plan::number_format;
use crate::site::catalogue_document::CatalogueDocument;
use cek_nik::accuracy::POPULATION;
use cek_nik::key::Salt;
use cek_nik::prefix::PrefixBits;

/// The salt of a build.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SaltChoice {
    /// The salt.
    pub salt: Salt,
    /// Whether the publisher gave it, and the site does not have it yet.
    pub is_new: bool,
}

impl SaltChoice {
    /// Takes the salt that is `given`, or else that of the site, that of a checkpoint, or a random
    /// one.
    ///
    /// # Errors
    ///
    /// An operating system without random numbers.
    pub fn new(
        given: Option<Salt>,
        of_site: Option<Salt>,
        of_checkpoint: Option<Salt>,
    ) -> Result<Self, NoRandomNumbers> {
        let salt = match given.or(of_site).or(of_checkpoint) {
            Some(salt) => salt,
            None => random_salt()?,
        };
        let is_new = given.is_some() && of_site != Some(salt);
        Ok(Self { salt, is_new })
    }

    /// Refuses a new salt for a site whose readers have sent prefixes under the old one.
    pub fn refuse_new(self, existing: Option<&CatalogueDocument>) -> Result<(), NewSalt> {
        let datasets = existing.into_iter().flat_map(|site| &site.datasets);
        // Prefixes under one salt are nested, so the longest one says all that the others do.
        let sent = datasets.filter_map(|d| PrefixBits::new(u8::try_from(d.prefix_bits).ok()?));
        match sent.max_by_key(|bits| bits.get()) {
            Some(bits) if self.is_new && bits != PrefixBits::NONE => Err(NewSalt { bits }),
            _ => Ok(()),
        }
    }
}

/// A site would get another salt than it has.
#[derive(Debug, thiserror::Error)]
#[error(
    "the site has another salt now. With a new salt, a reader who checks again sends a second \
     prefix that does not depend on the first one, and two prefixes of {bits} bits narrow {people} \
     people in the country down to {both}. Leave the salt out to keep that of the site",
    bits = bits.get(), people = number_format::number(self.people() as u64),
    both = number_format::number(self.both().round() as u64)
)]
pub struct NewSalt {
    bits: PrefixBits,
}

impl NewSalt {
    /// The prefix bits that readers have sent.
    pub fn bits(&self) -> PrefixBits {
        self.bits
    }

    /// How many people share a prefix.
    pub fn people(&self) -> f64 {
        AnonymitySet::of(self.bits, POPULATION).country
    }

    /// How many people share both prefixes: at least one, the reader.
    pub fn both(&self) -> f64 {
        (self.people() / f64::from(self.bits.shards())).max(1.0)
    }
}
