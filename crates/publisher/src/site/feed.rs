//! Atom feed of a site's editions (RFC 4287), newest first, so that newsrooms notice a new one.
//!
//! The old entries are those of the feed that the site has. No address is known at build time,
//! unless the description names it, so ids come from the salt, and links are relative.

use cek_nik::nik::Date;
use sha2::{Digest, Sha256};

use crate::site::catalogue_document::{CatalogueDocument, DatasetDocument};
use crate::site::front_page::{Language, TITLE, date_in_words, escape, in_language};
use crate::site::oembed::Site;

/// The file name of the feed.
pub const NAME: &str = "editions.atom";
/// The longest feed that is read, in bytes: 1 MiB. With more, old entries are dropped.
pub const MAX_BYTES: u64 = 1 << 20;
/// The most entries of a feed.
const MOST_ENTRIES: usize = 50;

const START: &str = "<entry>\n";
const END: &str = "</entry>\n";
const EDITION: &str = "<title>Edisi ";

/// The feed with an entry for the edition of a catalogue. `old` is the text of the site's feed, or
/// empty; with `is_same`, its entry for this edition stays.
pub fn of_edition(
    document: &CatalogueDocument,
    address: Option<&Site>,
    today: Date,
    old: &str,
    is_same: bool,
) -> String {
    let id = id(&document.salt, &format!("edition {}", document.edition));
    let same = entries(old).find(|entry| is_same && entry.starts_with(&id));
    let date = |date: &str| date_in_words(date);
    let published = date(&today.to_string());
    let expires = document.expires.as_deref().map(date);
    let until = |word: &str, date: fn(&crate::site::catalogue_document::Text) -> &str| {
        let expires = expires.as_ref().map(date);
        expires.map_or_else(String::new, |date| format!(", {word} {}", xml(date)))
    };
    let lists = |language| {
        let lists = document.datasets.iter().map(|list| list_in(list, language));
        lists.collect::<Vec<_>>().join("; ")
    };
    let entry = same.map_or_else(
        || {
            entry(
                &id,
                &format!("{EDITION}{}</title>", document.edition),
                today,
                &format!(
                    "Terbit {}{}. Daftar: {}.",
                    published.id,
                    until("berlaku sampai", |date| &date.id),
                    lists(Language::Indonesian)
                ),
                &format!(
                    "Published on {}{}. Lists: {}.",
                    published.en,
                    until("valid until", |date| &date.en),
                    lists(Language::English)
                ),
            )
        },
        str::to_owned,
    );
    feed(document, address, &entry, &id, old)
}

/// The feed with an entry that says that the site was taken down.
pub fn of_withdrawal(
    document: &CatalogueDocument,
    address: Option<&Site>,
    today: Date,
    old: &str,
) -> String {
    let id = id(&document.salt, "withdrawal");
    let entry = entry(
        &id,
        "<title>Daftar ini sudah ditarik</title>",
        today,
        "NIK tidak dapat lagi diperiksa di sini.",
        "This list was taken down. NIKs can no longer be checked here.",
    );
    feed(document, address, &entry, &id, old)
}

/// The number of the edition of the newest entry; `None` if there is none.
pub fn newest_edition(feed: &str) -> Option<u64> {
    let (_, title) = entries(feed).next()?.split_once(EDITION)?;
    title.split_once('<')?.0.parse().ok()
}

/// The feed with its newest entry, and behind it the old ones with other ids.
fn feed(
    document: &CatalogueDocument,
    address: Option<&Site>,
    newest: &str,
    newest_id: &str,
    old: &str,
) -> String {
    let title = xml(in_language(&document.title, Language::Indonesian, TITLE));
    let author = match document.publisher.name.trim() {
        "" => "cek-nik".to_owned(),
        name => xml(name),
    };
    let base = address.map_or("", Site::address);
    let page = address.map_or("./", Site::address);
    let updated = newest.lines().find(|line| line.starts_with("<updated>"));
    let others = entries(old).filter(|entry| !entry.starts_with(newest_id));
    let entries: String = [newest]
        .into_iter()
        .chain(others)
        .take(MOST_ENTRIES)
        .map(|entry| format!("{START}{entry}{END}"))
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"id\">\n\
         {}\n<title>{title}</title>\n{}\n<author><name>{author}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{base}{NAME}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{page}\"/>\n{entries}</feed>\n",
        id(&document.salt, "feed"),
        updated.unwrap_or_default(),
    )
}

fn entries(feed: &str) -> impl Iterator<Item = &str> {
    let parts = feed.split(START).skip(1);
    parts.filter_map(|part| Some(part.split_once(END)?.0))
}

/// An entry with a paragraph in each language, which are XHTML.
fn entry(id: &str, title: &str, day: Date, indonesian: &str, english: &str) -> String {
    format!(
        "{id}\n{title}\n<updated>{day}T00:00:00Z</updated>\n\
         <content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">\
         <p>{indonesian}</p><p xml:lang=\"en\">{english}</p></div></content>\n"
    )
}

fn list_in(list: &DatasetDocument, language: Language) -> String {
    let title = xml(in_language(&list.title, language, [&list.id; 2]));
    let date = date_in_words(&list.date);
    let date = match language {
        Language::Indonesian => date.id,
        Language::English => date.en,
    };
    match date.as_str() {
        "" => title,
        date => format!("{title} ({})", xml(date)),
    }
}

/// The element of an id that stays as long as the salt does: a UUID of version 8 (RFC 9562).
fn id(salt: &str, what: &str) -> String {
    let hash: [u8; 32] = Sha256::digest(format!("cek-nik {salt} {what}")).into();
    let mut uuid = u128::from_be_bytes(hash.first_chunk().copied().unwrap_or_default());
    uuid = uuid & !(0xf << 76) | 0x8 << 76;
    uuid = uuid & !(0x3 << 62) | 0x2 << 62;
    let hex = format!("{uuid:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| &hex[range]);
    format!("<id>urn:uuid:{}</id>", parts.join("-"))
}

/// A text as XML, without the characters that XML cannot hold.
fn xml(text: &str) -> String {
    let is_possible = |c: &char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    escape(&text.chars().filter(is_possible).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document(edition: u64, title: &str) -> CatalogueDocument {
        serde_json::from_value(json!({
            "format": "cek-nik catalogue",
            "version": 1,
            "edition": edition,
            "expires": "2026-12-30",
            "identifier": "nik",
            "salt": "00112233445566778899aabbccddeeff",
            "kdf": { "name": "sha256" },
            "datasets": [{
                "id": "daftar", "title": { "id": title, "en": "" }, "date": "2021-05",
                "rows": 1, "distinct": 1, "prefix_bits": 0,
                "filter": { "kind": "bloom", "bits": 8, "hashes": 1 },
                "false_positive_rate": 0.5, "shard_bytes": 65, "root": "00".repeat(32),
            }],
        }))
        .unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_newest_fifty_editions_stay() {
        let mut feed = String::new();
        for edition in 1..=60 {
            feed = of_edition(
                &document(edition, "A"),
                None,
                day("2026-11-30"),
                &feed,
                false,
            );
            assert_eq!(newest_edition(&feed), Some(edition));
        }
        let titles: Vec<_> = entries(&feed)
            .filter_map(|e| e.split(EDITION).nth(1))
            .collect();
        assert_eq!(titles.len(), 50);
        assert!(titles[0].starts_with("60<") && titles[49].starts_with("11<"));
        let ids = feed.lines().filter(|line| line.starts_with("<id>"));
        assert_eq!(ids.collect::<std::collections::BTreeSet<_>>().len(), 51);
    }

    #[test]
    fn an_edition_that_does_not_change_keeps_its_day_and_bytes() {
        let first = of_edition(&document(1, "A"), None, day("2026-11-30"), "", false);
        let again = of_edition(&document(1, "A"), None, day("2026-12-01"), &first, true);
        assert_eq!(again, first);
        let other = of_edition(&document(1, "B"), None, day("2026-12-01"), &first, false);
        assert_eq!(entries(&other).count(), 1);
        assert!(other.contains("Terbit 1 Desember 2026, berlaku sampai 30 Desember 2026. "));
        assert!(other.contains("Daftar: B (Mei 2021)."), "{other}");
    }

    #[test]
    fn texts_are_no_markup_and_no_entry() {
        let evil = "</p></entry>\n<entry>\n&\u{1}\"";
        let feed = of_edition(&document(1, evil), None, day("2026-11-30"), "", false);
        assert_eq!(entries(&feed).count(), 1);
        assert!(
            feed.contains("&lt;/p&gt;&lt;/entry&gt;&lt;entry&gt;&amp;&quot; (Mei"),
            "{feed}"
        );
    }

    #[test]
    fn a_known_address_makes_the_links_absolute() {
        let site = Site::parse("https://cek.example.org").unwrap();
        let feed = of_edition(&document(1, "A"), Some(&site), day("2026-11-30"), "", false);
        assert!(feed.contains("href=\"https://cek.example.org/editions.atom\""));
        assert!(feed.contains("href=\"https://cek.example.org/\""));
    }

    #[test]
    fn a_withdrawal_comes_first() {
        let first = of_edition(&document(1, "A"), None, day("2026-11-30"), "", false);
        let feed = of_withdrawal(&document(1, "A"), None, day("2026-12-01"), &first);
        assert_eq!(entries(&feed).count(), 2);
        assert_eq!(newest_edition(&feed), None);
        assert!(
            feed.contains("<updated>2026-12-01T00:00:00Z</updated>\n<author>"),
            "{feed}"
        );
    }
}
