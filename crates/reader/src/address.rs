//! Addresses of sites, as people paste them from a browser.

use std::fmt;
use std::path::Path;

use cek_nik::catalogue::FILE_NAME;

/// Why a text is neither the address of a site nor a path on this computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// The address of a pack, which is read from a file only.
    Pack,
    /// An address of another scheme than `http` and `https`.
    NotHttp,
    /// A host without a scheme, or a path that does not exist.
    NoScheme,
    /// No host, or characters that no address has.
    Invalid,
    /// An address, in a build without the feature `http`.
    NoNetwork,
}

impl AddressError {
    /// The stable name, for programs and for the text files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pack => "address_of_pack",
            Self::NotHttp => "address_not_http",
            Self::NoScheme => "address_without_http",
            Self::Invalid => "address_invalid",
            Self::NoNetwork => "address_without_network",
        }
    }
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pack => "the address is that of a pack; download it first",
            Self::NotHttp => "the address does not start with http:// or https://",
            Self::NoScheme => "no such file or directory; an address starts with https://",
            Self::Invalid => "the address is not valid",
            Self::NoNetwork => "this build of cek-nik reads sites from files only",
        })
    }
}

impl std::error::Error for AddressError {}

/// The address of the directory of a site, with a slash at its end, from the address of one of its
/// pages. `None` for a path.
///
/// # Errors
///
/// [`AddressError`].
pub fn directory(text: &str) -> Result<Option<String>, AddressError> {
    let text = text.trim();
    let Some((scheme, _)) = text.split_once("://") else {
        return if looks_like_host(text) {
            Err(AddressError::NoScheme)
        } else {
            Ok(None)
        };
    };
    if !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") {
        return Err(AddressError::NotHttp);
    }
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let (page, _) = text.split_at(end);
    let address: http::Uri = page.parse().map_err(|_| AddressError::Invalid)?;
    if address.host().is_none_or(str::is_empty) {
        return Err(AddressError::Invalid);
    }
    let name = address.path().rsplit('/').next().unwrap_or_default();
    if name.ends_with(".cnkpack") {
        return Err(AddressError::Pack);
    }
    let is_page = name == FILE_NAME || name.ends_with(".html");
    let directory = page.strip_suffix(name).filter(|_| is_page).unwrap_or(page);
    Ok(Some(format!("{}/", directory.trim_end_matches('/'))))
}

/// Whether a path that does not exist starts with the name of a host: `example.org/nik`.
fn looks_like_host(text: &str) -> bool {
    let (host, path) = text.split_once('/').unwrap_or((text, ""));
    let is_file = path.is_empty() && (host.ends_with(".cnkpack") || host.ends_with(".html"));
    let is_host = !host.starts_with('.')
        && host.contains(['.', ':'])
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c));
    is_host && !is_file && !Path::new(text).exists()
}

/// Whether an address begins with `https:`.
#[cfg(feature = "http")]
pub(crate) fn is_https(address: &str) -> bool {
    address
        .get(..6)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"))
}

/// Whether the host of an address is this computer.
#[cfg(feature = "http")]
pub(crate) fn is_of_this_computer(address: &str) -> bool {
    let address: Option<http::Uri> = address.parse().ok();
    let host = address.as_ref().and_then(http::Uri::host);
    host.is_some_and(|host| {
        let address = host.trim_matches(['[', ']']).parse();
        host.eq_ignore_ascii_case("localhost")
            || address.is_ok_and(|address: std::net::IpAddr| address.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_page_is_that_of_its_directory() {
        for page in [
            "https://example.org/nik",
            "https://example.org/nik/",
            "  https://example.org/nik/\n",
            "https://example.org/nik/index.html#lang=id",
            "https://example.org/nik/?utm_source=wa&x=/a.cnkpack",
            "https://example.org/nik/cek-nik.html?a#b",
            "https://example.org/nik/catalogue.json",
        ] {
            let directory = directory(page);
            assert_eq!(
                directory,
                Ok(Some("https://example.org/nik/".into())),
                "{page}"
            );
        }
        let port = directory("HTTP://127.0.0.1:8080#lang=en");
        assert_eq!(port, Ok(Some("HTTP://127.0.0.1:8080/".into())));
    }

    #[test]
    fn everything_else_is_a_path_or_has_its_reason() {
        for (text, error) in [
            (
                "https://example.org/leak.cnkpack?download",
                AddressError::Pack,
            ),
            ("file:///home/me/site/index.html", AddressError::NotHttp),
            ("example.org/nik", AddressError::NoScheme),
            ("localhost:8080", AddressError::NoScheme),
            ("https://", AddressError::Invalid),
            ("https://exa mple.org", AddressError::Invalid),
        ] {
            assert_eq!(directory(text), Err(error), "{text}");
        }
        for path in [
            "site",
            "../site",
            "./a.b",
            "/a.b/c",
            "leak.cnkpack",
            "leak.html",
            "C:\\a",
        ] {
            assert_eq!(directory(path), Ok(None), "{path}");
        }
    }
}
