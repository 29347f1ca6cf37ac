//! Exit statuses that commands share.

/// The exit status of everything that went wrong: in `check`, "could not check".
pub const FAILURE: u8 = 2;
