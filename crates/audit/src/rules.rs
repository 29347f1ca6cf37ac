//! Rules that a site can break, and their words. `docs/AUDIT.md` explains each.

use crate::finding::Rule;
use crate::finding::Severity::{Note, Warning, Wrong};

macro_rules! rules {
    ($(
        $(#[$doc:meta])*
        $name:ident = $severity:ident, $code:literal, $why:literal, $next:literal;
    )*) => {
        $($(#[$doc])* pub static $name: Rule = Rule {
            severity: $severity,
            code: $code,
            why: $why,
            next: $next,
        };)*

        /// All rules.
        pub static ALL: &[&Rule] = &[$(&$name),*];
    };
}
pub(crate) use rules;

rules! {
    /// Clients refuse the catalogue.
    CATALOGUE_REFUSED = Wrong, "catalogue_refused",
        "Readers are told \"could not check\" for every list.",
        "Build the site again; do not edit catalogue.json by hand.";

    /// The edition has expired.
    EDITION_EXPIRED = Warning, "edition_expired",
        "Readers are told beside every answer that the edition has expired. When as much time \
         again has passed, they get no answer.",
        "Build the site again, sign it, and upload it.";

    /// The edition is too old.
    EDITION_TOO_OLD = Wrong, "edition_too_old",
        "Readers are told \"could not check\" for every list.",
        "Build the site again, sign it, and upload it.";

    /// The signature cannot be right.
    SIGNATURE_REFUSED = Wrong, "signature_refused",
        "Readers who have the publisher's key are told \"could not check\" for every list.",
        "Sign the site again, and upload catalogue.json together with its signature.";

    /// Two clients may read the catalogue differently.
    CATALOGUE_NOT_STRICT = Warning, "catalogue_not_strict",
        "The format forbids it, since clients may read such a file differently or refuse it.",
        "Build the site again; do not edit catalogue.json by hand.";

    /// The catalogue has fields that clients ignore.
    CATALOGUE_IGNORED = Note, "catalogue_ignored",
        "Clients ignore what they do not know.",
        "If it was meant for readers, compare it with docs/FORMAT.md.";

    /// The publisher has left texts of the template in.
    PLACEHOLDER_TEXT = Warning, "placeholder_text",
        "Readers see who runs the page and how to reach them, and nobody answers here.",
        "Write your own texts into catalogue.toml, and build the site again.";

    /// Clients refuse a data set.
    DATASET_REFUSED = Wrong, "dataset_refused",
        "Readers are told \"could not check\" for this list.",
        "Build the site again; do not edit catalogue.json by hand.";

    /// A data set has fewer rows than different NIKs.
    ROWS_BELOW_DISTINCT = Wrong, "rows_below_distinct",
        "A list cannot hold more different NIKs than rows: readers see a false figure.",
        "Build the site again; do not edit catalogue.json by hand.";

    /// Shards are missing.
    SHARD_MISSING = Wrong, "shard_missing",
        "Readers whose prefix names them are told \"could not check\".",
        "Copy the whole site again, or build it again from the list.";

    /// Clients refuse shards.
    SHARD_REFUSED = Wrong, "shard_refused",
        "Readers whose prefix names them are told \"could not check\".",
        "Copy them again from the site as built, byte for byte, or build the site again.";

    /// Other files lie beside the shards.
    SHARD_EXTRA = Warning, "shard_extra",
        "No prefix names them: no client verifies them, and every host serves them.",
        "Delete them, unless you know what they are.";

    /// Shards have no rows.
    SHARD_EMPTY = Wrong, "shard_empty",
        "Anyone who sees a reader fetch an empty shard knows the answer: not in the list.",
        "Build the site again with fewer prefix bits.";

    /// Shards give too many false alarms.
    SHARD_OVERFULL = Wrong, "shard_overfull",
        "Readers whose prefix names them get more false alarms than the catalogue promises.",
        "Build the site again from the list: cek-nik never fills a shard so far.";

    /// A data set gives too many false alarms.
    RATE_WORSE = Wrong, "rate_worse",
        "More people get a false alarm than the catalogue promises, and the certainty that \
         readers are told is false.",
        "Build the site again from the list: the filters are too small for their rows.";

    /// A data set holds another number of NIKs than the catalogue says.
    DISTINCT_DIFFERS = Wrong, "distinct_differs",
        "Readers are told the size of the list, and a certainty that follows from it. Shards and \
         catalogue may belong to different lists.",
        "Build the site again from the list.";

    /// Shards are longer than their rows need.
    LONGER_THAN_PLANNED = Note, "longer_than_planned",
        "Readers download more than the promised rate needs.",
        "Nothing, if it is intended; otherwise build the site again.";

    /// An attacker's finds are true more often than planned.
    TRUE_SHARE_HIGHER = Warning, "true_share_higher",
        "False alarms are rarer than planned, so they hide the people in the list less from an \
         attacker who tries all plausible NIKs. The cause is many prefix bits: all shards have \
         room for the fullest, and most are much emptier.",
        "Build the site again with fewer prefix bits or a lower certainty, or accept it.";

    /// A prefix has more bits than cek-nik would choose.
    NARROWER_THAN_PLANNED = Note, "narrower_than_planned",
        "With fewer bits, more people share a prefix, and it reveals less about a reader.",
        "Nothing, if shorter shards are intended; otherwise build the site again without prefix \
         bits of your own.";

    /// Few people share a prefix.
    SMALL_CROWD = Warning, "small_crowd",
        "A host learns the reader's region from the network address. Together with the prefix, it \
         points at few people.",
        "Build the site again with fewer prefix bits, or allow longer shards.";

    /// Trying all plausible numbers costs next to nothing.
    ENUMERATION = Warning, "enumeration",
        "Anyone who downloads the site can try all plausible NIKs at next to no cost, and so \
         obtain the list, however short it is.",
        "Build the site again with argon2id at its default cost. A name lock raises the cost more.";

    /// The cost of Argon2id is low.
    STRETCHING_WEAK = Warning, "stretching_weak",
        "Each trial costs an attacker less than the weakest Argon2id setting of the OWASP \
         Password Storage Cheat Sheet.",
        "Build the site again with the default cost, m=19456,t=2,p=1, or more.";

    /// Most answers "in the list" are false.
    CERTAINTY_LOW = Warning, "certainty_low",
        "If everybody asks, most answers \"in the list\" are false alarms.",
        "Build the site again with a higher certainty.";

    /// The list has as many NIKs as the country has people.
    EVERYBODY_LISTED = Warning, "everybody_listed",
        "Some of these NIKs do not belong to living people, and no certainty can be computed.",
        "Check how the list was counted, and explain the number in its description.";

    /// A page is missing.
    PAGE_MISSING = Warning, "page_missing",
        "Every site of cek-nik has it. Readers and newsrooms who open it get an error.",
        "Build the site again, or copy it from the site as built.";

    /// A page differs from this program's.
    PAGE_DIFFERS = Warning, "page_differs",
        "It belongs to another version of cek-nik, or it was changed. A changed page can send away \
         what readers type.",
        "Audit with the version that built the site, or build the site again. Compare the SHA-256 \
         with the published one.";

    /// No file tells the host which headers to send.
    HEADERS_MISSING = Warning, "headers_missing",
        "Without these headers, a host keeps the widget from reading the shards, and readers are \
         told \"could not check\".",
        "Configure the host as these files would, or build the site again.";

    /// A file lies in the site that nobody publishes on purpose.
    FILE_LEFT_BEHIND = Wrong, "file_left_behind",
        "The host serves every file of the site to everybody.",
        "Delete it here and on the host, and find out whether it was downloaded.";

    /// A file is not one of cek-nik.
    FILE_UNEXPECTED = Note, "file_unexpected",
        "It is not a file of cek-nik, and the host serves it to everybody.",
        "Nothing, if you added it on purpose.";

    /// An entry is neither a file nor a directory.
    NOT_A_FILE = Warning, "not_a_file",
        "A link or a device may lead out of the site, to private files. The audit did not follow \
         it, and does not know what readers would get.",
        "Replace it by the file itself and audit again, or delete it.";

    /// A file cannot be read.
    FILE_UNREADABLE = Warning, "file_unreadable",
        "The audit says nothing about it, and a host may be unable to serve it.",
        "Make it readable, and audit again.";

    /// An old edition is left.
    EDITION_LEFT_BEHIND = Warning, "edition_left_behind",
        "No client fetches it, but anyone who knows its address can download it, even after rows \
         were removed from the list.",
        "Delete the directory here and on the host.";

    /// A data set is not in the catalogue.
    DATASET_UNLISTED = Warning, "dataset_unlisted",
        "No client fetches it, but anyone who knows its address can download it, even after the \
         list was taken down.",
        "Delete the directory here and on the host.";

    /// A file has a number that reads as a NIK.
    NUMBER_FOUND = Wrong, "number_found",
        "A site holds filters, never numbers. This is a NIK, or a random number that looks like \
         one, as about one of 1,500 does.",
        "Look at it. If it is a NIK, delete it here and on the host.";

    /// A file holds keys of a list.
    KEY_FILE_FOUND = Wrong, "key_file_found",
        "Keys give no false alarms: anyone who has them can test any NIK with certainty.",
        "Delete it here and on the host, and find out whether it was downloaded. Keep key files \
         where the list is kept.";

    /// The bits of a filter spell NIKs.
    NUMBERS_IN_BITS = Wrong, "numbers_in_bits",
        "The bits of a filter are as good as random, and random bytes do not spell a NIK.",
        "Do not publish the site. Find out what changed the shards, and build it again.";

    /// A part of the site was not examined.
    NOT_MEASURED = Note, "not_measured",
        "The audit says nothing about it.",
        "Look at it yourself, or audit again on a computer with more memory.";
}
