//! The day on which a command runs.

use anyhow::Context;
use cek_nik::nik::Date;

/// The day of the build, or the one that `SOURCE_DATE_EPOCH` names, so that the whole site can be reproduced.
pub fn today() -> anyhow::Result<Date> {
    let now = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => seconds
            .parse()
            .ok()
            .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
            .context("SOURCE_DATE_EPOCH must be seconds since 1970")?,
        Err(_) => jiff::Timestamp::now(),
    };
    let date = now.strftime("%Y-%m-%d").to_string();
    date.parse()
        .context("the clock of this computer shows no date")
}
