//! Exit statuses that commands share.

/// The exit status of a failure. In `check`, it means "could not check".
pub const FAILURE: u8 = 2;
