//! Checkpoint header: build parameters and mismatch detection.
//!
//! The first line of a file is a JSON object, the second one its SHA-256: a flipped bit of the salt
//! would make keys that no reader finds.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::plan::number_format;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Kdf, Salt};
use cek_nik_reader::regular_file::open_regular;

const FORMAT: &str = "cek-nik keys";
/// The version of the format. It changes with the bytes of a file, and with how lists are cut into
/// batches.
const VERSION: u32 = 1;

/// The longest header. A thousand lists take some kilobytes.
const LONGEST: u64 = 1 << 20;

/// The parameters of a build that decide its keys. The rows have the verifier of their chunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    format: String,
    version: u32,
    /// The id of the data set.
    pub dataset: String,
    /// The kind of identifier, `nik` or `nik+nama`.
    pub identifier: String,
    /// The key derivation and its cost.
    pub kdf: String,
    /// 32 hexadecimal digits.
    pub salt: String,
    /// The sizes of the lists in bytes, in order; `None` for a list that can be read only once.
    /// File names are left out: they may change, and may hold personal data.
    pub lists: Vec<Option<u64>>,
}

impl Fingerprint {
    /// The fingerprint of a build of a data set.
    pub fn new(
        dataset: &str,
        identifier: IdentifierKind,
        kdf: Kdf,
        salt: Salt,
        lists: Vec<Option<u64>>,
    ) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            dataset: dataset.to_owned(),
            identifier: identifier.name().to_owned(),
            kdf: kdf.to_string(),
            salt: salt.to_hex(),
            lists,
        }
    }

    /// The first parameter that differs in the current build.
    pub fn difference(&self, now: &Self) -> Option<Difference> {
        let parameter = |name, then: &String, now: &String| {
            (then != now).then(|| Difference::Parameter {
                name,
                then: then.clone(),
                now: now.clone(),
            })
        };
        parameter("identifiers", &self.identifier, &now.identifier)
            .or_else(|| parameter("the key derivation", &self.kdf, &now.kdf))
            .or_else(|| (self.salt != now.salt).then_some(Difference::Salt))
            .or_else(|| self.difference_of_lists(now))
    }

    fn difference_of_lists(&self, now: &Self) -> Option<Difference> {
        if now.lists.contains(&None) {
            return Some(Difference::ReadOnce);
        }
        if self.lists.len() != now.lists.len() {
            return Some(Difference::NumberOfLists {
                then: self.lists.len(),
                now: now.lists.len(),
            });
        }
        let mut sizes = self.lists.iter().zip(&now.lists).enumerate();
        sizes.find_map(|(list, (then, now))| {
            let (then, now) = ((*then)?, (*now)?);
            (then != now).then_some(Difference::Size { list, then, now })
        })
    }

    /// The header of a file.
    ///
    /// # Errors
    ///
    /// Never for these types.
    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        let json = serde_json::to_string(self)?;
        let checksum = checksum(json.as_bytes());
        Ok(format!("{json}\n{checksum}\n").into_bytes())
    }

    /// Reads the header of a file, and its length in bytes.
    ///
    /// # Errors
    ///
    /// A file that cannot be read; the inner result has [`Difference::Damaged`] or
    /// [`Difference::Version`].
    pub fn read(file: &File) -> io::Result<Result<(Self, u64), Difference>> {
        let mut lines = BufReader::new(file.take(LONGEST));
        let (mut json, mut checked) = (Vec::new(), Vec::new());
        lines.read_until(b'\n', &mut json)?;
        lines.read_until(b'\n', &mut checked)?;
        let length = (json.len() + checked.len()) as u64;
        Ok(Self::parse(&json, &checked).map(|fingerprint| (fingerprint, length)))
    }

    fn parse(json: &[u8], checked: &[u8]) -> Result<Self, Difference> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let json = json.strip_suffix(b"\n").ok_or(Difference::Damaged)?;
        let checked = checked.strip_suffix(b"\n").ok_or(Difference::Damaged)?;
        if checksum(json).as_bytes() != checked {
            return Err(Difference::Damaged);
        }
        match serde_json::from_slice(json) {
            Ok(Version { version: VERSION }) => {}
            Ok(_) => return Err(Difference::Version),
            Err(_) => return Err(Difference::Damaged),
        }
        serde_json::from_slice(json).map_err(|_| Difference::Damaged)
    }
}

/// Whether a file begins like a checkpoint.
pub fn begins(path: &Path) -> io::Result<bool> {
    let mut found = Vec::new();
    let file = open_regular(path)?;
    file.take(beginning().len() as u64)
        .read_to_end(&mut found)?;
    Ok(is_at_start(&found))
}

/// Whether bytes begin like a checkpoint.
pub fn is_at_start(bytes: &[u8]) -> bool {
    bytes.starts_with(beginning().as_bytes())
}

fn beginning() -> String {
    format!("{{\"format\":\"{FORMAT}\"")
}

fn checksum(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}

/// A checkpoint that a build cannot use.
#[derive(Debug, thiserror::Error)]
#[error(
    "{path} holds keys of a stopped build of this site, and they do not fit this build: \
     {difference}. {advice}",
    advice = difference.advice()
)]
pub struct Mismatch {
    path: PathBuf,
    pub(crate) difference: Difference,
}

impl Mismatch {
    /// A difference from the checkpoint file or directory at a path.
    pub fn new(path: &Path, difference: Difference) -> Self {
        Self {
            path: path.to_owned(),
            difference,
        }
    }
}

/// The difference between a build and the stopped one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum Difference {
    /// The header is damaged.
    #[error("the file is damaged")]
    Damaged,
    /// Another version of the format.
    #[error("another version of cek-nik made them")]
    Version,
    /// The data set is no longer described.
    #[error("they belong to the data set \"{0}\", which is not described now")]
    NotDescribed(String),
    /// Another value of a parameter.
    #[error("{name}: {then} then, {now} now")]
    Parameter {
        name: &'static str,
        then: String,
        now: String,
    },
    /// Another salt.
    #[error("salt mismatch")]
    Salt,
    /// A list that can be read only once.
    #[error("they were made from files, but now a list comes from standard input or a pipe")]
    ReadOnce,
    /// More or fewer lists.
    #[error("number of lists: {then} then, {now} now")]
    NumberOfLists { then: usize, now: usize },
    /// A list with another size in bytes.
    #[error(
        "list {number} had {then} bytes then, and has {now} now",
        number = list + 1,
        then = number_format::number(*then), now = number_format::number(*now)
    )]
    Size { list: usize, then: u64, now: u64 },
    /// Other rows in a batch, which begins at a line.
    #[error(
        "the rows of {list} from line {line} on are different: the list has changed, or another \
         column is read",
        list = list.display(), line = number_format::number(*line)
    )]
    Rows { list: PathBuf, line: u64 },
    /// Chunks of batches that the lists no longer have.
    #[error("they have more rows than the lists have now")]
    FewerRows,
}

impl Difference {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged => "checkpoint_damaged",
            Self::Salt => "checkpoint_salt",
            _ => "checkpoint_mismatch",
        }
    }

    fn advice(&self) -> &'static str {
        match self {
            Self::Damaged => "Delete this file by hand, and the build makes its keys again",
            Self::Version => "Build with that version to continue",
            _ => "Build with the same lists and parameters to continue",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use cek_nik::key::Argon2Cost;

    fn fingerprint() -> Fingerprint {
        Fingerprint::new(
            "contoh",
            IdentifierKind::Nik,
            Kdf::Argon2id(Argon2Cost::OWASP),
            Salt([7; 16]),
            vec![Some(17), Some(34)],
        )
    }

    fn read(bytes: &[u8]) -> Result<(Fingerprint, u64), Difference> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        std::io::Seek::rewind(&mut file).unwrap();
        Fingerprint::read(&file).unwrap()
    }

    #[test]
    fn no_byte_of_it_can_change_unseen() {
        let bytes = fingerprint().to_bytes().unwrap();
        assert_eq!(read(&bytes), Ok((fingerprint(), bytes.len() as u64)));
        for length in 0..bytes.len() {
            assert_eq!(read(&bytes[..length]), Err(Difference::Damaged), "{length}");
        }
        for offset in 0..bytes.len() {
            for bit in 0..8 {
                let mut bytes = bytes.clone();
                bytes[offset] ^= 1 << bit;
                assert!(read(&bytes).is_err(), "byte {offset}, bit {bit}");
            }
        }
    }

    #[test]
    fn another_version_is_not_read() {
        let mut newer = fingerprint();
        newer.version = 2;
        let bytes = newer.to_bytes().unwrap();
        assert_eq!(read(&bytes), Err(Difference::Version));
    }

    #[test]
    fn says_which_differs() {
        let then = fingerprint();
        let differs = |change: &dyn Fn(&mut Fingerprint)| {
            let mut now = fingerprint();
            change(&mut now);
            then.difference(&now)
                .map(|difference| difference.to_string())
        };
        let is = |words: &str| Some(words.to_owned());
        assert_eq!(differs(&|_| {}), None);
        assert_eq!(
            differs(&|now| now.kdf = "sha256".to_owned()),
            is("the key derivation: argon2id m=19456,t=2,p=1 then, sha256 now")
        );
        assert_eq!(
            differs(&|now| now.salt = Salt([8; 16]).to_hex()),
            is("salt mismatch")
        );
        assert_eq!(
            differs(&|now| now.identifier = "nik+nama".to_owned()),
            is("identifiers: nik then, nik+nama now")
        );
        assert_eq!(
            differs(&|now| now.lists = vec![Some(17)]),
            is("number of lists: 2 then, 1 now")
        );
        assert_eq!(
            differs(&|now| now.lists = vec![Some(17), Some(33)]),
            is("list 2 had 34 bytes then, and has 33 now")
        );
        assert!(differs(&|now| now.lists = vec![Some(17), None]).is_some());
    }
}
