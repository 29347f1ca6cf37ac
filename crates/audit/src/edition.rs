//! Findings about the edition of a site and its signature.

use cek_nik::catalogue::{Catalogue, FILE_NAME};
use cek_nik::check::Reason;
use cek_nik::edition::Age;
use cek_nik::nik::Date;
use cek_nik::signature::{self, PublicKey, Signature, SignatureError};
use cek_nik_reader::signed;

use crate::finding::Finding;
use crate::rules;
use crate::sentence::{Phrase, say};

/// The finding about the age of an edition on a day.
pub fn age(catalogue: &Catalogue, today: Date) -> Option<Finding> {
    let validity = catalogue.validity()?;
    let rule = match validity.age(today) {
        Age::Current | Age::ClockBehind => return None,
        Age::Expired => &rules::EDITION_EXPIRED,
        Age::TooOld => &rules::EDITION_TOO_OLD,
    };
    let what = say!(
        "edition {edition} was published on {published} and valid until {expires}; today is \
         {today}",
        edition = catalogue.edition().to_string(),
        published = validity.published().to_string(),
        expires = validity.expires().to_string(),
        today = today.to_string(),
    );
    Some(Finding::new(rule, what).of_file(FILE_NAME))
}

/// The signature of a catalogue, verified as far as that is possible. A key refuses a missing file.
///
/// # Errors
///
/// The finding about it.
pub fn signature(
    file: Option<&[u8]>,
    key: Option<&PublicKey>,
    catalogue_file: &[u8],
    catalogue: &Catalogue,
) -> Result<Option<Signature>, Finding> {
    let verified = || {
        let Some(file) = file else {
            return match key {
                None => Ok(None),
                Some(_) => Err(SignatureError::Missing),
            };
        };
        let signature = match key {
            Some(key) => signed::verify(file, key, catalogue_file)?,
            None => Signature::parse(file)?,
        };
        signature.check_comment(catalogue)?;
        Ok(Some(signature))
    };
    verified().map_err(|error| {
        let code = Reason::Signature(error).code();
        let what = say!("{why} ({code})", why = describe(error), code = code);
        Finding::new(&rules::SIGNATURE_REFUSED, what).of_file(signature::FILE_NAME)
    })
}

fn describe(error: SignatureError) -> Phrase {
    match error {
        SignatureError::Missing => Phrase("it is not there"),
        SignatureError::Invalid => Phrase("it is not a signature of minisign"),
        SignatureError::UnsupportedAlgorithm => Phrase("it is not of the prehashed kind"),
        SignatureError::OtherKey => Phrase("it was made with another key"),
        SignatureError::Wrong => Phrase("it does not fit the catalogue"),
        SignatureError::OtherEdition => Phrase("it is of another edition than the catalogue"),
    }
}
