//! Date of a build.

use anyhow::Context;
use cek_nik::nik::Date;

/// Today in UTC, or the date of `SOURCE_DATE_EPOCH`, which makes a site reproducible.
pub fn today() -> anyhow::Result<Date> {
    let now = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => seconds
            .parse()
            .ok()
            .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
            .context("SOURCE_DATE_EPOCH must be a number of seconds since 1970")?,
        Err(_) => jiff::Timestamp::now(),
    };
    let date = now.strftime("%Y-%m-%d").to_string();
    date.parse()
        .context("the clock of this computer has no valid date; set it")
}
