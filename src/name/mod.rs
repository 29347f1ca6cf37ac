//! Word of a name, for catalogues with a name lock.
//!
//! With a name lock, anyone guessing numbers must also guess the word for each one: a static site
//! has no better defence. The cost is that a person whose first word is spelt differently in the
//! list is not found. So the rules undo accidental differences (capitals, titles, initials,
//! apostrophes, marks on letters) and nothing else: Muh. and Muhammad are two words, and the card
//! shows one of them. The rules are part of the format (`docs/FORMAT.md`, section 2.1);
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

/// The most letters of a word. A name in the population register has at most 60 characters, spaces
/// included (Permendagri 73/2022, article 4).
pub const MOST_LETTERS: usize = 60;

/// Titles and forms of address that are not the word: abbreviated, as cards and lists show them in
/// front of a name. Single letters (H., R.) never count. Titles written in full (HAJI, RADEN) are
/// not here, nor are those that are also names (AY, ENG, ING): some people have no other name.
///
/// Part of the format: another list of titles would be another kind of identifier.
const TITLES: &str = "HI HJ HJH KH KHR TGK TGH UST PDT ASSOC PROF DR HC DRS DRA DRG DRH IR NS APT \
                      BDN RD RR RA RM NGT KRT TN NY NN SDR SDRI BPK ALM ALMH";

/// Word of a name: the first one that has two letters or more and is no title. It has 2 to
/// [`MOST_LETTERS`] letters, A to Z.
///
/// Wiped from memory when dropped, and never printed by [`fmt::Debug`].
#[derive(PartialEq, Eq)]
pub struct NameWord(Zeroizing<String>);

/// Reason why a text gives no word. No variant carries the typed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify))]
pub enum NameError {
    /// The text is empty, or has only titles, single letters and punctuation.
    NoWord,
    /// A word of more than [`MOST_LETTERS`] letters.
    #[cfg_attr(feature = "serde", serde(rename = "word_too_long"))]
    TooLong,
    /// A character of no name on a card, such as a digit. Ignoring it would turn a typing error
    /// into another word, and so into a wrong answer.
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
    /// Finds the word in a name as printed on a card, with any titles, initials and punctuation. It
    /// ignores the text behind the word.
    ///
    /// It needs the Unicode tables. A browser has its own and calls [`Self::of_decomposed`].
    ///
    /// # Errors
    ///
    /// [`NameError`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        Self::of_decomposed(unicode_normalization::UnicodeNormalization::nfkd(text))
    }

    /// Finds the word in a name in NFKD. In any other form, accented and full-width letters are
    /// [`NameError::NotALetter`], and never another word.
    ///
    /// # Errors
    ///
    /// [`NameError`].
    pub fn of_decomposed(text: impl Iterator<Item = char>) -> Result<Self, NameError> {
        // The word never grows, which would leave a part of it behind in memory.
        let mut word = Self(Zeroizing::new(String::with_capacity(MOST_LETTERS)));
        let mut boundaries: usize = 0;
        let mut marked = false;
        for character in text {
            let kind = kind(character);
            match kind {
                Kind::Ignored => continue,
                Kind::Boundary => boundaries += 1,
                // NFKD turns the acute accent in Ma´ruf, typed for an apostrophe, into a space and
                // a mark.
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
