//! oEmbed: lets authors of other sites embed the widget by pasting the address of the site
//! (<https://oembed.com>).
//!
//! oEmbed needs absolute URLs, so a description must name the address of the site.

use serde_json::Value;

/// The address of a site, with a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site(String);

/// A text that is not the address of a site.
#[derive(Debug, thiserror::Error)]
#[error(
    "\"{0}\" cannot be the address of a site: write the address of its directory, like \
     https://cek.example.org/"
)]
pub struct InvalidAddress(String);

/// The oEmbed document, with placeholders for the address and the publisher. WordPress accepts
/// sizes from 200 to 1000; this one also fits the widget after a reader has started.
const DOCUMENT: &str = include_str!("oembed.json");

impl Site {
    /// The file name of the oEmbed document.
    pub const DOCUMENT: &str = "oembed.json";

    /// Parses an `http` or `https` address, without a query or a fragment.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .unwrap_or_default();
        // The address is written into HTML and JSON, where these characters have no special
        // meaning.
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/%".contains(c);
        if !(rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && rest.chars().all(plain)) {
            return Err(InvalidAddress(text.to_owned()));
        }
        Ok(Self(format!("{}/", text.trim_end_matches('/'))))
    }

    /// The address that an oEmbed document names; `None` if it names none that is usable.
    pub fn of_document(bytes: &[u8]) -> Option<Self> {
        let document: Value = serde_json::from_slice(bytes).ok()?;
        Self::parse(document.get("provider_url")?.as_str()?).ok()
    }

    /// The address, with a slash at its end. It needs no escaping in HTML.
    pub fn address(&self) -> &str {
        &self.0
    }

    /// The text of the oEmbed document.
    pub fn document(&self, publisher: &str) -> String {
        // The publisher comes last, because a name may contain a placeholder.
        DOCUMENT
            .replace("{{address}}", &self.0)
            .replace("{{publisher}}", &Value::from(publisher).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_with_a_slash() {
        for text in ["https://cek.example.org", "https://cek.example.org/"] {
            assert_eq!(
                Site::parse(text).unwrap(),
                Site("https://cek.example.org/".to_owned())
            );
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
        for side in ["width", "height"] {
            let pixels = document[side].as_u64().unwrap();
            assert!((200..=1000).contains(&pixels), "{side}");
            assert!(html.contains(&format!("{side}=\"{pixels}\"")));
        }
    }
}
