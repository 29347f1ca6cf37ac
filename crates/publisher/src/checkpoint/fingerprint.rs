//! What kept keys were made with, and in what another build differs.
//!
//! The first line of a file is a JSON object, the second the SHA-256 of the first: a salt in which a bit has flipped would make keys that nobody
//! finds.

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
/// Another one for whatever changes the bytes of a file, or which rows make a chunk: how lists are cut into batches, and
/// how large these are.
const VERSION: u32 = 1;

/// More than any header: even a thousand lists take some kilobytes.
const LONGEST: u64 = 1 << 20;

/// All that decides which keys a build makes of which rows, but for the rows themselves: each chunk answers for its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    format: String,
    version: u32,
    /// The id of the data set.
    pub dataset: String,
    /// What of a row goes into the key.
    pub identifier: String,
    /// The derivation and its cost.
    pub kdf: String,
    /// Thirty-two hexadecimal digits.
    pub salt: String,
    /// The size of each list in bytes, in their order; none for one that can be read only once. The names are not here: they may
    /// change, and may themselves tell something.
    pub lists: Vec<Option<u64>>,
}

impl Fingerprint {
    /// What a build makes the keys of a data set with.
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

    /// In what another build differs.
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

    /// The beginning of a file.
    ///
    /// # Errors
    ///
    /// None that can happen with these types.
    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        let json = serde_json::to_string(self)?;
        let checksum = checksum(json.as_bytes());
        Ok(format!("{json}\n{checksum}\n").into_bytes())
    }

    /// What a file begins with, and how many bytes that is.
    ///
    /// # Errors
    ///
    /// [`Difference::Damaged`], [`Difference::Version`], or whatever the file system reports.
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

/// Whether a file is one of keys, whatever else is wrong with it.
///
/// # Errors
///
/// Whatever the file system reports.
pub fn begins(path: &Path) -> io::Result<bool> {
    let expected = format!("{{\"format\":\"{FORMAT}\"");
    let mut found = Vec::new();
    let file = open_regular(path)?;
    file.take(expected.len() as u64).read_to_end(&mut found)?;
    Ok(found == expected.as_bytes())
}

fn checksum(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}

/// Why a build cannot use the keys that are there.
#[derive(Debug, thiserror::Error)]
#[error(
    "{directory} holds keys of a build of this site that was stopped, and they do not fit this one: {difference}. {advice}",
    directory = directory.display(), advice = difference.advice()
)]
pub struct Mismatch {
    directory: PathBuf,
    pub(crate) difference: Difference,
}

impl Mismatch {
    /// Of the keys in a directory.
    pub fn new(directory: &Path, difference: Difference) -> Self {
        Self {
            directory: directory.to_owned(),
            difference,
        }
    }
}

/// In what a build differs from the one that was stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// The file is no such file any more.
    #[error("their file is damaged")]
    Damaged,
    /// Written by another version.
    #[error("they were made by another version of cek-nik")]
    Version,
    /// The data set is gone from the description.
    #[error("they are of the data set \"{0}\", which is not described now")]
    NotDescribed(String),
    /// Something else that decides the keys.
    #[error("{name}: {then} then, {now} now")]
    Parameter {
        /// What it is.
        name: &'static str,
        /// What it was.
        then: String,
        /// What it is now.
        now: String,
    },
    /// The salt.
    #[error("the salt is another")]
    Salt,
    /// A list comes from standard input or from a pipe.
    #[error("they were made of lists in files, and now one is read from standard input or a pipe")]
    ReadOnce,
    /// More lists, or fewer.
    #[error("the number of lists: {then} then, {now} now")]
    NumberOfLists {
        /// What it was.
        then: usize,
        /// What it is now.
        now: usize,
    },
    /// A list of another size.
    #[error(
        "list {number} had {then} bytes, and has {now} now",
        number = list + 1,
        then = number_format::number(*then), now = number_format::number(*now)
    )]
    Size {
        /// Which list, counted from 0.
        list: usize,
        /// What it was.
        then: u64,
        /// What it is now.
        now: u64,
    },
    /// Rows that are not those that a chunk was made of.
    #[error(
        "the rows of {list} from line {line} on are not those that they were made of: the list, or the column that is read, is another",
        list = list.display(), line = number_format::number(*line)
    )]
    Rows {
        /// The list.
        list: PathBuf,
        /// Where the rows of the chunk begin.
        line: u64,
    },
    /// Chunks of rows that there are not.
    #[error("they are of more rows than the lists have now")]
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
            Self::Damaged => "Delete this file by hand, and its keys are made anew",
            Self::Version => "Build with that version, and it continues",
            _ => "Build with what it was begun with, and it continues",
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
        for place in 0..bytes.len() {
            for bit in 0..8 {
                let mut bytes = bytes.clone();
                bytes[place] ^= 1 << bit;
                assert!(read(&bytes).is_err(), "byte {place}, bit {bit}");
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
            is("the salt is another")
        );
        assert_eq!(
            differs(&|now| now.identifier = "nik+nama".to_owned()),
            is("identifiers: nik then, nik+nama now")
        );
        assert_eq!(
            differs(&|now| now.lists = vec![Some(17)]),
            is("the number of lists: 2 then, 1 now")
        );
        assert_eq!(
            differs(&|now| now.lists = vec![Some(17), Some(33)]),
            is("list 2 had 34 bytes, and has 33 now")
        );
        assert!(differs(&|now| now.lists = vec![Some(17), None]).is_some());
    }
}
