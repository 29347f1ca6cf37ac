//! Checkpoint head: build parameters and mismatch detection.
//!
//! | bytes | content |
//! |---|---|
//! | 64 | the header of the key file of batch 0 |
//! | 4 | the most rows of a batch |
//! | 4 | n: number of lists |
//! | 8 n | the bytes of each list |
//! | 32 | SHA-256 of all of the above |
//!
//! Integers are little-endian. The checksum is there because a flipped bit of the salt would make
//! keys that no reader finds.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::chunk::Slots;
use crate::key_file::error::Flaw;
use crate::key_file::fit::TestKey;
use crate::key_file::header::{Header, MAGIC, Scope, take};
use crate::keys::Keys;
use crate::partition::read_at;
use crate::plan::number_format;
use cek_nik_reader::regular_file::open_regular;

/// The longest head. A thousand lists take eight kilobytes.
const LONGEST: usize = 1 << 20;

/// The parameters of a build that decide its keys. The rows have the list id of their chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// The id of the data set, which is in the name of the file.
    pub dataset: String,
    /// The parameters of the keys.
    pub keys: Keys,
    /// The sizes of the lists in bytes, in order; `None` for a list that can be read only once.
    /// File names are left out: they may change, and may hold personal data.
    pub lists: Vec<Option<u64>>,
    /// The most rows of a batch, which shows how the lists are cut into batches.
    pub most_rows: u32,
}

/// The head of a file.
#[derive(Debug, PartialEq)]
pub struct Head {
    /// The parameters of the build.
    pub fingerprint: Fingerprint,
    /// The slots behind the head.
    pub slots: Slots,
}

impl Fingerprint {
    /// The first parameter that differs in the current build.
    pub fn difference(&self, now: &Self) -> Option<Difference> {
        let parameter = |name, then: String, now: String| {
            (then != now).then_some(Difference::Parameter { name, then, now })
        };
        let name = |keys: &Keys| keys.identifier.name().to_owned();
        parameter("identifiers", name(&self.keys), name(&now.keys))
            .or_else(|| {
                let kdf = |keys: &Keys| keys.kdf.to_string();
                parameter("the key derivation", kdf(&self.keys), kdf(&now.keys))
            })
            .or_else(|| (self.keys.salt != now.keys.salt).then_some(Difference::Salt))
            .or_else(|| self.difference_of_lists(now))
            .or_else(|| (self.most_rows != now.most_rows).then_some(Difference::Version))
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

    /// The head of a file.
    pub fn to_bytes(&self, test_key: TestKey) -> Vec<u8> {
        let header = Header {
            keys: self.keys,
            scope: Scope::Batch(0),
            test_key,
        };
        // Lists that can be read only once have no checkpoint.
        let sizes: Vec<u64> = self.lists.iter().copied().flatten().collect();
        let mut bytes = header.to_bytes().to_vec();
        for number in [self.most_rows, sizes.len() as u32] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        for size in sizes {
            bytes.extend_from_slice(&size.to_le_bytes());
        }
        let checksum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&checksum);
        bytes
    }
}

impl Head {
    /// Reads the head of the file of a data set.
    ///
    /// # Errors
    ///
    /// A file that cannot be read; the inner result has [`Difference::Damaged`] or
    /// [`Difference::Version`].
    pub fn read(dataset: &str, file: &File) -> io::Result<Result<Self, Difference>> {
        let mut bytes = vec![0; LONGEST];
        let bytes = read_at(file, &mut bytes, 0)?;
        Ok(Self::parse(dataset, bytes).map_err(|flaw| match flaw {
            Flaw::NewerVersion => Difference::Version,
            _ => Difference::Damaged,
        }))
    }

    fn parse(dataset: &str, bytes: &[u8]) -> Result<Self, Flaw> {
        let header = Header::read(bytes)?;
        let (_, mut rest) = bytes.split_at(Header::BYTES);
        let most_rows = u32::from_le_bytes(take(&mut rest)?);
        let lists = u32::from_le_bytes(take(&mut rest)?);
        let size = |_| Ok(Some(u64::from_le_bytes(take(&mut rest)?)));
        let lists = (0..lists).map(size).collect::<Result<_, Flaw>>()?;
        let (checked, _) = bytes.split_at(bytes.len() - rest.len());
        let checksum: [u8; 32] = take(&mut rest)?;
        if Sha256::digest(checked).as_slice() != checksum || header.scope != Scope::Batch(0) {
            return Err(Flaw::Damaged);
        }
        Ok(Self {
            fingerprint: Fingerprint {
                dataset: dataset.to_owned(),
                keys: header.keys,
                lists,
                most_rows,
            },
            slots: Slots::new(header, (checked.len() + checksum.len()) as u64, most_rows),
        })
    }
}

/// Whether a file begins like a checkpoint, perhaps a damaged one, and not like a key file.
pub fn begins(path: &Path) -> io::Result<bool> {
    let mut bytes = [0; Header::BYTES];
    let bytes = read_at(&open_regular(path)?, &mut bytes, 0)?;
    let is_key_file =
        Header::read(bytes).is_ok_and(|header| matches!(header.scope, Scope::Part(_)));
    Ok(bytes.starts_with(&MAGIC) && !is_key_file)
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
    /// The checkpoint.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// In what it differs from the build.
    pub fn difference(&self) -> &Difference {
        &self.difference
    }

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
    /// Another computer derives other keys.
    #[error(
        "the computer that made them derives other keys than this one, so one of the two is faulty"
    )]
    TestKey,
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
            Self::TestKey => "Find the faulty one, and make its keys again",
            _ => "Build with the same lists and parameters to continue",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use cek_nik::identifier::IdentifierKind;
    use cek_nik::key::{Argon2Cost, Kdf, Salt};

    const TEST_KEY: TestKey = TestKey([9; 16]);

    fn fingerprint() -> Fingerprint {
        Fingerprint {
            dataset: "contoh".to_owned(),
            keys: Keys {
                identifier: IdentifierKind::Nik,
                salt: Salt([7; 16]),
                kdf: Kdf::Argon2id(Argon2Cost::OWASP),
            },
            lists: vec![Some(17), Some(34)],
            most_rows: 138,
        }
    }

    fn read(bytes: &[u8]) -> Result<Head, Difference> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        Head::read("contoh", &file).unwrap()
    }

    /// A change that the checksum confirms.
    fn changed(offset: usize, to: u8) -> Vec<u8> {
        let mut bytes = fingerprint().to_bytes(TEST_KEY);
        bytes[offset] = to;
        let checked = bytes.len() - 32;
        let checksum = Sha256::digest(&bytes[..checked]);
        bytes[checked..].copy_from_slice(&checksum);
        bytes
    }

    #[test]
    fn no_byte_of_it_can_change_unseen() {
        let bytes = fingerprint().to_bytes(TEST_KEY);
        let head = read(&bytes).unwrap();
        assert_eq!(head.fingerprint, fingerprint());
        assert_eq!(head.slots.header.test_key, TEST_KEY);
        assert_eq!(head.slots.start, bytes.len() as u64);
        assert_eq!(read(&[&bytes[..], b"chunks"].concat()), Ok(head));
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
        assert_eq!(read(&changed(8, 2)), Err(Difference::Version));
    }

    #[test]
    fn the_head_is_that_of_batch_0() {
        assert_eq!(read(&changed(24, 1)), Err(Difference::Damaged));
        assert_eq!(read(&changed(28, 1)), Err(Difference::Damaged));
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
            differs(&|now| now.keys.kdf = Kdf::Sha256),
            is("the key derivation: argon2id m=19456,t=2,p=1 then, sha256 now")
        );
        assert_eq!(
            differs(&|now| now.keys.salt = Salt([8; 16])),
            is("salt mismatch")
        );
        assert_eq!(
            differs(&|now| now.keys.identifier = IdentifierKind::NikAndName),
            is("identifiers: nik then, nik+nama now")
        );
        assert_eq!(
            differs(&|now| now.lists = vec![Some(17)]),
            is("number of lists: 2 then, 1 now")
        );
        assert_eq!(
            differs(&|now| now.lists[1] = Some(33)),
            is("list 2 had 34 bytes then, and has 33 now")
        );
        assert!(differs(&|now| now.lists[1] = None).is_some());
        assert_eq!(
            differs(&|now| now.most_rows = 139),
            is("another version of cek-nik made them")
        );
    }
}
