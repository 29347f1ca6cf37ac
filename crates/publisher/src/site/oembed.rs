//! oEmbed: lets authors of other sites embed the widget by pasting the address of the site
//! (<https://oembed.com>).
//!
//! oEmbed needs absolute URLs, so a description must name the address of the site.

use serde_json::Value;

/// The address of a site, and the settings of the widget that others embed by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// With a slash at its end.
    address: String,
    settings: Settings,
}

/// Settings of the embedded widget, as in its address: `#lang=en&theme=light`. Without them it
/// speaks Indonesian and follows the reader's device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Settings {
    lang: Option<&'static str>,
    theme: Option<&'static str>,
}

const LANGUAGES: [&str; 2] = ["id", "en"];
const THEMES: [&str; 3] = ["auto", "light", "dark"];

/// A text that is not the address of a site.
#[derive(Debug, thiserror::Error)]
#[error(
    "\"{0}\" cannot be the address of a site: write the address of its directory, like \
     https://cek.example.org/, with or without #lang=en&theme=light"
)]
pub struct InvalidAddress(String);

/// The oEmbed document, with placeholders.
///
/// WordPress loads the script that sets the height of the frame only for a blockquote of this class.
/// The frame is as wide as its column, and high enough for the widget after a reader has started;
/// WordPress accepts heights from 200 to 1000.
const DOCUMENT: &str = include_str!("oembed.json");

impl Site {
    /// The file name of the oEmbed document.
    pub const DOCUMENT: &str = "oembed.json";

    /// Parses an `http` or `https` address, without a query. Only settings of the embedded widget
    /// may follow a `#`.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        Self::parsed(text).ok_or_else(|| InvalidAddress(text.to_owned()))
    }

    fn parsed(text: &str) -> Option<Self> {
        let (address, settings) = match text.split_once('#') {
            Some((address, settings)) => (address, Settings::parse(settings)?),
            None => (text, Settings::default()),
        };
        let rest = address
            .strip_prefix("https://")
            .or_else(|| address.strip_prefix("http://"))?;
        // The address is written into HTML and JSON, where these characters have no special
        // meaning.
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/%".contains(c);
        if !(rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && rest.chars().all(plain)) {
            return None;
        }
        Some(Self {
            address: format!("{}/", address.trim_end_matches('/')),
            settings,
        })
    }

    /// The site that an oEmbed document describes; `None` if it names no usable address.
    pub fn of_document(bytes: &[u8]) -> Option<Self> {
        let document: Value = serde_json::from_slice(bytes).ok()?;
        let site = Self::parse(document.get("provider_url")?.as_str()?).ok()?;
        let settings = document
            .get("html")
            .and_then(Value::as_str)
            .and_then(|html| html.split_once("cek-nik.html#")?.1.split_once('"'))
            .and_then(|(settings, _)| Settings::parse(&settings.replace("&amp;", "&")));
        Some(Self {
            settings: settings.unwrap_or_default(),
            ..site
        })
    }

    /// The address, with a slash at its end. It needs no escaping in HTML.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The text of the oEmbed document.
    pub fn document(&self, publisher: &str) -> String {
        let (title, link) = if self.settings.lang == Some("en") {
            ("NIK checker", "Check your NIK without sending it")
        } else {
            ("Cek NIK", "Periksa NIK Anda tanpa mengirim nomornya")
        };
        // The publisher comes last, because a name may contain a placeholder.
        DOCUMENT
            .replace("{{title}}", title)
            .replace("{{link}}", link)
            .replace("{{settings}}", &self.settings.fragment())
            .replace("{{address}}", &self.address)
            .replace("{{publisher}}", &Value::from(publisher).to_string())
    }
}

impl Settings {
    /// Parses `lang=en&theme=light`; `None` for anything else.
    fn parse(text: &str) -> Option<Self> {
        let known = |values: &[&'static str], value| values.iter().copied().find(|v| *v == value);
        let mut settings = Self::default();
        for part in text.split('&') {
            match part.split_once('=')? {
                ("lang", value) => settings.lang = Some(known(&LANGUAGES, value)?),
                ("theme", value) => settings.theme = Some(known(&THEMES, value)?),
                _ => return None,
            }
        }
        Some(settings)
    }

    /// The end of the widget's address, as HTML.
    fn fragment(self) -> String {
        let named = [("lang", self.lang), ("theme", self.theme)];
        let parts: Vec<String> = named
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value?)))
            .collect();
        if parts.is_empty() {
            return String::new();
        }
        format!("#{}", parts.join("&amp;"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_with_a_slash() {
        for text in ["https://cek.example.org", "https://cek.example.org/"] {
            let site = Site::parse(text).unwrap();
            assert_eq!(site.address(), "https://cek.example.org/");
        }
        assert!(Site::parse("http://127.0.0.1:8080/cek/").is_ok());
    }

    #[test]
    fn what_is_no_address_of_a_directory_is_refused() {
        for text in [
            "",
            "cek.example.org",
            "https://",
            "https:///cek",
            "javascript:alert(1)",
            "https://cek.example.org/?a=1",
            "https://cek.example.org/#a",
            "https://cek.example.org/#",
            "https://cek.example.org/#lang=fr",
            "https://cek.example.org/#theme=light&accent=%23a00",
            "https://cek.example.org/#lang=en\"onload=\"",
            "https://cek.example.org/\"onload=\"",
            "https://cek.example.org/ ",
        ] {
            assert!(Site::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_publisher_called_like_a_placeholder_keeps_the_name() {
        let site = Site::parse("https://cek.example.org/").unwrap();
        for publisher in ["{{address}}", "{{publisher}}", "\"\\\n</script>"] {
            let document: Value = serde_json::from_str(&site.document(publisher)).unwrap();
            assert_eq!(document["provider_name"], publisher);
            assert_eq!(document["provider_url"], "https://cek.example.org/");
        }
    }

    #[test]
    fn the_document_embeds_the_widget_in_a_sandbox() {
        let site = Site::parse("https://cek.example.org/nik").unwrap();
        let document: Value = serde_json::from_str(&site.document("Redaksi \"Contoh\"")).unwrap();
        assert_eq!(document["version"], "1.0");
        assert_eq!(document["type"], "rich");
        assert_eq!(document["provider_name"], "Redaksi \"Contoh\"");
        let html = document["html"].as_str().unwrap();
        assert!(html.contains("src=\"https://cek.example.org/nik/cek-nik.html\""));
        assert!(html.contains("sandbox=\"allow-scripts\""));
        assert!(html.contains("<blockquote class=\"wp-embedded-content\"><a href="));
        assert!(html.contains("width=\"100%\""));
        for side in ["width", "height"] {
            let pixels = document[side].as_u64().unwrap();
            assert!((200..=1000).contains(&pixels), "{side}");
        }
        let height = document["height"].as_u64().unwrap();
        assert!(html.contains(&format!("height=\"{height}\"")));
    }

    #[test]
    fn the_publisher_chooses_language_and_theme_of_the_embedded_widget() {
        for (settings, src, title) in [
            ("", "cek-nik.html\"", "Cek NIK"),
            ("#lang=id", "cek-nik.html#lang=id\"", "Cek NIK"),
            ("#theme=dark", "cek-nik.html#theme=dark\"", "Cek NIK"),
            (
                "#theme=light&lang=en",
                "cek-nik.html#lang=en&amp;theme=light\"",
                "NIK checker",
            ),
        ] {
            let site = Site::parse(&format!("https://cek.example.org{settings}")).unwrap();
            assert_eq!(site.address(), "https://cek.example.org/");
            let text = site.document("Redaksi");
            let document: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(document["provider_url"], "https://cek.example.org/");
            assert_eq!(document["title"], title);
            let html = document["html"].as_str().unwrap();
            assert!(html.contains(src), "{html}");
            // `add` and `remove` learn the settings from the document alone.
            assert_eq!(Site::of_document(text.as_bytes()), Some(site));
        }
    }
}
