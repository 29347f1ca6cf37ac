//! Stopping when somebody asks for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

/// What Ctrl-C and termination set. The second time they end the process: whoever asks again does not want to wait for a list that
/// never comes.
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
