//! Rules that a site can break, and the words for it. `docs/AUDIT.md` explains each.

use super::finding::Rule;
use super::finding::Severity::{Note, Warning, Wrong};

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $severity:ident, $code:literal, $why:literal, $next:literal;)*) => {
        $($(#[$doc])* pub static $name: Rule = Rule {
            severity: $severity,
            code: $code,
            why: $why,
            next: $next,
        };)*

        /// All of them.
        pub static ALL: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    /// No client uses the catalogue.
    CATALOGUE_REFUSED = Wrong, "catalogue_refused",
        "Readers are told \"could not check\" for every list.",
        "Build the site again; do not edit catalogue.json by hand.";

    /// Two clients may read the catalogue differently.
    CATALOGUE_NOT_STRICT = Warning, "catalogue_not_strict",
        "The format forbids it, since clients may read such a file differently or refuse it.",
        "Build the site again; do not edit catalogue.json by hand.";

    /// The catalogue says something that clients do not read.
    CATALOGUE_IGNORED = Note, "catalogue_ignored",
        "Clients ignore what they do not know.",
        "If it was meant for readers, compare it with docs/FORMAT.md.";

    /// No client uses a data set.
    DATASET_REFUSED = Wrong, "dataset_refused",
        "Readers are told \"could not check\" for this list.",
        "Build the site again; do not edit catalogue.json by hand.";

    /// Fewer rows than different NIKs.
    ROWS_BELOW_DISTINCT = Wrong, "rows_below_distinct",
        "A list cannot hold more different NIKs than rows: one of the two figures that readers see is false.",
        "Build the site again; do not edit catalogue.json by hand.";

    /// Shards that are not there.
    SHARD_MISSING = Wrong, "shard_missing",
        "Readers whose prefix names them are told \"could not check\".",
        "Copy the whole site again, or build it again from the list.";

    /// Shards that clients refuse.
    SHARD_REFUSED = Wrong, "shard_refused",
        "Readers whose prefix names them are told \"could not check\".",
        "Copy them again from the site as it was built, byte for byte; otherwise build the site again.";

    /// Files beside the shards.
    SHARD_EXTRA = Warning, "shard_extra",
        "No prefix names them, so that no client ever verifies them, and every host serves them.",
        "Delete them, unless you know what they are.";

    /// Shards without a single row.
    SHARD_EMPTY = Wrong, "shard_empty",
        "Whoever sees a reader fetch an empty shard knows the answer: not in the list.",
        "Build the site again with fewer prefix bits.";

    /// Shards that say "in the list" too often.
    SHARD_OVERFULL = Wrong, "shard_overfull",
        "Readers whose prefix names them are told \"in the list\" more often than the catalogue promises, though they are not.",
        "Build the site again from the list: no build of cek-nik fills a shard so far.";

    /// The data set as a whole says "in the list" too often.
    RATE_WORSE = Wrong, "rate_worse",
        "More people are frightened for nothing than the catalogue promises, and the certainty that readers are told is false.",
        "Build the site again from the list: the filters are too small for what is in them.";

    /// Another number of NIKs than the catalogue says.
    DISTINCT_DIFFERS = Wrong, "distinct_differs",
        "The size of the list, and the certainty that follows from it, are told to readers. Shards and catalogue may be of different lists.",
        "Build the site again from the list.";

    /// Shards that are longer than their rows need.
    LONGER_THAN_PLANNED = Note, "longer_than_planned",
        "Readers download more than the promised rate needs.",
        "Nothing, if it was meant; otherwise build the site again.";

    /// What an enumerator gets is true more often than planned.
    TRUE_SHARE_HIGHER = Warning, "true_share_higher",
        "False alarms are rarer than planned, and so hide the people in the list less from whoever tries all plausible NIKs. That comes of \
         many prefix bits: all shards have room for the fullest, and where they hold few rows, most are much emptier.",
        "Build the site again with fewer prefix bits, or with a lower certainty; or decide that you bear it.";

    /// More prefix bits than cek-nik would take.
    NARROWER_THAN_PLANNED = Note, "narrower_than_planned",
        "With fewer bits more people share a prefix, so that it tells less about a reader.",
        "Nothing, if shorter shards were meant; otherwise build the site again without prefix bits of your own.";

    /// Few people share a prefix.
    SMALL_CROWD = Warning, "small_crowd",
        "Together with the reader's region, which a host learns from the network address, the prefix points at few people.",
        "Build the site again with fewer prefix bits, or allow longer shards.";

    /// The list can be read out of the site at next to no cost.
    ENUMERATION = Warning, "enumeration",
        "Whoever downloads the site can try out all plausible NIKs at next to no cost, and so gets the list, however short it is.",
        "Build the site again with argon2id at its default cost; a name lock on top makes it dearer still.";

    /// Argon2id at a cost that is hardly one.
    STRETCHING_WEAK = Warning, "stretching_weak",
        "Each trial costs an enumerator less than the weakest setting that the OWASP Password Storage Cheat Sheet gives for Argon2id.",
        "Build the site again with the default cost, m=19456,t=2,p=1, or more.";

    /// Most alarms are false.
    CERTAINTY_LOW = Warning, "certainty_low",
        "Most people who are told \"in the list\" are frightened for nothing, if everybody asks.",
        "Build the site again with a higher certainty.";

    /// As many NIKs as people.
    EVERYBODY_LISTED = Warning, "everybody_listed",
        "Some of these NIKs are not those of living people, and no certainty can be computed.",
        "Look whether the list was counted rightly, and say in its description what is known about this.";

    /// A page that readers need.
    PAGE_MISSING = Warning, "page_missing",
        "Every site of cek-nik has it; where readers or newsrooms ask for it, they get an error.",
        "Build the site again, or copy it from the site as it was built.";

    /// A page that is not the one that this program carries.
    PAGE_DIFFERS = Warning, "page_differs",
        "It is of another version of cek-nik, or somebody has changed it. A changed page can send away what readers type.",
        "Audit with the version that built the site, or build the site again. Compare the SHA-256 with the one that was published.";

    /// No file tells a host which headers to send.
    HEADERS_MISSING = Warning, "headers_missing",
        "Without its headers, a host does not let the widget read the shards, and readers are told \"could not check\".",
        "Configure the host as the missing files would have, or build the site again.";

    /// A file that should never be in a public directory.
    FILE_LEFT_BEHIND = Wrong, "file_left_behind",
        "Whatever lies in the site, the host serves to everybody who asks for it.",
        "Delete it here and on the host, and find out whether somebody has fetched it.";

    /// A file that is not cek-nik's.
    FILE_UNEXPECTED = Note, "file_unexpected",
        "It is not cek-nik's, and the host serves it to everybody.",
        "Nothing, if you have put it there on purpose.";

    /// Neither a file nor a directory.
    NOT_A_FILE = Warning, "not_a_file",
        "A link or a device may lead out of the site, to files that nobody meant to publish. It was not followed, so that the audit says \
         nothing of what readers would get from it.",
        "Replace it by the file that belongs there and audit again, or delete it.";

    /// A file that cannot be read.
    FILE_UNREADABLE = Warning, "file_unreadable",
        "What cannot be read cannot be audited, and hosts may not be able to serve it.",
        "Give yourself the right to read it, and audit again.";

    /// An edition that no catalogue names any more.
    EDITION_LEFT_BEHIND = Warning, "edition_left_behind",
        "No client asks for it, but whoever knows its address can still download it, also after rows were taken out of the list.",
        "Delete the directory here and on the host.";

    /// Data of a data set that the catalogue does not have.
    DATASET_UNLISTED = Warning, "dataset_unlisted",
        "No client asks for it, but whoever knows its address can still download it, also after the list was taken down.",
        "Delete the directory here and on the host.";

    /// Something that reads as a NIK.
    NUMBER_FOUND = Wrong, "number_found",
        "A site holds filters, never numbers. What reads as a NIK is one, or looks so by chance: about one of 1,500 random numbers \
         of sixteen digits does.",
        "Look at the place; if it is a NIK, delete it here and on the host.";

    /// NIKs written as text into the bits of a filter.
    NUMBERS_IN_BITS = Wrong, "numbers_in_bits",
        "Bits that keys have set are as good as random, and random bytes do not spell a NIK.",
        "Do not publish this. Build the site again from the list, and find out what changed the shards.";

    /// Something that was not looked at.
    NOT_MEASURED = Note, "not_measured",
        "The audit says nothing about it.",
        "Look at it yourself, or audit again on a computer with more memory.";
}
