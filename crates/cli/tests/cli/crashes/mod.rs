//! Commands that are killed: a site is the old edition or the new one, whole, and the next run
//! succeeds. By the real command line and real signals.

mod directories;
mod every_call;
mod killed;
mod moment;
