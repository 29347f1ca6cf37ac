//! Which salt a build uses, and where it comes from.

use super::random_salt;
use crate::key::Salt;

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
    Kept,
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
    ) -> anyhow::Result<Self> {
        let given = given.filter(|given| of_site != Some(*given));
        let (salt, origin) = match (given, of_site, kept) {
            (Some(salt), _, _) => (salt, Origin::Given),
            (None, Some(salt), _) => (salt, Origin::Site),
            (None, None, Some(salt)) => (salt, Origin::Kept),
            (None, None, None) => (random_salt()?, Origin::Random),
        };
        Ok(Self { salt, origin })
    }
}
