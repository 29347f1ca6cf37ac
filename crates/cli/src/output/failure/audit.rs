//! Failures of an audit and of a verification.

use cek_nik::check::{FetchError, Reason};
use cek_nik_audit::error::AuditError;
use cek_nik_audit::verify::error::VerifyError;

use super::{Failure, io_words, of_path};
use crate::output::sanitize;
use crate::output::texts::Texts;

impl Failure for AuditError {
    fn code(&self) -> &'static str {
        "audit"
    }

    fn words(&self, texts: Texts) -> Option<String> {
        Some(match self {
            Self::NoSite { site } => of_path(texts, "/failure/audit/no_site", site),
            Self::List { .. } => return None,
            Self::CatalogueIsNoFile { site } => of_path(texts, "/failure/audit/no_file", site),
            Self::ReadCatalogue { site, source } => {
                let values = [
                    ("path", &*sanitize::path(site)),
                    ("cause", &*io_words(texts, source)),
                ];
                texts.fill("/failure/audit/unreadable", &values)
            }
            Self::OutOfMemory => texts.text("/failure/audit/out_of_memory").to_owned(),
            Self::Cancelled => texts.text("/failure/audit/cancelled").to_owned(),
        })
    }
}

impl Failure for VerifyError {
    fn code(&self) -> &'static str {
        "verify"
    }

    fn words(&self, texts: Texts) -> Option<String> {
        Some(match self {
            Self::Directory(error) => error.words(texts)?,
            // The address is not in the error.
            Self::Address(_) => return None,
            Self::NotAnAddress(text) => {
                texts.fill("/failure/verify/not_an_address", &[("address", text)])
            }
            Self::Host { address, reason } => {
                let why = texts.text(match reason {
                    Reason::CatalogueFetch(FetchError::Unreachable) => {
                        "/failure/verify/host/unreachable"
                    }
                    Reason::CatalogueFetch(FetchError::TimedOut) => {
                        "/failure/verify/host/timed_out"
                    }
                    Reason::CatalogueFetch(FetchError::Interrupted) => {
                        "/failure/verify/host/interrupted"
                    }
                    Reason::CatalogueFetch(FetchError::NotFound) => {
                        "/failure/verify/host/not_found"
                    }
                    _ => "/failure/verify/host/other",
                });
                let values = [("address", &**address), ("why", why)];
                texts.fill("/failure/verify/unreadable", &values)
            }
            Self::Cancelled => texts.text("/failure/verify/cancelled").to_owned(),
        })
    }
}
