//! Front page of a site: the template with the publisher's texts, the lists and the address.

use cek_nik::nik::Date;

use crate::site::catalogue_document::{CatalogueDocument, Publisher, Text};
use crate::site::oembed::Site;

const FEED: &str = include_str!("feed.html");
const ADDRESS: &str = include_str!("address.html");
const LIST: &str = include_str!("list.html");
const PUBLISHER: &str = include_str!("publisher.html");
const LINK: &str = include_str!("link.html");
const CONTACT: &str = include_str!("contact.html");

/// The heading of sites without one of their own.
pub(super) const TITLE: [&str; 2] = [
    "Apakah NIK Anda ada di daftar yang diduga bocor?",
    "Is your NIK in a list said to be leaked?",
];

/// The sentence below it.
const INTRODUCTION: [&str; 2] = [
    "Diperiksa di perangkat Anda. Nomor Anda tidak ikut dikirim.",
    "Checked on your device. Your number is not sent.",
];

/// The texts of a front page. All of them are in the catalogue, so an audit can build the page
/// again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrontPage {
    /// The heading; empty for the usual one.
    pub title: Text,
    /// The sentence below it; empty for the usual one.
    pub introduction: Text,
    /// Who is responsible for the site.
    pub publisher: Publisher,
    /// The lists.
    pub lists: Vec<List>,
    /// The addresses of the same site on other hosts, which the widget may ask.
    pub mirrors: Vec<String>,
}

/// A list on the front page. Sizes are left out: they change with every edition, and readers who
/// saved the page would have to fetch it again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// The id of the data set, shown if there is no title.
    pub id: String,
    /// The title for readers.
    pub title: Text,
    /// When the list appeared: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub date: String,
}

/// The SHA-256 of the pages with a check, as this site has them: 64 hexadecimal digits each.
#[derive(Default)]
pub(super) struct Fingerprints {
    pub(super) widget: String,
    pub(super) offline: String,
}

impl From<&CatalogueDocument> for FrontPage {
    fn from(document: &CatalogueDocument) -> Self {
        let lists = document.datasets.iter().map(|dataset| List {
            id: dataset.id.clone(),
            title: dataset.title.clone(),
            date: dataset.date.clone(),
        });
        Self {
            title: document.title.clone(),
            introduction: document.introduction.clone(),
            publisher: document.publisher.clone(),
            lists: lists.collect(),
            mirrors: document
                .mirrors
                .iter()
                .filter_map(|address| mirror(address))
                .collect(),
        }
    }
}

/// The address of a mirror, without what would need escaping in HTML.
fn mirror(address: &str) -> Option<String> {
    let site = Site::parse(address).ok()?;
    Some(site.address().to_owned())
}

impl FrontPage {
    /// The page. Without an address, it has neither a picture for shared links nor oEmbed.
    pub(super) fn html(
        &self,
        template: &str,
        site: Option<&Site>,
        fingerprints: &Fingerprints,
    ) -> String {
        fill(template, |name| {
            Some(match name {
                "title.id" => escape(in_language(&self.title, Language::Indonesian, TITLE)),
                "title.en" => escape(in_language(&self.title, Language::English, TITLE)),
                "introduction.id" => {
                    let text = &self.introduction;
                    escape(in_language(text, Language::Indonesian, INTRODUCTION))
                }
                "introduction.en" => {
                    let text = &self.introduction;
                    escape(in_language(text, Language::English, INTRODUCTION))
                }
                "lists" => self.lists.iter().map(List::html).collect(),
                "publisher" => publisher(&self.publisher),
                "address" => FEED.to_owned() + &site.map_or_else(String::new, address),
                "widget-sha256" => fingerprints.widget.clone(),
                "offline-sha256" => fingerprints.offline.clone(),
                _ => return None,
            })
        })
    }
}

impl List {
    fn html(&self) -> String {
        let Self { id, title, date } = self;
        let usual = [id.as_str(); 2];
        let date = date_in_words(date);
        fill(LIST, |name| {
            Some(match name {
                "title.id" => escape(in_language(title, Language::Indonesian, usual)),
                "title.en" => escape(in_language(title, Language::English, usual)),
                "date.id" => escape(&date.id),
                "date.en" => escape(&date.en),
                _ => return None,
            })
        })
    }
}

#[derive(Clone, Copy)]
pub(super) enum Language {
    Indonesian,
    English,
}

/// A text in a language, or else in the other one, or else the `usual` one.
pub(super) fn in_language<'a>(text: &'a Text, language: Language, usual: [&'a str; 2]) -> &'a str {
    let [indonesian, english] = usual;
    let (own, other, usual) = match language {
        Language::Indonesian => (&text.id, &text.en, indonesian),
        Language::English => (&text.en, &text.id, english),
    };
    [own, other]
        .into_iter()
        .find(|text| !text.trim().is_empty())
        .map_or(usual, String::as_str)
}

fn publisher(Publisher { name, contact, url }: &Publisher) -> String {
    if name.trim().is_empty() {
        return String::new();
    }
    let name = fill(PUBLISHER, |field| (field == "name").then(|| escape(name)));
    let url = web_link(url).into_iter();
    [name, contact_line(contact)]
        .into_iter()
        .chain(url)
        .collect()
}

/// The contact: a link where it is an e-mail address or a telephone number, otherwise its text.
pub(super) fn contact_line(contact: &str) -> String {
    let contact = contact.trim();
    if contact.is_empty() {
        return String::new();
    }
    contact_address(contact).map_or_else(
        || fill(CONTACT, |field| (field == "text").then(|| escape(contact))),
        |href| link(&href, contact),
    )
}

fn contact_address(contact: &str) -> Option<String> {
    let is_telephone = |c: char| c.is_ascii_digit() || "+-() ".contains(c);
    match contact.split_once('@') {
        Some((user, host)) if !user.is_empty() && host.contains('.') => {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "@.-_+".contains(c);
            contact
                .chars()
                .all(is_plain)
                .then(|| format!("mailto:{contact}"))
        }
        None if contact.chars().all(is_telephone) => {
            let number: String = contact.chars().filter(|c| !"-() ".contains(*c)).collect();
            (number.len() > 2).then(|| format!("tel:{number}"))
        }
        _ => None,
    }
}

/// A link to a web page.
pub(super) fn web_link(url: &str) -> Option<String> {
    let url = url.trim();
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    Some(link(url, rest.trim_end_matches('/')))
}

fn link(href: &str, text: &str) -> String {
    fill(LINK, |name| match name {
        "href" => Some(escape(href)),
        "text" => Some(escape(text)),
        _ => None,
    })
}

fn address(site: &Site) -> String {
    fill(ADDRESS, |name| {
        (name == "address").then(|| site.address().to_owned())
    })
}

const MONTHS: [[&str; 2]; 12] = [
    ["Januari", "January"],
    ["Februari", "February"],
    ["Maret", "March"],
    ["April", "April"],
    ["Mei", "May"],
    ["Juni", "June"],
    ["Juli", "July"],
    ["Agustus", "August"],
    ["September", "September"],
    ["Oktober", "October"],
    ["November", "November"],
    ["Desember", "December"],
];

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD` in words; other text unchanged.
pub(super) fn date_in_words(date: &str) -> Text {
    let rest = if date.len() == 7 { "-01" } else { "" };
    let whole = format!("{date}{rest}");
    let parts: Vec<&str> = date.split('-').collect();
    let month = |month: &str| MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?);
    let words = match (whole.parse::<Date>(), parts.as_slice()) {
        (Ok(_), [year, of_year, day]) => month(of_year).map(|[indonesian, english]| {
            let day = day.trim_start_matches('0');
            [indonesian, english].map(|month| format!("{day} {month} {year}"))
        }),
        (Ok(_), [year, of_year]) => {
            month(of_year).map(|months| months.map(|month| format!("{month} {year}")))
        }
        _ => None,
    };
    let [id, en] = words.unwrap_or_else(|| [date.to_owned(), date.to_owned()]);
    Text { id, en }
}

const START: &str = "{{site.";
const END: &str = "}}";

/// Replaces placeholders like `{{site.title.id}}`. What replaces them is not searched again, and a
/// placeholder without a value stays as it is.
pub(super) fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once(START) {
        filled.push_str(before);
        let found = after.split_once(END);
        match found.and_then(|(name, after)| Some((value(name)?, after))) {
            Some((value, after)) => {
                filled.push_str(&value);
                rest = after;
            }
            None => {
                filled.push_str(START);
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// A text as HTML, for elements and for attributes in double quotes.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "{{site.address}}<h1>{{site.title.id}}|{{site.title.en}}</h1>\
        <p>{{site.introduction.id}}|{{site.introduction.en}}</p>{{site.lists}}{{site.publisher}}";

    fn text(id: &str, en: &str) -> Text {
        Text {
            id: id.to_owned(),
            en: en.to_owned(),
        }
    }

    #[test]
    fn a_site_without_texts_of_its_own_has_the_usual_ones() {
        let html = FrontPage::default().html(TEMPLATE, None, &Fingerprints::default());
        for text in TITLE.iter().chain(&INTRODUCTION) {
            assert!(html.contains(text), "{html}");
        }
        assert!(!html.contains("og:") && !html.contains("{{"), "{html}");
    }

    #[test]
    fn the_publisher_s_texts_are_text_and_never_markup_or_placeholders() {
        let evil = "</title><script>\"&{{site.publisher}}";
        let page = FrontPage {
            title: text(evil, evil),
            introduction: text(evil, evil),
            publisher: Publisher {
                name: evil.to_owned(),
                contact: format!("{evil}@example.org"),
                url: format!("https://example.org/{evil}"),
            },
            lists: vec![List {
                id: "daftar".to_owned(),
                title: text(evil, ""),
                date: evil.to_owned(),
            }],
            mirrors: Vec::new(),
        };
        let html = page.html(TEMPLATE, None, &Fingerprints::default());
        let written = "&lt;/title&gt;&lt;script&gt;&quot;&amp;{{site.publisher}}";
        assert_eq!(html.matches(written).count(), 12, "{html}");
        assert!(
            !html.contains("<script>") && !html.contains("mailto:"),
            "{html}"
        );
    }

    #[test]
    fn a_list_has_its_title_and_date_in_both_languages() {
        let list = List {
            id: "daftar".to_owned(),
            title: text("Daftar", "List"),
            date: "2021-05".to_owned(),
        };
        let html = list.html();
        assert!(html.contains("<b>Daftar</b> Mei 2021"), "{html}");
        assert!(html.contains("<b>List</b> May 2021"), "{html}");
        let html = List {
            title: Text::default(),
            ..list
        };
        assert_eq!(html.html().matches("<b>daftar</b>").count(), 2);
    }

    #[test]
    fn dates_are_as_precise_as_they_are_known() {
        for (date, id, en) in [
            ("2021", "2021", "2021"),
            ("2021-05", "Mei 2021", "May 2021"),
            ("2023-11-07", "7 November 2023", "7 November 2023"),
            ("2021-13", "2021-13", "2021-13"),
            ("2021-02-30", "2021-02-30", "2021-02-30"),
            ("", "", ""),
            ("é", "é", "é"),
            ("Mei 2021", "Mei 2021", "Mei 2021"),
        ] {
            assert_eq!(date_in_words(date), text(id, en), "{date}");
        }
    }

    #[test]
    fn the_template_of_the_pages_holds_no_placeholder_without_a_value() {
        let site = Site::parse("https://cek.example.org").unwrap();
        let page = FrontPage {
            lists: vec![List::default()],
            publisher: Publisher {
                name: "Redaksi".to_owned(),
                contact: "redaksi@example.org".to_owned(),
                url: "https://example.org".to_owned(),
            },
            ..FrontPage::default()
        };
        let html = page.html(crate::site::INDEX, Some(&site), &Fingerprints::default());
        assert!(!html.contains(START));
        assert_eq!(
            fill("{{site.unknown}}, {{site.", |_| None),
            "{{site.unknown}}, {{site."
        );
    }

    #[test]
    fn a_contact_becomes_a_link_where_it_is_one() {
        for (contact, href) in [
            ("redaksi@example.org", Some("mailto:redaksi@example.org")),
            ("+62 (21) 1234-5678", Some("tel:+622112345678")),
            ("1500-537", Some("tel:1500537")),
            ("redaksi@example.org?subject=x", None),
            ("Signal: redaksi.01", None),
            ("@redaksi", None),
        ] {
            let line = contact_line(contact);
            assert!(line.contains(contact), "{line}");
            assert_eq!(contact_address(contact).as_deref(), href);
            let link = href.map_or_else(|| "href".to_owned(), |href| format!("href=\"{href}\""));
            assert_eq!(line.contains(&link), href.is_some(), "{line}");
        }
        assert_eq!(contact_line(" "), "");
        assert!(web_link("javascript:alert(1)").is_none());
    }

    #[test]
    fn a_known_address_gives_shared_links_a_picture() {
        let site = Site::parse("https://cek.example.org").unwrap();
        let html = FrontPage::default().html(TEMPLATE, Some(&site), &Fingerprints::default());
        for line in [
            "<meta property=\"og:url\" content=\"https://cek.example.org/\">",
            "<meta property=\"og:image\" content=\"https://cek.example.org/icon-512.png\">",
            "href=\"https://cek.example.org/oembed.json\"",
        ] {
            assert!(html.contains(line), "{html}");
        }
    }
}
