//! What `plan` and `build` are told in the same words.

use crate::output::hints::hinted;
use anyhow::Context;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::Kdf;
use cek_nik_publisher::config::{
    self, check_name_column, parse_delimiter, parse_identifier, parse_kdf,
};
use cek_nik_publisher::input::{Column, Reading};
use cek_nik_publisher::plan::choice::Constraints;

/// How a list is written.
#[derive(clap::Args, Clone, Default, PartialEq)]
pub struct ListOptions {
    /// The column with the NIK, by name or by number [default: the one called NIK]
    #[arg(long, value_name = "NAME_OR_NUMBER")]
    column: Option<String>,
    /// The column with the name, as it is printed on the KTP, by name or by number; with the identifier nik+nama [default: the one called
    /// NAMA]
    #[arg(long, value_name = "NAME_OR_NUMBER")]
    name_column: Option<String>,
    /// What separates columns: one character, or the word tab [default: found out]
    #[arg(long, value_name = "CHARACTER")]
    delimiter: Option<String>,
    /// Quotation marks have no meaning in the list
    #[arg(long)]
    no_quotes: bool,
}

impl ListOptions {
    pub fn reading(&self, identifier: IdentifierKind) -> anyhow::Result<Reading> {
        check_name_column(identifier, self.name_column.is_some())?;
        let column = |given: &Option<String>| {
            let parsed = given.as_deref().map(Column::parse).transpose();
            parsed.map_err(|error| hinted(error.code(), error))
        };
        Ok(Reading {
            column: column(&self.column)?,
            delimiter: self.delimiter.as_deref().map(parse_delimiter).transpose()?,
            no_quotes: self.no_quotes,
            identifier,
            name_column: column(&self.name_column)?,
        })
    }
}

/// What a publisher may fix about a data set and its keys.
#[derive(clap::Args, Clone, Default, PartialEq)]
pub struct CommonArgs {
    /// Of the people who are told that they are in the list, the share who are, if everybody in the country asked once. A
    /// higher one also tells more to somebody who tries out all numbers [default: 0.99]
    #[arg(long, value_name = "SHARE")]
    certainty: Option<f64>,
    /// The share of the people who are not in the list but are told that they are [default: from the certainty]
    #[arg(long, value_name = "E")]
    fpr: Option<f64>,
    /// How many bits of the key leave the reader's device, 0 to 14 [default: the fewest whose shards stay small]
    #[arg(long, value_name = "P")]
    prefix_bits: Option<u8>,
    /// The longest that a shard is to be where there are several [default: 512KiB]
    #[arg(long, value_name = "BYTES")]
    max_shard: Option<String>,
    /// The longest that a list published as one shard is to be: of such a list no bit leaves the reader's device [default:
    /// 4MiB]
    #[arg(long, value_name = "BYTES")]
    max_whole: Option<String>,
    /// What readers type, and keys are made of: nik, or nik+nama, the name lock, for which the list needs a column with names [default:
    /// nik]
    #[arg(long, value_name = "KIND")]
    identifier: Option<String>,
    /// How keys are derived: argon2id or sha256 [default: argon2id]
    #[arg(long, value_name = "NAME")]
    kdf: Option<String>,
    /// What one derivation costs: memory in KiB, passes, lanes [default: m=19456,t=2,p=1]
    #[arg(long, value_name = "COST")]
    argon2: Option<String>,
}

impl CommonArgs {
    pub fn constraints(&self) -> anyhow::Result<Constraints> {
        Ok(config::constraints(
            self.prefix_bits,
            self.fpr,
            self.certainty,
            self.max_shard.as_deref(),
            self.max_whole.as_deref(),
        )?)
    }

    pub fn identifier(&self) -> anyhow::Result<IdentifierKind> {
        parse_identifier(self.identifier.as_deref()).context("--identifier")
    }

    pub fn kdf(&self) -> anyhow::Result<Kdf> {
        Ok(parse_kdf(self.kdf.as_deref(), self.argon2.as_deref())?)
    }
}
