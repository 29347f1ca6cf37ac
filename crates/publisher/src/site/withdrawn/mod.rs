//! Pages of a site that was taken down: they say so, and remove the lists that readers have saved.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cek_nik::nik::Date;
use sha2::{Digest, Sha256};

use crate::site::catalogue_document::{Publisher, Text};
use crate::site::front_page::{
    Language, contact_line, date_in_words, escape, fill, in_language, web_link,
};
use crate::site::{FRONT_PAGE_NAME, OFFLINE_NAME, SERVICE_WORKER_NAME, WIDGET_NAME};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
/// The function that both scripts call. It leaves other sites of the origin alone.
const REMOVE: &str = include_str!("remove.js");
const PAGE_SCRIPT: &str = include_str!("page.js");
const SERVICE_WORKER: &str = include_str!("sw.js");

/// What the pages say.
pub struct Notice {
    /// Who took the site down.
    pub publisher: Publisher,
    /// Since when.
    pub since: Date,
    /// Why; empty if the publisher does not say.
    pub reason: Text,
}

impl Notice {
    /// The pages that replace those of the site, by name.
    pub fn pages(&self) -> Vec<(&'static str, Vec<u8>)> {
        let html = self.html();
        let notices = [FRONT_PAGE_NAME, WIDGET_NAME, OFFLINE_NAME];
        let mut pages: Vec<_> = notices.map(|name| (name, html.clone().into())).into();
        let worker = format!("{REMOVE}\n{SERVICE_WORKER}");
        pages.push((SERVICE_WORKER_NAME, worker.into()));
        pages
    }

    fn html(&self) -> String {
        let script = format!("{REMOVE}{PAGE_SCRIPT}");
        let date = date_in_words(&self.since.to_string());
        fill(PAGE, |name| {
            Some(match name {
                "style" => STYLE.to_owned(),
                "style.hash" => hash(STYLE),
                "script" => script.clone(),
                "script.hash" => hash(&script),
                "date.id" => date.id.clone(),
                "date.en" => date.en.clone(),
                "reason.id" => self.reason(Language::Indonesian),
                "reason.en" => self.reason(Language::English),
                "publisher" => self.publisher(),
                _ => return None,
            })
        })
    }

    fn reason(&self, language: Language) -> String {
        match in_language(&self.reason, language, [""; 2]) {
            "" => String::new(),
            reason => format!("<p>{}</p>\n", escape(reason)),
        }
    }

    fn publisher(&self) -> String {
        let Publisher { name, contact, url } = &self.publisher;
        if name.trim().is_empty() {
            return String::new();
        }
        let link = web_link(url).unwrap_or_default();
        let contact = contact_line(contact);
        format!("<p><b>{}</b></p>\n{contact}{link}", escape(name))
    }
}

/// A hash for the policy of a page.
fn hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_the_publisher_are_text() {
        let evil = "</p><script>{{site.script}}";
        let notice = Notice {
            publisher: Publisher {
                name: evil.to_owned(),
                contact: evil.to_owned(),
                url: format!("https://example.org/{evil}"),
            },
            since: "2026-11-30".parse().unwrap(),
            reason: Text {
                id: evil.to_owned(),
                en: String::new(),
            },
        };
        let html = notice.html();
        assert_eq!(html.matches("<script>").count(), 1, "{html}");
        let written = "&lt;/p&gt;&lt;script&gt;{{site.script}}";
        // The reason is in both languages.
        assert_eq!(html.matches(written).count(), 6, "{html}");
        assert!(html.contains("Sejak 30 November 2026 "), "{html}");
        let (_, policy) = html.split_once("script-src 'sha256-").unwrap();
        let (_, script) = html.split_once("<script>").unwrap();
        let (script, _) = script.split_once("</script>").unwrap();
        assert!(policy.starts_with(&hash(script)));
    }

    #[test]
    fn a_site_without_publisher_and_reason_has_a_page_without_them() {
        let notice = Notice {
            publisher: Publisher::default(),
            since: "2026-11-30".parse().unwrap(),
            reason: Text::default(),
        };
        for (name, page) in notice.pages() {
            let text = String::from_utf8(page).unwrap();
            assert!(!text.contains("{{") && !text.contains("<p></p>"), "{name}");
        }
    }
}
