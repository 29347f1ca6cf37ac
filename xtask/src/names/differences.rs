//! Differences between a name in a list and on the card.

use rand_chacha::ChaCha8Rng;

use crate::names::people::{MUHAMMAD, Name, below, pick};

/// Kinds of lists.
pub const LISTS: [&str; 3] = [
    "from the register",
    "typed from cards",
    "typed from hearsay",
];

/// Difference in the spelling of a name.
pub struct Difference {
    pub name: &'static str,
    /// The name as the list has it; `None` if the name cannot differ this way.
    pub make: fn(&Name, &mut ChaCha8Rng) -> Option<Name>,
    /// How many of a thousand possible names differ this way in each of [`LISTS`]. Assumed.
    pub per_mille: [u64; 3],
}

pub const DIFFERENCES: &[Difference] = &[
    Difference {
        name: "small letters",
        make: |name, _| words(name, |word| word.to_lowercase()),
        per_mille: [0, 300, 300],
    },
    Difference {
        name: "the title is left out",
        make: |name, _| {
            name.title.map(|_| Name {
                title: None,
                ..name.clone()
            })
        },
        per_mille: [300, 500, 800],
    },
    Difference {
        name: "a title is put in front",
        make: with_title,
        per_mille: [5, 20, 40],
    },
    Difference {
        name: "the title is written out: HAJI, DOKTOR",
        make: title_in_full,
        per_mille: [5, 20, 50],
    },
    Difference {
        name: "a degree behind",
        make: |name, _| last(name, |word| format!("{word}, S.Pd.")),
        per_mille: [20, 20, 10],
    },
    Difference {
        name: "the apostrophe is left out",
        make: |name, _| changed(name, |word| word.replace('\'', "")),
        per_mille: [300, 200, 500],
    },
    Difference {
        name: "another sign for the apostrophe: ’ ‘ ` ´",
        make: other_apostrophe,
        per_mille: [50, 100, 50],
    },
    Difference {
        name: "a space for the apostrophe",
        make: |name, _| changed(name, |word| word.replace('\'', " ")),
        per_mille: [50, 50, 50],
    },
    Difference {
        name: "? for the apostrophe",
        make: |name, _| changed(name, |word| word.replace('\'', "?")),
        per_mille: [10, 0, 0],
    },
    Difference {
        name: "a space for the hyphen",
        make: |name, _| changed(name, |word| word.replace('-', " ")),
        per_mille: [100, 200, 300],
    },
    Difference {
        name: "the hyphen is left out",
        make: |name, _| changed(name, |word| word.replace('-', "")),
        per_mille: [20, 50, 100],
    },
    Difference {
        name: "the initial in front is left out",
        make: without_initial,
        per_mille: [10, 50, 200],
    },
    Difference {
        name: "Muhammad is shortened: MUH., MOH., MHD.",
        make: short_muhammad,
        per_mille: [20, 100, 100],
    },
    Difference {
        name: "Muhammad is shortened to M.",
        make: |name, _| muhammad(name).then(|| first(name, "M.")),
        per_mille: [20, 100, 100],
    },
    Difference {
        name: "Muhammad in another spelling",
        make: other_muhammad,
        per_mille: [5, 30, 300],
    },
    Difference {
        name: "the first word is shortened to its initial",
        make: initial_for_first,
        per_mille: [1, 10, 20],
    },
    Difference {
        name: "later words are shortened to initials",
        make: initials_for_later,
        per_mille: [10, 50, 100],
    },
    Difference {
        name: "later words are left out",
        make: |name, _| (name.words.len() > 1).then(|| only_first(name)),
        per_mille: [5, 20, 150],
    },
    Difference {
        name: "cut after 20 characters",
        make: cut,
        per_mille: [50, 0, 0],
    },
    Difference {
        name: "old spelling for new: oe, dj, tj, j",
        make: |name, random| {
            one_replaced(
                name,
                &[("J", "DJ"), ("C", "TJ"), ("Y", "J"), ("U", "OE")],
                random,
            )
        },
        per_mille: [1, 5, 20],
    },
    Difference {
        name: "new spelling for old",
        make: |name, random| one_replaced(name, &[("DJ", "J"), ("TJ", "C"), ("OE", "U")], random),
        per_mille: [10, 50, 300],
    },
    Difference {
        name: "one of doubled letters",
        make: |name, random| {
            one_replaced(
                name,
                &[("NN", "N"), ("MM", "M"), ("SS", "S"), ("LL", "L")],
                random,
            )
        },
        per_mille: [5, 20, 200],
    },
    Difference {
        name: "a letter of the same sound: f and p, q and k, z and j, kh and h",
        make: |name, random| {
            one_replaced(
                name,
                &[
                    ("F", "P"),
                    ("K", "Q"),
                    ("Z", "J"),
                    ("KH", "H"),
                    ("CH", "K"),
                    ("SY", "S"),
                ],
                random,
            )
        },
        per_mille: [2, 10, 100],
    },
    Difference {
        name: "a space is left out",
        make: |name, random| joined(name, random),
        per_mille: [2, 10, 20],
    },
    Difference {
        name: "the first word is written as two",
        make: split_first,
        per_mille: [1, 5, 20],
    },
    Difference {
        name: "the first two words change places",
        make: swapped,
        per_mille: [1, 3, 10],
    },
    Difference {
        name: "one wrong letter, anywhere",
        make: wrong_letter,
        per_mille: [3, 20, 30],
    },
];

fn words(name: &Name, change: impl Fn(&str) -> String) -> Option<Name> {
    let words = name.words.iter().map(|word| change(word)).collect();
    Some(Name {
        words,
        ..name.clone()
    })
}

/// `None` if nothing changes.
fn changed(name: &Name, change: impl Fn(&str) -> String) -> Option<Name> {
    words(name, change).filter(|changed| changed != name)
}

fn last(name: &Name, change: impl Fn(&str) -> String) -> Option<Name> {
    let mut name = name.clone();
    let last = name.words.last_mut()?;
    *last = change(last);
    Some(name)
}

fn first(name: &Name, word: &str) -> Name {
    let mut name = name.clone();
    name.words[0] = word.to_owned();
    name
}

fn with_title(name: &Name, random: &mut ChaCha8Rng) -> Option<Name> {
    let titles = ["H.", "Hj.", "Sdr.", "Ny.", "Bpk.", "(Alm.)", "Dr.", "R."];
    let title = Some(pick(random, &titles));
    name.title.is_none().then(|| Name {
        title,
        ..name.clone()
    })
}

fn title_in_full(name: &Name, _: &mut ChaCha8Rng) -> Option<Name> {
    let title = match name.title? {
        "H." => "HAJI",
        "HJ." => "HAJJAH",
        "DR." => "DOKTOR",
        "R." => "RADEN",
        _ => return None,
    };
    Some(Name {
        title: Some(title),
        ..name.clone()
    })
}

fn other_apostrophe(name: &Name, random: &mut ChaCha8Rng) -> Option<Name> {
    let sign = pick(random, &["\u{2019}", "\u{2018}", "`", "\u{b4}"]);
    changed(name, |word| word.replace('\'', sign))
}

fn is_initial(word: &str) -> bool {
    word.trim_end_matches('.').len() == 1
}

fn without_initial(name: &Name, _: &mut ChaCha8Rng) -> Option<Name> {
    let mut name = name.clone();
    let has_initial = is_initial(&name.words[0]) && name.words.len() > 1;
    has_initial.then(|| {
        name.words.remove(0);
        name
    })
}

fn muhammad(name: &Name) -> bool {
    MUHAMMAD.contains(&name.words[0].as_str())
}

fn short_muhammad(name: &Name, random: &mut ChaCha8Rng) -> Option<Name> {
    muhammad(name).then(|| first(name, pick(random, &["MUH.", "MOH.", "MHD."])))
}

fn other_muhammad(name: &Name, random: &mut ChaCha8Rng) -> Option<Name> {
    let other = pick(random, &MUHAMMAD);
    (muhammad(name) && name.words[0] != other).then(|| first(name, other))
}

fn initial(word: &str) -> String {
    word.chars().take(1).chain(['.']).collect()
}

fn initial_for_first(name: &Name, _: &mut ChaCha8Rng) -> Option<Name> {
    let can = name.words.len() > 1 && !is_initial(&name.words[0]);
    can.then(|| first(name, &initial(&name.words[0])))
}

fn initials_for_later(name: &Name, _: &mut ChaCha8Rng) -> Option<Name> {
    let mut name = name.clone();
    // After an initial, the second word counts.
    let from = if is_initial(&name.words[0]) { 2 } else { 1 };
    let later = name
        .words
        .get_mut(from..)
        .filter(|later| !later.is_empty())?;
    for word in later {
        *word = initial(word);
    }
    Some(name)
}

fn only_first(name: &Name) -> Name {
    let words = name.words[..1].to_vec();
    Name {
        words,
        ..name.clone()
    }
}

/// The whole name with its title, cut by a column of fixed width.
fn cut(name: &Name, _: &mut ChaCha8Rng) -> Option<Name> {
    let text = name.text();
    let short: String = text.chars().take(20).collect();
    (short.len() < text.len()).then(|| Name {
        title: None,
        words: vec![short],
    })
}

/// One of the possible replacements, once, in one word.
fn one_replaced(name: &Name, pairs: &[(&str, &str)], random: &mut ChaCha8Rng) -> Option<Name> {
    let possible: Vec<(usize, String)> = (0..)
        .zip(&name.words)
        .flat_map(|(index, word)| {
            let replaced = pairs.iter().map(|(from, to)| word.replacen(from, to, 1));
            replaced
                .filter(|new| new != word)
                .map(move |new| (index, new))
                .collect::<Vec<_>>()
        })
        .collect();
    if possible.is_empty() {
        return None;
    }
    let (index, word) = possible[below(random, possible.len() as u64) as usize].clone();
    let mut name = name.clone();
    name.words[index] = word;
    Some(name)
}

fn joined(name: &Name, random: &mut ChaCha8Rng) -> Option<Name> {
    let spaces = name.words.len() as u64 - 1;
    if spaces == 0 {
        return None;
    }
    let mut name = name.clone();
    let index = below(random, spaces) as usize;
    let second = name.words.remove(index + 1);
    name.words[index] += &second;
    Some(name)
}

fn split_first(name: &Name, random: &mut ChaCha8Rng) -> Option<Name> {
    let word = name.words[0].clone();
    let can = word.len() >= 6 && word.chars().all(|letter| letter.is_ascii_uppercase());
    can.then(|| {
        let (left, right) = word.split_at(2 + below(random, word.len() as u64 - 3) as usize);
        let mut name = first(name, left);
        name.words.insert(1, right.to_owned());
        name
    })
}

fn swapped(name: &Name, _: &mut ChaCha8Rng) -> Option<Name> {
    let mut name = name.clone();
    (name.words.len() > 1).then(|| {
        name.words.swap(0, 1);
        name
    })
}

fn wrong_letter(name: &Name, random: &mut ChaCha8Rng) -> Option<Name> {
    let mut name = name.clone();
    let index = below(random, name.words.len() as u64) as usize;
    let word = &mut name.words[index];
    let at = below(random, word.len() as u64) as usize;
    let old = word
        .get(at..=at)
        .filter(|old| old.bytes().all(|letter| letter.is_ascii_alphabetic()))?;
    let other = (b'A'..=b'Z')
        .filter(|letter| old.as_bytes() != [*letter])
        .nth(below(random, 25) as usize)?;
    word.replace_range(at..=at, &char::from(other).to_string());
    Some(name)
}
