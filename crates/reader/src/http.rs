//! Site on a host, read over HTTP (feature `http`).

use std::io::{self, ErrorKind, Read};
use std::time::Duration;

use cek_nik::check::FetchError;
use flate2::read::GzDecoder;

/// Site on a host.
pub struct HttpSite {
    /// The address of the directory, with a trailing slash.
    base: String,
    /// The HTTP client, with its time limits.
    agent: ureq::Agent,
}

impl HttpSite {
    /// The site in a directory whose address ends in a slash.
    pub(crate) fn new(base: String, patience: Duration) -> Self {
        let is_https = base
            .get(..6)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"));
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .https_only(is_https)
            .timeout_resolve(Some(patience))
            .timeout_connect(Some(patience))
            .timeout_recv_response(Some(patience))
            .timeout_recv_body(Some(patience * 4))
            .user_agent("")
            .accept("")
            .accept_encoding("gzip")
            .build();
        Self {
            base,
            agent: config.new_agent(),
        }
    }

    /// The address of the directory, with a trailing slash.
    pub fn address(&self) -> &str {
        &self.base
    }

    /// Fetches a file of the site, at most one byte more than `most`: that byte shows that the file
    /// is too long.
    pub(crate) fn fetch(&self, path: &str, most: u64) -> Result<Vec<u8>, FetchError> {
        let mut bytes = Vec::new();
        let mut response = self
            .agent
            .get(format!("{}{path}", self.base))
            .header("Cache-Control", "no-cache")
            .call()
            .map_err(|error| request_error(&error))?;
        match response.status().as_u16() {
            200 => {}
            status => return Err(FetchError::of_status(status)),
        }
        let encoding = response.headers().get("Content-Encoding");
        let is_gzip = encoding.is_some_and(|encoding| encoding == "gzip");
        let body = response.body_mut().as_reader();
        let body: Box<dyn Read> = match is_gzip {
            true => Box::new(GzDecoder::new(body)),
            false => Box::new(body),
        };
        body.take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| body_error(&error))?;
        Ok(bytes)
    }
}

pub(crate) fn request_error(error: &ureq::Error) -> FetchError {
    match error {
        ureq::Error::Timeout(_) => FetchError::TimedOut,
        ureq::Error::Io(error)
            if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) =>
        {
            FetchError::TimedOut
        }
        _ => FetchError::Unreachable,
    }
}

pub(crate) fn body_error(error: &io::Error) -> FetchError {
    let timed_out = matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock)
        || error
            .get_ref()
            .and_then(|inner| inner.downcast_ref())
            .is_some_and(|inner| matches!(inner, ureq::Error::Timeout(_)));
    if timed_out {
        FetchError::TimedOut
    } else {
        FetchError::Interrupted
    }
}
