//! Host of a site, asked as a browser asks it: status and headers count too (feature `http`).

use std::io::Read;
use std::time::Duration;

use cek_nik::check::FetchError;

use crate::address::{self, AddressError};
use crate::http::{body_error, request_error};
use crate::redirect::{is_of_origin, resolve};

/// Host of a site.
#[derive(Clone)]
pub struct Host {
    /// The address of the directory, with a trailing slash.
    base: String,
    agent: ureq::Agent,
}

/// Answer of a host.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers, with names in lower case, in their order.
    pub headers: Vec<(String, String)>,
    /// The body as it was sent, at most one byte more than was asked for.
    pub body: Vec<u8>,
}

/// Encodings of a body that a request accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encodings {
    /// None: the bytes of the file.
    Identity,
    /// Those of a browser.
    OfBrowsers,
}

impl Host {
    /// The host at the `http://` or `https://` address of a site's directory or of one of its
    /// pages; `None` for a path on this computer.
    ///
    /// # Errors
    ///
    /// [`AddressError`].
    pub fn new(location: &str, patience: Duration) -> Result<Option<Self>, AddressError> {
        let Some(base) = address::directory(location)? else {
            return Ok(None);
        };
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_resolve(Some(patience))
            .timeout_connect(Some(patience))
            .timeout_recv_response(Some(patience))
            .timeout_recv_body(Some(patience * 4))
            // Some hosts change pages for browsers only.
            .user_agent("Mozilla/5.0 (compatible; cek-nik verify)")
            .accept("text/html,*/*")
            .accept_encoding("identity")
            .build();
        Ok(Some(Self {
            base,
            agent: config.new_agent(),
        }))
    }

    /// The address of the directory, with a trailing slash.
    pub fn address(&self) -> &str {
        &self.base
    }

    /// Whether the connection is encrypted.
    pub fn is_https(&self) -> bool {
        address::is_https(&self.base)
    }

    /// Whether the host is this computer, which needs no encryption.
    pub fn is_this_computer(&self) -> bool {
        address::is_of_this_computer(&self.base)
    }

    /// Fetches a file of the site, at most one byte more than `most`. Redirects are not followed.
    ///
    /// # Errors
    ///
    /// [`FetchError`], but never for a status.
    pub fn get(&self, path: &str, most: u64, encodings: Encodings) -> Result<Answer, FetchError> {
        self.get_address(&format!("{}{path}", self.base), most, encodings)
    }

    /// Fetches a page of the site as [`Host::get`] does, but follows redirects to the same host:
    /// some hosts leave out the `.html` of an address.
    ///
    /// # Errors
    ///
    /// As [`Host::get`].
    pub fn get_page(&self, path: &str, most: u64) -> Result<Answer, FetchError> {
        const MOST_REDIRECTS: usize = 3;
        let mut answer = self.get(path, most, Encodings::Identity)?;
        for _ in 0..MOST_REDIRECTS {
            let location = answer.header("location").next();
            let location = location.filter(|_| (300..=399).contains(&answer.status));
            let Some(address) = location.and_then(|location| self.same_host(location)) else {
                break;
            };
            answer = self.get_address(&address, most, Encodings::Identity)?;
        }
        Ok(answer)
    }

    /// The address that a `Location` header means, if it is on the same host.
    fn same_host(&self, location: &str) -> Option<String> {
        let address = resolve(&self.base, location)?;
        is_of_origin(&address, &self.base).then_some(address)
    }

    fn get_address(
        &self,
        address: &str,
        most: u64,
        encodings: Encodings,
    ) -> Result<Answer, FetchError> {
        let request = self
            .agent
            .get(address)
            .header("Origin", "null")
            .header("Cache-Control", "no-cache");
        let request = match encodings {
            Encodings::Identity => request,
            Encodings::OfBrowsers => request.header("Accept-Encoding", "gzip, deflate, br, zstd"),
        };
        let mut response = request.call().map_err(|error| request_error(&error))?;
        let headers = response.headers().iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_ascii_lowercase(), value)
        });
        let headers = headers.collect();
        let mut body = Vec::new();
        // Its headers are all that a compressed body is fetched for.
        if encodings == Encodings::Identity {
            let reader = response.body_mut().as_reader();
            let read = reader.take(most + 1).read_to_end(&mut body);
            read.map_err(|error| body_error(&error))?;
        }
        Ok(Answer {
            status: response.status().as_u16(),
            headers,
            body,
        })
    }
}

impl Answer {
    /// The values of a header, whose name is in lower case.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let headers = self.headers.iter();
        let named = headers.filter(move |(header, _)| header == name);
        named.map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(address: &str) -> Host {
        Host::new(address, Duration::from_secs(1)).unwrap().unwrap()
    }

    #[test]
    fn only_this_computer_needs_no_encryption() {
        for (address, is_this) in [
            ("http://localhost:8080/nik/", true),
            ("http://127.0.0.1/", true),
            ("http://[::1]:80/", true),
            ("http://example.org/", false),
            ("http://127.0.0.1.example.org/", false),
            ("http://192.168.0.7/", false),
        ] {
            assert_eq!(host(address).is_this_computer(), is_this, "{address}");
            assert!(!host(address).is_https());
        }
        assert!(host("HTTPS://example.org/").is_https());
    }

    #[test]
    fn a_redirect_is_followed_on_the_same_host_only() {
        let host = host("https://example.org/nik/");
        for (location, address) in [
            ("/nik/cek-nik", Some("https://example.org/nik/cek-nik")),
            ("cek-nik", Some("https://example.org/nik/cek-nik")),
            ("https://example.org/x", Some("https://example.org/x")),
            ("https://example.org.evil.example/x", None),
            ("https://other.example/x", None),
            ("http://example.org/x", None),
            ("//other.example/x", None),
        ] {
            assert_eq!(host.same_host(location).as_deref(), address, "{location}");
        }
    }
}
