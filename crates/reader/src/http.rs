//! Site on a host, read over HTTP (feature `http`).

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cek_nik::check::FetchError;
use cek_nik::patience::Patience;
use flate2::read::GzDecoder;
use http::Response;
use ureq::Body;

use crate::address::{is_https, is_of_this_computer};
use crate::redirect::{is_of_origin, resolve};

/// Site on a host.
pub struct HttpSite {
    /// The address of the directory, with a trailing slash.
    base: String,
    /// The HTTP client. It follows no redirects.
    agent: ureq::Agent,
    /// Full patience, in milliseconds.
    patience: f64,
    state: Mutex<State>,
}

struct State {
    patience: Patience,
    /// Whether the host has answered, so that a connection may have been kept.
    has_answered: bool,
    is_hidden: bool,
    /// The last fault of the catalogue, by an empty id, and of each data set.
    faults: BTreeMap<String, HostFault>,
}

/// What is wrong with a host, where people need more than a [`FetchError`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostFault {
    /// It redirects to this address of another origin, which was not asked.
    OtherOrigin(String),
    /// It redirects again and again.
    RedirectLoop,
    /// Its certificate does not prove that it is the host of the address.
    Certificate,
    /// It answers with something that is not HTTP, or not encrypted where it should be.
    NotHttp,
    /// There is no such host, or no network.
    UnknownHost,
    /// Nothing listens at the address.
    Refused,
    /// The proxy of the environment does not connect.
    Proxy,
}

impl HostFault {
    /// The stable name, for programs and for the text files.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherOrigin(_) => "host_other_origin",
            Self::RedirectLoop => "host_redirect_loop",
            Self::Certificate => "host_certificate",
            Self::NotHttp => "host_not_http",
            Self::UnknownHost => "host_unknown",
            Self::Refused => "host_refused",
            Self::Proxy => "host_proxy",
        }
    }
}

/// Redirects that are followed for one file, as in browsers.
const MAX_REDIRECTS: usize = 20;

/// The length of the buffer for a file.
const BUFFER: usize = 1 << 16;

struct Failure {
    error: FetchError,
    fault: Option<HostFault>,
}

impl HttpSite {
    /// The site in a directory whose address ends in a slash.
    pub(crate) fn new(base: String, patience: Duration) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .https_only(is_https(&base))
            .max_redirects(0)
            .user_agent("")
            .accept("")
            .accept_encoding("gzip")
            .build();
        let patience = patience.as_secs_f64() * 1_000.0;
        Self {
            base,
            agent: config.new_agent(),
            patience,
            state: Mutex::new(State {
                patience: Patience::new(patience),
                has_answered: false,
                is_hidden: false,
                faults: BTreeMap::new(),
            }),
        }
    }

    /// The address of the directory, with a trailing slash.
    pub fn address(&self) -> &str {
        &self.base
    }

    /// Whether others on the network can read and change what the host sends: without HTTPS, unless
    /// the host is this computer.
    pub fn is_unprotected(&self) -> bool {
        !is_https(&self.base) && !is_of_this_computer(&self.base)
    }

    /// Whether a file came without the header that lets browsers read it on other sites.
    pub fn is_hidden_from_browsers(&self) -> bool {
        self.state().is_hidden
    }

    /// What is wrong with the host, where the last request for the catalogue, or for a shard of a
    /// data set, has failed for that reason.
    pub fn fault(&self, dataset: Option<&str>) -> Option<HostFault> {
        let state = self.state();
        state.faults.get(dataset.unwrap_or_default()).cloned()
    }

    /// Begins another check: it has the full patience again.
    pub fn renew_patience(&self) {
        self.state().patience = Patience::new(self.patience);
    }

    /// Fetches a file of the site, at most one byte more than `most`: that byte shows that the file
    /// is too long.
    pub(crate) fn fetch(&self, path: &str, most: u64) -> Result<Vec<u8>, FetchError> {
        let dataset = path.split('/').nth(1).unwrap_or_default();
        let fetched = self.follow(path, most);
        let mut state = self.state();
        fetched
            .inspect(|_| {
                state.faults.remove(dataset);
            })
            .map_err(|Failure { error, fault }| {
                state.faults.remove(dataset);
                if let Some(fault) = fault {
                    state.faults.insert(dataset.to_owned(), fault);
                }
                error
            })
    }

    /// Fetches a file, also behind redirects within the origin. Another origin would learn the
    /// prefix.
    fn follow(&self, path: &str, most: u64) -> Result<Vec<u8>, Failure> {
        let mut address = format!("{}{path}", self.base);
        for _ in 0..=MAX_REDIRECTS {
            let response = self.request(&address)?;
            let header = |name| response.headers().get(name)?.to_str().ok();
            match response.status().as_u16() {
                200 => {
                    self.state().is_hidden |= header("Access-Control-Allow-Origin") != Some("*");
                    return self.body(response, most);
                }
                status @ (301 | 302 | 303 | 307 | 308) => {
                    let location = header("Location").ok_or(FetchError::of_status(status))?;
                    let target = resolve(&address, location).ok_or(HostFault::NotHttp)?;
                    if !is_of_origin(&target, &address) {
                        return Err(HostFault::OtherOrigin(target).into());
                    }
                    address = target;
                }
                status => return Err(FetchError::of_status(status).into()),
            }
        }
        Err(HostFault::RedirectLoop.into())
    }

    /// Requests an address, once more if the host has closed a connection that was kept.
    fn request(&self, address: &str) -> Result<Response<Body>, Failure> {
        let mut may_be_closed = self.state().has_answered;
        loop {
            let left = self.patience_left()?;
            let started = Instant::now();
            let result = self
                .agent
                .get(address)
                .config()
                .timeout_resolve(Some(left))
                .timeout_connect(Some(left))
                .timeout_recv_response(Some(left))
                .timeout_per_read(Some(left))
                .timeout_per_write(Some(left))
                .build()
                .header("Cache-Control", "no-cache")
                .call();
            match result {
                Ok(response) => {
                    self.spend(started, Patience::ANSWER);
                    self.state().has_answered = true;
                    return Ok(response);
                }
                Err(error) if may_be_closed && is_closed(&error) => may_be_closed = false,
                Err(error) => {
                    self.spend(started, 0);
                    return Err(self.failure(&error));
                }
            }
        }
    }

    fn body(&self, mut response: Response<Body>, most: u64) -> Result<Vec<u8>, Failure> {
        let encoding = response.headers().get("Content-Encoding");
        let is_gzip = encoding.is_some_and(|encoding| encoding == "gzip");
        let body = response.body_mut().as_reader();
        let body: Box<dyn Read> = match is_gzip {
            true => Box::new(GzDecoder::new(body)),
            false => Box::new(body),
        };
        let mut reader = body.take(most + 1);
        let mut bytes = Vec::new();
        let mut buffer = vec![0; BUFFER];
        loop {
            let started = Instant::now();
            let read = reader.read(&mut buffer).map_err(|error| {
                if is_timeout(&error) {
                    self.state().patience = Patience::new(0.0);
                }
                body_error(&error)
            })?;
            self.spend(started, read);
            bytes.extend(buffer.iter().take(read));
            if read == 0 {
                return Ok(bytes);
            }
            self.patience_left()?;
        }
    }

    fn failure(&self, error: &ureq::Error) -> Failure {
        let inner = match error {
            ureq::Error::Io(error) => Some(error),
            _ => None,
        };
        let words = error.to_string();
        match error {
            ureq::Error::Timeout(_) => {
                self.state().patience = Patience::new(0.0);
                FetchError::TimedOut.into()
            }
            ureq::Error::HostNotFound => HostFault::UnknownHost.into(),
            ureq::Error::ConnectProxyFailed(_) => HostFault::Proxy.into(),
            _ if inner.is_some_and(is_timeout) => {
                self.state().patience = Patience::new(0.0);
                FetchError::TimedOut.into()
            }
            // Of a resolver that cannot be asked; its error has no kind.
            _ if words.contains("failed to lookup address") => HostFault::UnknownHost.into(),
            _ if words.contains("invalid peer certificate") => HostFault::Certificate.into(),
            ureq::Error::Protocol(_) | ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
                HostFault::NotHttp.into()
            }
            _ => match inner.map(io::Error::kind) {
                Some(ErrorKind::ConnectionRefused) => HostFault::Refused.into(),
                Some(ErrorKind::InvalidData) => HostFault::NotHttp.into(),
                _ => FetchError::Unreachable.into(),
            },
        }
    }

    fn patience_left(&self) -> Result<Duration, FetchError> {
        let left = self.state().patience.left();
        if left < 1.0 {
            return Err(FetchError::TimedOut);
        }
        Ok(Duration::from_secs_f64(left / 1_000.0))
    }

    fn spend(&self, started: Instant, received: usize) {
        let waited = started.elapsed().as_secs_f64() * 1_000.0;
        self.state().patience.spend(waited, received);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        Self { error, fault: None }
    }
}

impl From<HostFault> for Failure {
    fn from(fault: HostFault) -> Self {
        Self {
            error: FetchError::Unreachable,
            fault: Some(fault),
        }
    }
}

/// Whether the host has closed the connection before it answered.
fn is_closed(error: &ureq::Error) -> bool {
    let ureq::Error::Io(error) = error else {
        return false;
    };
    matches!(
        error.kind(),
        ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
    )
}

pub(crate) fn request_error(error: &ureq::Error) -> FetchError {
    match error {
        ureq::Error::Timeout(_) => FetchError::TimedOut,
        ureq::Error::Io(error) if is_timeout(error) => FetchError::TimedOut,
        _ => FetchError::Unreachable,
    }
}

pub(crate) fn body_error(error: &io::Error) -> FetchError {
    match is_timeout(error) {
        true => FetchError::TimedOut,
        false => FetchError::Interrupted,
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock)
        || error
            .get_ref()
            .and_then(|inner| inner.downcast_ref())
            .is_some_and(|inner| matches!(inner, ureq::Error::Timeout(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_computer_is_reached_safely_without_https() {
        let site = |base: &str| HttpSite::new(base.to_owned(), Duration::from_secs(1));
        for safe in [
            "https://example.org/",
            "http://localhost:8080/",
            "http://127.0.0.1/",
            "http://[::1]:8080/nik/",
        ] {
            assert!(!site(safe).is_unprotected(), "{safe}");
        }
        for unsafe_ in [
            "http://example.org/",
            "http://10.0.0.1/",
            "HTTP://localhost.example/",
        ] {
            assert!(site(unsafe_).is_unprotected(), "{unsafe_}");
        }
    }
}
