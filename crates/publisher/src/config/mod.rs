//! `catalogue.toml`: what is to be published, in the publisher's own words.

pub mod error;
pub mod salt;
pub mod steps;

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::config::error::ConfigError;
use crate::config::steps::Steps;
use crate::input::columns::LayoutError;
use crate::input::{Column, Input, Reading};
use crate::plan::choice::Constraints;
use crate::plan::{accuracy, choice, risk};
use crate::site::document::{Publisher, Text};
use crate::site::oembed::Site;
use cek_nik::catalogue::is_dataset_id;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Argon2Cost, Kdf, Salt};
use cek_nik::nik::DIGITS;
use cek_nik::prefix::PrefixBits;

/// A commented description to start from.
pub const TEMPLATE: &str = include_str!("catalogue.toml");

/// What is to be published.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// Who answers for it.
    pub publisher: Publisher,
    /// Where the site will stand, if that is known.
    pub site: Option<Site>,
    /// What identifiers are made of.
    pub identifier: IdentifierKind,
    /// How keys are derived.
    pub kdf: Kdf,
    /// The salt; without one, the site keeps the one it has, or gets a random one.
    pub salt: Option<Salt>,
    /// The data sets.
    pub datasets: Vec<DatasetDescription>,
    /// What changes about the widget's next steps.
    pub steps: Steps,
    /// Whether these are all: data sets of the site that are not described here are then removed. A build of one list does not
    /// speak for the others, and is refused where there are any.
    pub complete: bool,
    /// Which harms the publisher has accepted for this build: a description does not say so once and for all.
    pub accepted: Accepted,
}

/// Which harms the publisher has accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Those that a plan can have.
    pub harms: risk::Accepted,
    /// That people are not found since their rows cannot be used.
    pub lost_rows: bool,
    /// That numbers are published whose last digits other software seems to have lost.
    pub lost_digits: bool,
    /// That the keys which a stopped build of the site has left are thrown away.
    pub start_over: bool,
    /// That some shards are empty, which no command line can accept: of published numbers, as in test vectors, nothing is betrayed.
    pub empty_shards: bool,
}

/// One data set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DatasetDescription {
    /// The name of its directory.
    pub id: String,
    /// The name for readers.
    pub title: Text,
    /// What the list is.
    pub description: Text,
    /// Where it is said to come from.
    pub source: Text,
    /// What is disputed about it.
    pub disputed: Text,
    /// When it appeared.
    pub date: String,
    /// How many rows it was said to have.
    pub rows_claimed: Option<u64>,
    /// What the rows say about people.
    pub fields: Vec<String>,
    /// The lists.
    pub inputs: Vec<Input>,
    /// What is fixed; the rest is derived.
    pub constraints: Constraints,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    publisher: Publisher,
    #[serde(default)]
    site: Option<String>,
    #[serde(default)]
    identifier: Option<String>,
    #[serde(default)]
    kdf: Option<String>,
    #[serde(default)]
    argon2: Option<String>,
    #[serde(default)]
    salt: Option<String>,
    dataset: Vec<DatasetTable>,
    #[serde(default)]
    steps: Steps,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatasetTable {
    id: String,
    #[serde(default)]
    title: Text,
    #[serde(default)]
    description: Text,
    #[serde(default)]
    source: Text,
    #[serde(default)]
    disputed: Text,
    #[serde(default)]
    date: String,
    #[serde(default)]
    rows_claimed: Option<u64>,
    #[serde(default)]
    fields: Vec<String>,
    inputs: Vec<PathBuf>,
    #[serde(default)]
    column: Option<ColumnValue>,
    #[serde(default)]
    name_column: Option<ColumnValue>,
    #[serde(default)]
    delimiter: Option<String>,
    #[serde(default)]
    no_quotes: bool,
    #[serde(default)]
    prefix_bits: Option<u8>,
    #[serde(default)]
    fpr: Option<f64>,
    #[serde(default)]
    certainty: Option<f64>,
    #[serde(default)]
    max_shard: Option<String>,
    #[serde(default)]
    max_whole: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ColumnValue {
    Number(usize),
    Name(String),
}

impl ColumnValue {
    fn column(self) -> Result<Column, LayoutError> {
        match self {
            Self::Number(number) => Column::number(number),
            Self::Name(name) => Ok(Column::Name(name)),
        }
    }
}

impl Description {
    /// Reads a description. Paths in it are relative to its own directory.
    ///
    /// # Errors
    ///
    /// An unreadable file, or the line and column of what is wrong in it.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let directory = path.parent().unwrap_or(Path::new(""));
        Self::parse(&text, directory).map_err(|error| ConfigError::InFile {
            path: path.to_owned(),
            source: Box::new(error),
        })
    }

    fn parse(text: &str, directory: &Path) -> Result<Self, ConfigError> {
        let file: File = toml::from_str(text)?;
        let identifier = parse_identifier(file.identifier.as_deref())
            .map_err(|error| error.within("identifier"))?;
        let site = file
            .site
            .map(|site| Site::parse(&site).map_err(|error| ConfigError::from(error).within("site")))
            .transpose()?;
        let salt = file
            .salt
            .map(|salt| parse_salt(&salt).map_err(|error| error.within("salt")))
            .transpose()?;
        let datasets = file
            .dataset
            .into_iter()
            .map(|table| {
                let id = table.id.clone();
                table
                    .describe(directory, identifier)
                    .map_err(|error| error.within(&format!("data set \"{id}\"")))
            })
            .collect::<Result<Vec<_>, ConfigError>>()?;
        if datasets.is_empty() {
            return Err(ConfigError::NoDataset);
        }
        Ok(Self {
            publisher: file.publisher,
            site,
            identifier,
            kdf: parse_kdf(file.kdf.as_deref(), file.argon2.as_deref())?,
            salt,
            datasets,
            steps: file.steps,
            complete: true,
            accepted: Accepted::default(),
        })
    }
}

impl DatasetTable {
    fn describe(
        self,
        directory: &Path,
        identifier: IdentifierKind,
    ) -> Result<DatasetDescription, ConfigError> {
        check_id(&self.id)?;
        check_name_column(identifier, self.name_column.is_some())?;
        if self.inputs.is_empty() {
            return Err(ConfigError::NoInputs);
        }
        let reading = Reading {
            column: self.column.map(ColumnValue::column).transpose()?,
            delimiter: self
                .delimiter
                .map(|text| parse_delimiter(&text).map_err(|error| error.within("delimiter")))
                .transpose()?,
            no_quotes: self.no_quotes,
            identifier,
            name_column: self.name_column.map(ColumnValue::column).transpose()?,
        };
        let inputs = self
            .inputs
            .into_iter()
            .map(|path| Input {
                path: if path == Path::new("-") {
                    path
                } else {
                    directory.join(path)
                },
                reading: reading.clone(),
            })
            .collect();
        Ok(DatasetDescription {
            id: self.id,
            title: self.title,
            description: self.description,
            source: self.source,
            disputed: self.disputed,
            date: self.date,
            rows_claimed: self.rows_claimed,
            fields: self.fields,
            inputs,
            constraints: constraints(
                self.prefix_bits,
                self.fpr,
                self.certainty,
                self.max_shard.as_deref(),
                self.max_whole.as_deref(),
            )?,
        })
    }
}

/// # Errors
///
/// Says what an id may be.
pub fn check_id(id: &str) -> Result<(), ConfigError> {
    let digits = id.chars().filter(|c| c.is_numeric()).count();
    if digits >= DIGITS {
        return Err(ConfigError::IdHoldsDigits);
    }
    if !is_dataset_id(id) {
        return Err(ConfigError::InvalidId(id.to_owned()));
    }
    Ok(())
}

/// The kind of the names `nik`, the default, and `nik+nama`.
///
/// # Errors
///
/// Says which names there are.
pub fn parse_identifier(name: Option<&str>) -> Result<IdentifierKind, ConfigError> {
    let Some(name) = name else {
        return Ok(IdentifierKind::default());
    };
    IdentifierKind::from_name(name).ok_or_else(|| ConfigError::UnknownIdentifier(name.to_owned()))
}

/// A publisher who says where the names are must not get a site without them.
///
/// # Errors
///
/// Says what to add.
pub fn check_name_column(identifier: IdentifierKind, given: bool) -> Result<(), ConfigError> {
    if given && identifier != IdentifierKind::NikAndName {
        return Err(ConfigError::UnusedNameColumn);
    }
    Ok(())
}

/// # Errors
///
/// Says how many bits there may be.
pub fn parse_prefix_bits(bits: u8) -> Result<PrefixBits, ConfigError> {
    PrefixBits::new(bits).ok_or(ConfigError::TooManyPrefixBits(bits))
}

/// What a publisher fixes, in the words of a description and of the command line.
///
/// # Errors
///
/// Says what is wrong.
pub fn constraints(
    prefix_bits: Option<u8>,
    fpr: Option<f64>,
    certainty: Option<f64>,
    max_shard: Option<&str>,
    max_whole: Option<&str>,
) -> Result<Constraints, ConfigError> {
    if fpr.is_some() && certainty.is_some() {
        return Err(ConfigError::CertaintyAndRate);
    }
    let bytes = |text: Option<&str>, default| text.map_or(Ok(default), parse_bytes);
    let constraints = Constraints {
        prefix_bits: prefix_bits.map(parse_prefix_bits).transpose()?,
        false_positive_rate: fpr,
        certainty: certainty.unwrap_or(accuracy::DEFAULT_CERTAINTY),
        max_shard_bytes: bytes(max_shard, choice::MAX_SHARD_BYTES)?,
        max_whole_bytes: bytes(max_whole, choice::MAX_WHOLE_BYTES)?,
        ..Constraints::default()
    };
    constraints.check()?;
    Ok(constraints)
}

/// A number of bytes, KiB or MiB: `512 KiB`.
fn parse_bytes(text: &str) -> Result<u64, ConfigError> {
    let split = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let unit = match unit.trim() {
        "" | "B" => Some(1),
        "KiB" => Some(1 << 10),
        "MiB" => Some(1 << 20),
        _ => None,
    };
    number
        .parse()
        .ok()
        .zip(unit)
        .and_then(|(number, unit): (u64, u64)| number.checked_mul(unit))
        .ok_or_else(|| ConfigError::InvalidSize(text.to_owned()))
}

/// # Errors
///
/// Says how a salt is written.
pub fn parse_salt(text: &str) -> Result<Salt, ConfigError> {
    Salt::from_hex(&text.to_ascii_lowercase()).ok_or(ConfigError::InvalidSalt)
}

/// # Errors
///
/// Says what a delimiter may be.
pub fn parse_delimiter(text: &str) -> Result<u8, ConfigError> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [one] if one.is_ascii() && !one.is_ascii_alphanumeric() && *one != b'"' => Ok(*one),
        _ => Err(ConfigError::InvalidDelimiter),
    }
}

/// The key derivation of the names `argon2id`, the default, and `sha256`, with its cost as `m=19456,t=2,p=1`.
///
/// # Errors
///
/// Says what is wrong with the name or the cost.
pub fn parse_kdf(name: Option<&str>, cost: Option<&str>) -> Result<Kdf, ConfigError> {
    match (name.unwrap_or("argon2id"), cost) {
        ("argon2id", None) => Ok(Kdf::Argon2id(Argon2Cost::OWASP)),
        ("argon2id", Some(cost)) => parse_argon2(cost).map(Kdf::Argon2id),
        ("sha256", None) => Ok(Kdf::Sha256),
        ("sha256", Some(_)) => Err(ConfigError::CostWithoutArgon2),
        (other, _) => Err(ConfigError::UnknownKdf(other.to_owned())),
    }
}

fn parse_argon2(text: &str) -> Result<Argon2Cost, ConfigError> {
    let mut cost = [None; 3];
    for part in text.split(',') {
        let (place, number) = match part.trim().split_once('=') {
            Some(("m", number)) => (0, number),
            Some(("t", number)) => (1, number),
            Some(("p", number)) => (2, number),
            _ => return Err(ConfigError::InvalidCost),
        };
        if let Some(value) = cost.get_mut(place) {
            *value = number.trim().parse().ok();
        }
    }
    let [Some(memory), Some(iterations), Some(parallelism)] = cost else {
        return Err(ConfigError::InvalidCost);
    };
    Argon2Cost::new(memory, iterations, parallelism).ok_or(ConfigError::UnacceptableCost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_a_description() {
        let description = Description::parse(TEMPLATE, Path::new("")).unwrap();
        assert_eq!(description.kdf, Kdf::Argon2id(Argon2Cost::OWASP));
        assert!(!description.datasets.is_empty());
    }

    #[test]
    fn a_misspelt_field_is_an_error() {
        let text = "[[dataset]]\nid = \"a\"\ninputs = [\"a.txt\"]\nprefix_bit = 3\n";
        let error = Description::parse(text, Path::new("")).unwrap_err();
        assert!(format!("{error:#}").contains("prefix_bit"), "{error:#}");
    }

    #[test]
    fn an_id_holds_no_nik() {
        check_id("bpjs-2021-05-12").unwrap();
        for id in ["x3201014107909001", "320101-410790-9001", "Budi"] {
            assert!(check_id(id).is_err(), "{id}");
        }
        let text = "[[dataset]]\nid = \"x3201014107909001\"\ninputs = [\"a.txt\"]\n";
        assert!(Description::parse(text, Path::new("")).is_err());
    }

    #[test]
    fn reads_sizes() {
        assert_eq!(parse_bytes("524288").unwrap(), 512 << 10);
        assert_eq!(parse_bytes("512KiB").unwrap(), 512 << 10);
        assert_eq!(parse_bytes("4 MiB").unwrap(), 4 << 20);
        for wrong in ["", "MiB", "4 GB", "-1", "1.5 MiB", "99999999999999999999"] {
            assert!(parse_bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_column_of_names_is_read_or_refused() {
        let describe = |first: &str| {
            let dataset =
                "[[dataset]]\nid = \"a\"\ninputs = [\"a.csv\"]\nname_column = \"NMCETAK\"\n";
            Description::parse(&format!("{first}\n{dataset}"), Path::new(""))
        };
        let locked = describe("identifier = \"nik+nama\"").unwrap();
        assert_eq!(locked.identifier, IdentifierKind::NikAndName);
        let reading = &locked.datasets[0].inputs[0].reading;
        assert_eq!(reading.identifier, IdentifierKind::NikAndName);
        let column = Column::Name("NMCETAK".to_owned());
        assert_eq!(reading.name_column, Some(column));
        for unlocked in ["", "identifier = \"nik\"", "identifier = \"ktp\""] {
            assert!(describe(unlocked).is_err(), "{unlocked}");
        }
    }

    #[test]
    fn reads_the_cost_of_argon2() {
        let cost = Argon2Cost::new(64, 1, 1).unwrap();
        assert_eq!(
            parse_kdf(None, Some("m=64,t=1,p=1")).unwrap(),
            Kdf::Argon2id(cost)
        );
        for wrong in ["", "m=64", "m=64,t=1,p=0", "m=4,t=1,p=1", "m=64,t=x,p=1"] {
            assert!(parse_kdf(None, Some(wrong)).is_err(), "{wrong}");
        }
    }
}
