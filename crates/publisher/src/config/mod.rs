//! Description of a site: `catalogue.toml`, or the same from options.
//!
//! ```
//! use cek_nik_publisher::config::Description;
//!
//! let directory = tempfile::tempdir()?;
//! let path = directory.path().join("catalogue.toml");
//! std::fs::write(&path, "[[dataset]]\nid = 'contoh'\ninputs = ['contoh.csv']\n")?;
//! let description = Description::read(&path)?;
//! assert_eq!(description.datasets[0].inputs[0].path, directory.path().join("contoh.csv"));
//!
//! std::fs::write(&path, "kdf = 'md5'\n[[dataset]]\nid = 'contoh'\ninputs = ['contoh.csv']\n")?;
//! assert_eq!(Description::read(&path).unwrap_err().code(), "unknown_kdf");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod error;
pub mod placeholder;
pub mod salt;
pub mod steps;
mod text;

use std::path::{Path, PathBuf};

use bytesize::ByteSize;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::config::error::ConfigError;
use crate::config::steps::Steps;
use crate::config::text::Bilingual;
use crate::input::columns::LayoutError;
use crate::input::{Column, Input, Reading};
use crate::io_action::{IoAction, OnPath};
use crate::plan::choice::Constraints;
use crate::plan::{accuracy, choice, risk};
use crate::site::catalogue_document::{Publisher, Text};
use crate::site::oembed::Site;
use cek_nik::catalogue::MAX_MIRRORS;
use cek_nik::catalogue::is_dataset_id;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Argon2Cost, Kdf, Salt};
use cek_nik::nik::DIGITS;
use cek_nik::prefix::PrefixBits;
use cek_nik::signature::PublicKey;

/// A commented `catalogue.toml` to start from.
pub const TEMPLATE: &str = include_str!("catalogue.toml");

/// Characters of a heading and a sentence that leave room for the tool on a small phone.
const LONGEST_TITLE: usize = 60;
const LONGEST_INTRODUCTION: usize = 160;

/// Ten years, in days.
const MOST_VALID_DAYS: u32 = 3650;

/// A site to build.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// Who is responsible for the site.
    pub publisher: Publisher,
    /// The address of the site, if it is known.
    pub site: Option<Site>,
    /// The heading of the front page; empty for the usual one.
    pub title: Text,
    /// The sentence below it; empty for the usual one.
    pub introduction: Text,
    /// The kind of identifier.
    pub identifier: IdentifierKind,
    /// The key derivation.
    pub kdf: Kdf,
    /// The salt; `None` for that of the existing site, or a random one.
    pub salt: Option<Salt>,
    /// The data sets.
    pub datasets: Vec<DatasetDescription>,
    /// Changes to the next steps that the widget shows.
    pub steps: Steps,
    /// For how many days after its publication an edition is current; `None` without an end.
    pub valid_days: Option<u32>,
    /// The public key that the pages pin: they use no catalogue that it has not signed.
    pub key: Option<PublicKey>,
    /// The addresses of the same site on other hosts, in the order in which pages ask them.
    pub mirrors: Vec<String>,
    /// Whether these are all data sets: others of the site are then removed. Otherwise a build is
    /// refused if there are others.
    pub complete: bool,
    /// The risks that the publisher has accepted for this build.
    pub accepted: Accepted,
}

/// The risks that the publisher has accepted. `catalogue.toml` cannot accept them for all builds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Risks of a plan.
    pub risks: risk::Accepted,
    /// Rows that cannot be used, whose people are not found.
    pub lost_rows: bool,
    /// Numbers whose last digits other software seems to have lost.
    pub lost_digits: bool,
    /// The loss of the checkpoint of a stopped build.
    pub start_over: bool,
    /// Empty shards. Only for published numbers, such as test vectors; no option accepts them.
    pub empty_shards: bool,
}

/// A data set to build.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DatasetDescription {
    /// The name of its directory.
    pub id: String,
    /// The title for readers.
    pub title: Text,
    /// What the list is.
    pub description: Text,
    /// Where the list is said to come from.
    pub source: Text,
    /// What is disputed about it.
    pub disputed: Text,
    /// When the list appeared.
    pub date: String,
    /// How many rows the list was said to have.
    pub rows_claimed: Option<u64>,
    /// The facts about people in the list.
    pub fields: Vec<String>,
    /// The lists.
    pub inputs: Vec<Input>,
    /// Key files, whose rows are added to those of the lists.
    pub key_files: Vec<PathBuf>,
    /// The publisher's limits for the plan.
    pub constraints: Constraints,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    publisher: Publisher,
    site: Option<String>,
    title: Option<Bilingual<LONGEST_TITLE>>,
    introduction: Option<Bilingual<LONGEST_INTRODUCTION>>,
    identifier: Option<String>,
    kdf: Option<String>,
    argon2: Option<String>,
    salt: Option<String>,
    #[serde(default, deserialize_with = "valid_days")]
    valid_days: Option<u32>,
    key: Option<String>,
    #[serde(default)]
    mirrors: Vec<String>,
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
    rows_claimed: Option<u64>,
    #[serde(default)]
    fields: Vec<String>,
    #[serde(default)]
    inputs: Vec<PathBuf>,
    #[serde(default)]
    keys: Vec<PathBuf>,
    column: Option<ColumnValue>,
    name_column: Option<ColumnValue>,
    delimiter: Option<String>,
    #[serde(default)]
    no_quotes: bool,
    prefix_bits: Option<u8>,
    fpr: Option<f64>,
    certainty: Option<f64>,
    max_shard: Option<ByteSize>,
    max_whole: Option<ByteSize>,
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
    /// Reads `catalogue.toml`. Relative paths in it start from its directory.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], with the line and column of a TOML error.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).on_path(IoAction::Read, path)?;
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
        let site = file.site.as_deref().map(Site::parse).transpose();
        let salt = file.salt.as_deref().map(parse_salt).transpose();
        let key = file.key.as_deref().map(PublicKey::parse).transpose();
        let datasets = describe_all(file.dataset, directory, identifier)?;
        Ok(Self {
            publisher: file.publisher,
            title: file.title.map(Text::from).unwrap_or_default(),
            introduction: file.introduction.map(Text::from).unwrap_or_default(),
            site: site.map_err(|error| ConfigError::from(error).within("site"))?,
            identifier,
            kdf: parse_kdf(file.kdf.as_deref(), file.argon2.as_deref())?,
            salt: salt.map_err(|error| error.within("salt"))?,
            datasets,
            steps: file.steps,
            valid_days: file.valid_days,
            key: key.map_err(|error| ConfigError::from(error).within("key"))?,
            mirrors: parse_mirrors(&file.mirrors).map_err(|error| error.within("mirrors"))?,
            complete: true,
            accepted: Accepted::default(),
        })
    }
}

fn parse_mirrors(addresses: &[String]) -> Result<Vec<String>, ConfigError> {
    if addresses.len() > MAX_MIRRORS {
        return Err(ConfigError::TooManyMirrors(addresses.len()));
    }
    let mut mirrors: Vec<String> = Vec::new();
    for address in addresses {
        let mirror = Site::parse(address)?;
        // A mirror has no settings of an embedded widget.
        let is_address = !address.contains('#');
        if !is_address || mirrors.iter().any(|known| known == mirror.address()) {
            return Err(ConfigError::Mirror(address.clone()));
        }
        mirrors.push(mirror.address().to_owned());
    }
    Ok(mirrors)
}

fn valid_days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let days = u32::deserialize(deserializer)?;
    if !(1..=MOST_VALID_DAYS).contains(&days) {
        let error = format!("valid_days is {days}: give 1 to {MOST_VALID_DAYS} days");
        return Err(D::Error::custom(error));
    }
    Ok(Some(days))
}

/// Reads the data sets of a file that holds only `[[dataset]]` tables. Relative paths in it start
/// from its directory.
///
/// # Errors
///
/// [`ConfigError`], with the line and column of a TOML error.
pub fn read_datasets(
    path: &Path,
    identifier: IdentifierKind,
) -> Result<Vec<DatasetDescription>, ConfigError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Datasets {
        dataset: Vec<DatasetTable>,
    }
    let text = std::fs::read_to_string(path).on_path(IoAction::Read, path)?;
    let directory = path.parent().unwrap_or(Path::new(""));
    let parsed = toml::from_str(&text).map_err(ConfigError::from);
    let described = parsed.and_then(|Datasets { dataset }| {
        // The salt and the key derivation are those of the site.
        describe_all(dataset, directory, identifier)
    });
    described.map_err(|error| ConfigError::InFile {
        path: path.to_owned(),
        source: Box::new(error),
    })
}

fn describe_all(
    tables: Vec<DatasetTable>,
    directory: &Path,
    identifier: IdentifierKind,
) -> Result<Vec<DatasetDescription>, ConfigError> {
    if tables.is_empty() {
        return Err(ConfigError::NoDataset);
    }
    let describe = |table: DatasetTable| {
        let id = table.id.clone();
        table
            .describe(directory, identifier)
            .map_err(|error| error.within(&format!("data set \"{id}\"")))
    };
    tables.into_iter().map(describe).collect()
}

impl DatasetTable {
    fn describe(
        self,
        directory: &Path,
        identifier: IdentifierKind,
    ) -> Result<DatasetDescription, ConfigError> {
        check_id(&self.id)?;
        check_name_column(identifier, self.name_column.is_some())?;
        if self.inputs.is_empty() && self.keys.is_empty() {
            return Err(ConfigError::NoInputs);
        }
        let delimiter = self.delimiter.as_deref().map(parse_delimiter).transpose();
        let reading = Reading {
            column: self.column.map(ColumnValue::column).transpose()?,
            delimiter: delimiter.map_err(|error| error.within("delimiter"))?,
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
            key_files: self.keys.iter().map(|path| directory.join(path)).collect(),
            constraints: constraints(
                self.prefix_bits.map(parse_prefix_bits).transpose()?,
                self.fpr,
                self.certainty,
                self.max_shard,
                self.max_whole,
            )?,
        })
    }
}

/// Checks the id of a data set.
///
/// # Errors
///
/// [`ConfigError::IdHoldsDigits`] and [`ConfigError::InvalidId`].
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

/// Parses `nik`, the default, or `nik+nama`.
///
/// # Errors
///
/// [`ConfigError::UnknownIdentifier`].
pub fn parse_identifier(name: Option<&str>) -> Result<IdentifierKind, ConfigError> {
    let Some(name) = name else {
        return Ok(IdentifierKind::default());
    };
    IdentifierKind::from_name(name).ok_or_else(|| ConfigError::UnknownIdentifier(name.to_owned()))
}

/// Checks that a column of names is used, so that no publisher gets a site that ignores the names.
///
/// # Errors
///
/// [`ConfigError::UnusedNameColumn`].
pub fn check_name_column(identifier: IdentifierKind, given: bool) -> Result<(), ConfigError> {
    if given && identifier != IdentifierKind::NikAndName {
        return Err(ConfigError::UnusedNameColumn);
    }
    Ok(())
}

/// Checks a number of prefix bits.
///
/// # Errors
///
/// [`ConfigError::TooManyPrefixBits`].
pub fn parse_prefix_bits(bits: u8) -> Result<PrefixBits, ConfigError> {
    PrefixBits::new(bits).ok_or(ConfigError::TooManyPrefixBits(bits))
}

/// The publisher's limits, from the values of a description or of options.
///
/// # Errors
///
/// A value out of its range.
pub fn constraints(
    prefix_bits: Option<PrefixBits>,
    fpr: Option<f64>,
    certainty: Option<f64>,
    max_shard: Option<ByteSize>,
    max_whole: Option<ByteSize>,
) -> Result<Constraints, ConfigError> {
    if fpr.is_some() && certainty.is_some() {
        return Err(ConfigError::CertaintyAndRate);
    }
    let constraints = Constraints {
        prefix_bits,
        false_positive_rate: fpr,
        certainty: certainty.unwrap_or(accuracy::DEFAULT_CERTAINTY),
        max_shard_bytes: max_shard.map_or(choice::MAX_SHARD_BYTES, |size| size.as_u64()),
        max_whole_bytes: max_whole.map_or(choice::MAX_WHOLE_BYTES, |size| size.as_u64()),
        ..Constraints::default()
    };
    constraints.check()?;
    Ok(constraints)
}

/// Parses 32 hexadecimal digits.
///
/// # Errors
///
/// [`ConfigError::InvalidSalt`].
pub fn parse_salt(text: &str) -> Result<Salt, ConfigError> {
    Salt::from_hex(&text.to_ascii_lowercase()).ok_or(ConfigError::InvalidSalt)
}

/// Parses one ASCII character, or `tab`.
///
/// # Errors
///
/// [`ConfigError::InvalidDelimiter`].
pub fn parse_delimiter(text: &str) -> Result<u8, ConfigError> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [one] if one.is_ascii() && !one.is_ascii_alphanumeric() && *one != b'"' => Ok(*one),
        _ => Err(ConfigError::InvalidDelimiter),
    }
}

/// Parses `argon2id`, the default, or `sha256`, and a cost like `m=19456,t=2,p=1`.
///
/// # Errors
///
/// An unknown name, or an unacceptable cost.
pub fn parse_kdf(name: Option<&str>, cost: Option<&str>) -> Result<Kdf, ConfigError> {
    match (name.unwrap_or("argon2id"), cost) {
        ("argon2id", None) => Ok(Kdf::Argon2id(Argon2Cost::OWASP)),
        ("argon2id", Some(cost)) => parse_argon2(cost).map(Kdf::Argon2id),
        ("sha256", None) => Ok(Kdf::Sha256),
        ("sha256", Some(_)) => Err(ConfigError::CostWithoutArgon2),
        (other, _) => Err(ConfigError::UnknownKdf(other.to_owned())),
    }
}

/// Parses a cost of Argon2id such as `m=19456,t=2,p=1`.
///
/// # Errors
///
/// [`ConfigError::InvalidCost`] and [`ConfigError::UnacceptableCost`].
pub fn parse_argon2(text: &str) -> Result<Argon2Cost, ConfigError> {
    let parts = text
        .split(',')
        .filter_map(|part| part.trim().split_once('='));
    let value = |name| {
        let (_, value) = parts.clone().find(|(key, _)| *key == name)?;
        value.trim().parse().ok()
    };
    let (Some(memory), Some(iterations), Some(parallelism)) = (value("m"), value("t"), value("p"))
    else {
        return Err(ConfigError::InvalidCost);
    };
    if text.split(',').count() != 3 {
        return Err(ConfigError::InvalidCost);
    }
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
    fn mirrors_are_addresses_of_directories_each_once() {
        let parse = |mirrors: &str| {
            let text = format!("mirrors = {mirrors}\n[[dataset]]\nid = 'x'\ninputs = ['l']");
            Description::parse(&text, Path::new("")).map(|description| description.mirrors)
        };
        let two = parse("['https://a.example/cek', 'http://b.example/']").unwrap();
        assert_eq!(two, ["https://a.example/cek/", "http://b.example/"]);
        for (wrong, code) in [
            ("['a.example']", "invalid_address"),
            ("['https://a.example/#lang=en']", "invalid_address"),
            (
                "['https://a.example', 'https://a.example/']",
                "invalid_address",
            ),
            (
                "['http://a', 'http://b', 'http://c', 'http://d', 'http://e']",
                "invalid_description",
            ),
        ] {
            assert_eq!(parse(wrong).unwrap_err().code(), code, "{wrong}");
        }
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
    fn an_invalid_address_has_a_code() {
        let text = "site = \"cek\"\n[[dataset]]\nid = \"a\"\ninputs = [\"a.txt\"]\n";
        let error = Description::parse(text, Path::new("")).unwrap_err();
        assert_eq!(error.code(), "invalid_address");
    }

    #[test]
    fn reads_sizes() {
        let parse = |size: &str| {
            let text =
                format!("[[dataset]]\nid = \"a\"\ninputs = [\"a.txt\"]\nmax_whole = {size}\n");
            Description::parse(&text, Path::new(""))
                .map(|description| description.datasets[0].constraints.max_whole_bytes)
        };
        for (size, bytes) in [
            ("524288", 512 << 10),
            ("\"524288\"", 512 << 10),
            ("\"512KiB\"", 512 << 10),
            ("\"4 MiB\"", 4 << 20),
            ("\"1.5 MiB\"", 3 << 19),
        ] {
            assert_eq!(parse(size).unwrap(), bytes, "{size}");
        }
        for wrong in [
            "\"\"",
            "\"MiB\"",
            "\"4 parsecs\"",
            "\"-1\"",
            "-1",
            "\"1e30\"",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
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
        for most in ["m=65536,t=8,p=1", "m=8192,t=64,p=16"] {
            assert!(parse_kdf(None, Some(most)).is_ok(), "{most}");
        }
        for dear in [
            "m=65537,t=1,p=1",
            "m=65536,t=9,p=1",
            "m=8193,t=64,p=1",
            "m=64,t=65,p=1",
        ] {
            let error = parse_kdf(None, Some(dear)).unwrap_err();
            assert!(error.to_string().contains("524288"), "{dear}: {error}");
        }
    }
}
