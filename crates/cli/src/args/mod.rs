//! Options that several commands share.

pub mod common_args;
