//! Report of a check.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::JsValue;
use zeroize::Zeroizing;

use super::json::{CatalogueJson, validated};
use super::results::{Fetched, Returned, value};
use super::trust::expired;
use crate::accuracy::POPULATION;
use crate::catalogue::Dataset;
use crate::check::{Answer, Checker, Reason, Source};
use crate::identifier::Identifier;
use crate::name::{NameError, NameWord};
use crate::nik::{Nik, NikError};
use crate::stack;

/// Source that records the files of a check.
pub(super) trait Files: Source {
    /// Sets the data sets that are going to be requested.
    fn expect<'a>(&self, datasets: impl Iterator<Item = &'a Dataset>);
    /// The number of bits of the key that have left the device.
    fn prefix_bits(&self) -> u8;
    /// The files that were requested, in their order.
    fn into_fetched(self) -> Vec<Fetched>;
}

/// Report of a check, or the reason why nothing could be checked. `prefix_bits` is the number of
/// bits of the key in the requested addresses, and `sharers` the number of people in the country
/// whose keys have the same bits. `expired` is the last day of the edition, `YYYY-MM-DD`, if it has
/// passed.
#[derive(Serialize, Tsify)]
#[serde(untagged)]
#[tsify(hashmap_as_object)]
pub enum Report {
    Checked {
        answers: Vec<Answer>,
        prefix_bits: u8,
        sharers: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        expired: Option<String>,
        fetched: Vec<Fetched>,
    },
    Failed {
        reason: Reason,
        fetched: Vec<Fetched>,
    },
}

/// Checks a NIK against every data set of a catalogue.
pub(super) async fn report(
    files: impl Files,
    catalogue: CatalogueJson,
    nik: String,
    decomposed: String,
    today: String,
) -> Returned<Report> {
    let (nik, decomposed) = (Zeroizing::new(nik), Zeroizing::new(decomposed));
    let answers = stack::wiped_future(async {
        let identifier = identifier(&nik, &decomposed)?;
        Ok::<_, JsValue>(answers(&identifier, catalogue, &files, &today).await)
    });
    let answers = answers.await?;
    let prefix_bits = files.prefix_bits();
    let fetched = files.into_fetched();
    value(&match answers {
        Ok((answers, expired)) => Report::Checked {
            answers,
            prefix_bits,
            sharers: (POPULATION >> prefix_bits) as u32,
            expired,
            fetched,
        },
        Err(reason) => Report::Failed { reason, fetched },
    })
}

fn identifier(nik: &str, decomposed: &str) -> Result<Identifier, &'static str> {
    let nik = Nik::parse(nik).map_err(NikError::code)?;
    if decomposed.is_empty() {
        return Ok(Identifier::of_nik(&nik));
    }
    let name = NameWord::of_decomposed(decomposed.chars()).map_err(NameError::code)?;
    Ok(Identifier::of_nik_and_name(&nik, &name))
}

async fn answers(
    identifier: &Identifier,
    catalogue: CatalogueJson,
    files: &impl Files,
    today: &str,
) -> Result<(Vec<Answer>, Option<String>), Reason> {
    let catalogue = validated(catalogue)?;
    let expired = expired(&catalogue, today)?;
    files.expect(catalogue.usable());
    let answers = Checker::new(&catalogue)?.check(identifier, files).await;
    Ok((answers, expired))
}
