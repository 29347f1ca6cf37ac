//! Which salt a build uses, and where it comes from.

use crate::job::{NoRandomNumbers, random_salt};
use crate::plan::anonymity_set::AnonymitySet;
use crate::plan::number_format;
use crate::site::document::CatalogueDocument;
use cek_nik::accuracy::POPULATION;
use cek_nik::key::Salt;
use cek_nik::prefix::PrefixBits;

/// The salt of a build.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chosen {
    /// The salt.
    pub salt: Salt,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a salt comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The site has it already.
    Site,
    /// The publisher has chosen it.
    Given,
    /// A stopped build of a new site has begun with it.
    CheckpointDirectory,
    /// Nobody has had it before.
    Random,
}

impl Chosen {
    /// The salt that is `given`, or that of the site, or for a new one that of `kept` keys, or a random one.
    ///
    /// # Errors
    ///
    /// An operating system without random numbers.
    pub fn new(
        given: Option<Salt>,
        of_site: Option<Salt>,
        kept: Option<Salt>,
    ) -> Result<Self, NoRandomNumbers> {
        let given = given.filter(|given| of_site != Some(*given));
        let (salt, origin) = match (given, of_site, kept) {
            (Some(salt), _, _) => (salt, Origin::Given),
            (None, Some(salt), _) => (salt, Origin::Site),
            (None, None, Some(salt)) => (salt, Origin::CheckpointDirectory),
            (None, None, None) => (random_salt()?, Origin::Random),
        };
        Ok(Self { salt, origin })
    }
    /// `existing` is the catalogue that the site has now.
    ///
    /// # Errors
    ///
    /// [`NewSalt`] where readers of the site have sent prefixes that another salt does not continue.
    pub fn refuse_new(self, existing: Option<&CatalogueDocument>) -> Result<(), NewSalt> {
        let datasets = existing.into_iter().flat_map(|site| &site.datasets);
        // Those of one salt are nested: the longest is all that has left a device.
        let sent = datasets.filter_map(|d| PrefixBits::new(u8::try_from(d.prefix_bits).ok()?));
        match sent.max_by_key(|bits| bits.get()) {
            Some(bits) if self.origin == Origin::Given && bits != PrefixBits::NONE => {
                Err(NewSalt { bits })
            }
            _ => Ok(()),
        }
    }
}

/// A site gets another salt than it has.
#[derive(Debug, thiserror::Error)]
#[error(
    "the site has another salt now. With a new salt, a reader who checks again sends a second prefix that \
     does not depend on the first one, and two prefixes of {bits} bits narrow {people} people in the \
     country to {both}. Leave the salt out, and the site keeps its own",
    bits = bits.get(), people = number_format::number(self.people() as u64),
    both = number_format::number(self.both().round() as u64)
)]
pub struct NewSalt {
    bits: PrefixBits,
}

impl NewSalt {
    fn people(&self) -> f64 {
        AnonymitySet::of(self.bits, POPULATION).country
    }

    /// The reader is always one of them.
    fn both(&self) -> f64 {
        (self.people() / f64::from(self.bits.shards())).max(1.0)
    }
}
