//! The word of a name that goes into the identifier of a name-locked catalogue.
//!
//! Whoever does not hold the list has to try every number with every plausible word, which is what
//! a static site can do against being tried out. The price: a name whose first word is spelt
//! otherwise than in the list is not found. So the rules undo what differs by accident (capitals,
//! titles, initials, apostrophes, signs above letters), and nothing else: Muh. and Muhammad are two
//! words, and the card has one of them. They are part of the format, `docs/FORMAT.md`, section 2.1;
//! `docs/NAME.md` gives the reasons.
//!
//! ```
//! use cek_nik::name::{NameError, NameWord};
//!
//! assert_eq!(NameWord::parse("Hj. Nur’aini, S.Pd.")?.letters(), "NURAINI");
//! assert_eq!(NameWord::parse("H. M."), Err(NameError::NoWord));
//! # Ok::<(), NameError>(())
//! ```

use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

mod characters;

use characters::{Kind, kind};

/// The most letters that a word has. A name in the population register has at most 60 characters,
/// spaces included (Permendagri 73/2022, article 4).
pub const MOST_LETTERS: usize = 60;

/// What is no word of a name: titles in short as cards show them in front of it, and forms of
/// address as lists have them. Of one letter (H., R.) nothing is a word anyway. Titles that are
/// written out (HAJI, RADEN) are not here, nor are those that are also names (AY, ENG, ING): some
/// people have no other name.
///
/// Part of the format: another list would be another kind of identifier.
const TITLES: &str = "HI HJ HJH KH KHR TGK TGH UST PDT ASSOC PROF DR HC DRS DRA DRG DRH IR NS APT BDN RD RR RA RM NGT KRT TN NY NN SDR SDRI BPK ALM ALMH";

/// The first word of a name that has two letters or more and is no title: 2 to [`MOST_LETTERS`]
/// letters, A to Z.
///
/// Wiped from memory when dropped, and never printed by [`fmt::Debug`].
#[derive(PartialEq, Eq)]
pub struct NameWord(Zeroizing<String>);

/// Why a text gives no word. No variant carries what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing, or nothing but titles, single letters and punctuation.
    NoWord,
    /// A word of more than [`MOST_LETTERS`] letters.
    TooLong,
    /// A character that stands in no name on a card, such as a digit. To pass over it would make
    /// another word, and a wrong answer, of a slip.
    NotALetter,
}

impl NameError {
    /// The stable name of the error, for programs and for the text files.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoWord => "no_word",
            Self::TooLong => "word_too_long",
            Self::NotALetter => "not_a_letter",
        }
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoWord => write!(f, "no word but titles and single letters"),
            Self::TooLong => write!(f, "a word of more than {MOST_LETTERS} letters"),
            Self::NotALetter => write!(f, "a character that is not a letter A to Z"),
        }
    }
}

impl core::error::Error for NameError {}

impl NameWord {
    /// Finds the word in a name as it is printed on a card, with whatever titles, initials and
    /// punctuation. What comes behind the word is not looked at.
    ///
    /// It brings the tables of Unicode; a browser has its own and uses
    /// [`Self::of_decomposed`].
    ///
    /// # Errors
    ///
    /// [`NameError`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        Self::of_decomposed(unicode_normalization::UnicodeNormalization::nfkd(text))
    }

    /// Finds the word in a name that is in NFKD. In any other form, letters with signs and letters
    /// of other widths are [`NameError::NotALetter`], and never another word.
    ///
    /// # Errors
    ///
    /// [`NameError`].
    pub fn of_decomposed(text: impl Iterator<Item = char>) -> Result<Self, NameError> {
        // Never longer: no part of it is left behind in memory by growing.
        let mut word = Self(Zeroizing::new(String::with_capacity(MOST_LETTERS)));
        let mut boundaries: usize = 0;
        let mut marked = false;
        for character in text {
            let kind = kind(character);
            match kind {
                Kind::Ignored => continue,
                Kind::Boundary => boundaries += 1,
                // NFKD makes a space and a mark of what stands in place of an apostrophe in Ma´ruf.
                Kind::Mark if !marked => boundaries = boundaries.saturating_sub(1),
                Kind::Mark => {}
                Kind::Letter | Kind::Other => {
                    if boundaries > 0 {
                        if word.counts() {
                            break;
                        }
                        word.0.clear();
                        boundaries = 0;
                    }
                    if matches!(kind, Kind::Other) {
                        return Err(NameError::NotALetter);
                    }
                    if word.0.len() == MOST_LETTERS {
                        return Err(NameError::TooLong);
                    }
                    word.0.push(character.to_ascii_uppercase());
                }
            }
            marked = matches!(kind, Kind::Mark);
        }
        if word.counts() {
            Ok(word)
        } else {
            Err(NameError::NoWord)
        }
    }

    fn counts(&self) -> bool {
        let letters = self.letters();
        letters.len() > 1 && !TITLES.split(' ').any(|title| title == letters)
    }

    /// The letters, A to Z.
    pub fn letters(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NameWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NameWord(hidden)")
    }
}
