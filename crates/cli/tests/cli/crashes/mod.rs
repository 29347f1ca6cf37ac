//! Commands that are killed, that find a full disk, or that run at once: a site is the old edition
//! or the new one, whole, and the next run succeeds. By the real command line and real signals.

mod at_once;
mod directories;
mod every_call;
mod full_disks;
mod killed;
mod moment;
