//! Errors of a verification.

use cek_nik::check::Reason;
use cek_nik_publisher::job::Cancelled;
use cek_nik_reader::address::AddressError;

use crate::error::AuditError;

/// Reason why a site cannot be verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The directory cannot be read.
    #[error(transparent)]
    Directory(#[from] AuditError),
    /// The address is none.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// A path in place of an address.
    #[error("{0} is not an address: it starts with https://")]
    NotAnAddress(String),
    /// The host did not give the catalogue.
    #[error("{}", describe(address, *.reason))]
    Host {
        /// The address of the catalogue.
        address: String,
        /// The reason.
        reason: Reason,
    },
    /// The verification was stopped on request.
    #[error("the verification was stopped")]
    Cancelled,
}

impl From<Cancelled> for VerifyError {
    fn from(Cancelled: Cancelled) -> Self {
        Self::Cancelled
    }
}

fn describe(address: &str, reason: Reason) -> String {
    let why = match reason.code() {
        "catalogue_unreachable" => {
            "the host did not answer; check the address, its certificate and your connection"
        }
        "catalogue_timed_out" => "the host took too long to answer; try again",
        "catalogue_interrupted" => "the connection ended in the middle of the file; try again",
        "catalogue_not_found" => {
            "there is no such file; give the address of the directory of the site"
        }
        _ => "the host answered with an error; try again, or look into its log",
    };
    format!("cannot read {address}: {why}")
}
