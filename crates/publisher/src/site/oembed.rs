//! What lets an author of another site paste the address of this one on a line of its own: <https://oembed.com>.
//!
//! oEmbed knows only full addresses, so it is there only when the description names the site's own.

use serde_json::Value;

/// The address at which a site will stand, with a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site(String);

/// An address at which no site can stand.
#[derive(Debug, thiserror::Error)]
#[error(
    "\"{0}\" cannot be the address of a site: write the address of its directory, as \
     https://cek.example.org/"
)]
pub struct InvalidAddress(String);

/// The oEmbed document, with placeholders for the address and the publisher. Its size is within
/// what WordPress accepts, 200 to 1000, and what the widget takes once a reader has started.
const DOCUMENT: &str = include_str!("hosts/oembed.json");

impl Site {
    /// The name of the oEmbed document in a site.
    pub const DOCUMENT: &str = "oembed.json";

    /// # Errors
    ///
    /// Says what such an address looks like.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .unwrap_or_default();
        // It is written into HTML and JSON: none of these characters means anything there.
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/%".contains(c);
        if !(rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && rest.chars().all(plain)) {
            return Err(InvalidAddress(text.to_owned()));
        }
        Ok(Self(format!("{}/", text.trim_end_matches('/'))))
    }

    /// What stands in the head of the reader's page.
    pub fn discovery(&self) -> String {
        format!(
            "<link rel=\"alternate\" type=\"application/json+oembed\" href=\"{}{}\" title=\"Cek NIK\">",
            self.0,
            Self::DOCUMENT
        )
    }

    /// The oEmbed document: how another site embeds this one.
    pub fn document(&self, publisher: &str) -> String {
        // The publisher comes last: a name may hold anything, also a placeholder.
        DOCUMENT
            .replace("{{address}}", &self.0)
            .replace("{{publisher}}", &Value::from(publisher).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_in_a_slash() {
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
