//! Stopping on Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

/// A flag that Ctrl-C and termination set. The second signal ends the process at once, which may be
/// waiting for input that never comes.
pub fn on_signal() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    ctrlc::set_handler({
        let stop = stop.clone();
        move || {
            if stop.swap(true, Ordering::Relaxed) {
                std::process::exit(i32::from(crate::exit_status::FAILURE));
            }
        }
    })
    .context("cannot catch Ctrl-C")?;
    Ok(stop)
}
