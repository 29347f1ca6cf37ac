//! Options that several commands share, in the groups of their help.

pub mod parsers;

use std::path::PathBuf;

use bytesize::ByteSize;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Argon2Cost, Kdf};
use cek_nik::prefix::PrefixBits;
use cek_nik_publisher::config::error::ConfigError;
use cek_nik_publisher::config::{self, Accepted, check_name_column, parse_argon2, parse_delimiter};
use cek_nik_publisher::input::{Column, Reading};
use cek_nik_publisher::plan::choice::Constraints;
use cek_nik_publisher::plan::risk;
use clap::ValueEnum;

use crate::memory;
use crate::output::texts::{Language, Texts};

pub use parsers::core_speed;

/// How to read a list.
#[derive(clap::Args, Clone, Default, PartialEq)]
#[command(next_help_heading = "Input")]
pub struct ListOptions {
    /// Column with the NIK, by name or number [default: the column called NIK]
    #[arg(long, value_name = "NAME_OR_NUMBER", value_parser = parsers::column)]
    column: Option<Column>,
    /// Column with the name, for `--identifier nik+nama` [default: the column called NAMA]
    ///
    /// Give the column with the name as printed on the KTP, by name or number.
    #[arg(long, value_name = "NAME_OR_NUMBER", value_parser = parsers::column)]
    name_column: Option<Column>,
    /// Column separator: one character, or the word `tab` [default: detected]
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    delimiter: Option<u8>,
    /// Read quotation marks as ordinary characters
    #[arg(long)]
    no_quotes: bool,
}

impl ListOptions {
    /// How a list with such identifiers is read.
    ///
    /// # Errors
    ///
    /// A name column for identifiers without a name.
    pub fn reading(&self, identifier: IdentifierKind) -> Result<Reading, ConfigError> {
        check_name_column(identifier, self.name_column.is_some())?;
        Ok(Reading {
            column: self.column.clone(),
            delimiter: self.delimiter,
            no_quotes: self.no_quotes,
            identifier,
            name_column: self.name_column.clone(),
        })
    }
}

/// How accurate the answers are, and how much of a key leaves a reader's device.
#[derive(clap::Args, Clone, Default, PartialEq)]
#[command(next_help_heading = "Accuracy")]
pub struct AccuracyOptions {
    /// Target precision: the share of "in the list" answers that are true [default: 0.99]
    ///
    /// The share holds if everybody in the country asks once. A higher precision also tells more to
    /// an attacker who tries all numbers.
    #[arg(long, value_name = "SHARE", conflicts_with = "fpr")]
    certainty: Option<f64>,
    /// Share of unlisted people who are told "in the list" [default: from --certainty]
    #[arg(long, value_name = "E")]
    fpr: Option<f64>,
    /// Key bits that leave the reader's device, 0 to 14 [default: as few as possible]
    ///
    /// The default is the smallest number of bits that keeps every shard within --max-shard.
    #[arg(long, value_name = "P", value_parser = parsers::prefix_bits)]
    prefix_bits: Option<PrefixBits>,
    /// Maximum size of a shard when there are several [default: 512KiB]
    #[arg(long, value_name = "BYTES", value_parser = parsers::size)]
    max_shard: Option<ByteSize>,
    /// Maximum size of a list published as one shard [default: 4MiB]
    ///
    /// Readers of such a list download all of it, so no bit of their key leaves the device.
    #[arg(long, value_name = "BYTES", value_parser = parsers::size)]
    max_whole: Option<ByteSize>,
}

impl AccuracyOptions {
    /// What is fixed; the plan derives the rest.
    ///
    /// # Errors
    ///
    /// A share outside of 0 to 1.
    pub fn constraints(&self) -> Result<Constraints, ConfigError> {
        config::constraints(
            self.prefix_bits,
            self.fpr,
            self.certainty,
            self.max_shard,
            self.max_whole,
        )
    }
}

/// What keys are derived from, and how.
#[derive(clap::Args, Clone, Default, PartialEq)]
#[command(next_help_heading = "Keys")]
pub struct KeyOptions {
    /// What readers type [default: nik]
    #[arg(long, value_name = "KIND")]
    identifier: Option<Identifier>,
    /// Key derivation function [default: argon2id]
    #[arg(long, value_name = "NAME")]
    kdf: Option<KdfName>,
    /// Argon2id cost: memory in KiB, passes, lanes [default: m=19456,t=2,p=1]
    ///
    /// m is at most 65536 and m times t at most 524288, for which a cheap phone takes about 6
    /// seconds. t is at most 64, p at most 16.
    #[arg(long, value_name = "COST", value_parser = parse_argon2)]
    argon2: Option<Argon2Cost>,
}

#[derive(ValueEnum, Clone, Copy, PartialEq)]
enum Identifier {
    /// The NIK alone
    Nik,
    /// The NIK and the first name: the name lock. The list needs a column with names
    #[value(name = "nik+nama")]
    NikAndName,
}

#[derive(ValueEnum, Clone, Copy, PartialEq)]
enum KdfName {
    /// Slow to compute, which makes guessing expensive
    Argon2id,
    /// Fast to compute: anyone with the site can try all numbers
    Sha256,
}

impl KeyOptions {
    /// What identifiers are made of.
    pub fn identifier(&self) -> IdentifierKind {
        match self.identifier {
            Some(Identifier::NikAndName) => IdentifierKind::NikAndName,
            Some(Identifier::Nik) | None => IdentifierKind::Nik,
        }
    }

    /// How keys are derived.
    ///
    /// # Errors
    ///
    /// A cost of Argon2id for SHA-256.
    pub fn kdf(&self) -> Result<Kdf, ConfigError> {
        match (self.kdf, self.argon2) {
            (Some(KdfName::Sha256), None) => Ok(Kdf::Sha256),
            (Some(KdfName::Sha256), Some(_)) => Err(ConfigError::CostWithoutArgon2),
            (_, cost) => Ok(Kdf::Argon2id(cost.unwrap_or(Argon2Cost::OWASP))),
        }
    }
}

/// What a command may take of this computer.
#[derive(clap::Args, Clone, Default)]
#[command(next_help_heading = "Resources")]
pub struct ResourceOptions {
    /// Memory for keys, such as 512MiB [default: a quarter of the free memory]
    ///
    /// A row takes 20 bytes. Keys beyond this memory are written to temporary files, which takes
    /// longer. Everything else needs up to 32 MiB per core.
    #[arg(long, value_name = "SIZE", value_parser = parsers::size)]
    memory: Option<ByteSize>,
}

impl ResourceOptions {
    /// The memory for keys, in bytes.
    pub fn memory(&self) -> u64 {
        match self.memory {
            Some(ByteSize(bytes)) => bytes,
            None => memory::default_budget(),
        }
    }
}

/// The language of the output.
#[derive(clap::Args, Clone, Copy)]
pub struct LanguageOption {
    /// Language of the output [default: from the environment]
    #[arg(long)]
    lang: Option<Language>,
}

impl LanguageOption {
    /// The language that `--lang` names, or else the environment.
    pub fn language(self) -> Language {
        self.lang.unwrap_or_else(Language::of_environment)
    }

    /// The texts in that language.
    pub fn texts(self) -> Texts {
        Texts::new(self.language())
    }
}

/// Heading of the options that accept a harm.
pub const HARM: &str = "Accepting harm";

/// Risks that stop a build unless the publisher accepts them by name.
#[derive(clap::Args)]
#[command(next_help_heading = HARM)]
pub struct HarmOptions {
    /// Build although fewer than 50,000 people share a prefix
    ///
    /// The prefix then tells the host much about the reader who sends it.
    #[arg(long)]
    accept_small_crowd: bool,
    /// Build although reading all NIKs out of the site is cheap
    ///
    /// This is needed for more than 10,000 NIKs with keys that are cheap to compute, as with
    /// sha256.
    #[arg(long)]
    accept_enumeration: bool,
    /// Build although more than 1 in 100 rows of a list cannot be used
    ///
    /// The people in these rows are told "not in this list".
    #[arg(long)]
    accept_lost_rows: bool,
    /// Build although the last digits of many numbers seem to be lost
    ///
    /// Spreadsheets round long numbers. The people whose numbers were rounded are told "not in this
    /// list", and other numbers are published in their place.
    #[arg(long)]
    accept_lost_digits: bool,
}

impl HarmOptions {
    /// The risks that the publisher has accepted.
    pub fn accepted(&self) -> Accepted {
        Accepted {
            risks: risk::Accepted {
                small_crowd: self.accept_small_crowd,
                enumeration: self.accept_enumeration,
                new_salt: false,
            },
            lost_rows: self.accept_lost_rows,
            lost_digits: self.accept_lost_digits,
            ..Accepted::default()
        }
    }
}

/// Where to write how lists are read.
#[derive(clap::Args)]
pub struct ReportOption {
    /// Write how the lists are read, with every rejected line, as JSON
    ///
    /// The file holds no number and no name. An existing file is replaced only if it is such a
    /// report.
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub report: Option<PathBuf>,
}
