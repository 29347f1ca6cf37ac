//! Silence limit: a request ends when its host sends nothing for 20 seconds.

use core::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal};

use crate::check::FetchError;

/// Milliseconds that a host may be silent.
const LONGEST_SILENCE: i32 = 20_000;

#[wasm_bindgen]
extern "C" {
    // Windows, workers and Node have both in their global scope. The timers of Node are objects.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// Silence limit of one request. The caller's signal also aborts the request.
pub(super) struct SilenceLimit {
    controller: AbortController,
    abort: Closure<dyn FnMut()>,
    callers: Option<AbortSignal>,
    timer: RefCell<JsValue>,
}

impl SilenceLimit {
    /// Starts the timeout.
    pub(super) fn new(callers: Option<&AbortSignal>) -> Result<Self, FetchError> {
        let controller = AbortController::new().map_err(|_| FetchError::Unreachable)?;
        let aborted = controller.clone();
        let limit = Self {
            controller,
            abort: Closure::new(move || aborted.abort()),
            callers: callers.cloned(),
            timer: RefCell::default(),
        };
        if let Some(callers) = callers {
            if callers.aborted() {
                limit.abort();
            }
            let _ = callers.add_event_listener_with_callback("abort", limit.callback());
        }
        limit.restart();
        Ok(limit)
    }

    /// The signal of the request.
    pub(super) fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// Restarts the timeout: a slow network is not a dead one.
    pub(super) fn restart(&self) {
        let timer = set_timeout(self.callback(), LONGEST_SILENCE);
        clear_timeout(&self.timer.replace(timer));
    }

    /// Ends the request.
    pub(super) fn abort(&self) {
        self.controller.abort();
    }

    /// The reason why the request failed: the caller's signal, silence, or else `other`.
    pub(super) fn reason_or(&self, other: FetchError) -> FetchError {
        if self.callers.as_ref().is_some_and(AbortSignal::aborted) {
            FetchError::Interrupted
        } else if self.controller.signal().aborted() {
            FetchError::TimedOut
        } else {
            other
        }
    }

    fn callback(&self) -> &Function {
        self.abort.as_ref().unchecked_ref()
    }
}

impl Drop for SilenceLimit {
    fn drop(&mut self) {
        clear_timeout(&self.timer.borrow());
        if let Some(callers) = &self.callers {
            let _ = callers.remove_event_listener_with_callback("abort", self.callback());
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_signal_of_the_caller_aborts_the_request() {
        let callers = AbortController::new().unwrap();
        let limit = SilenceLimit::new(Some(&callers.signal())).unwrap();
        assert!(!limit.signal().aborted());
        let other = limit.reason_or(FetchError::Unreachable);
        assert_eq!(other, FetchError::Unreachable);
        callers.abort();
        assert!(limit.signal().aborted());
        let reason = limit.reason_or(FetchError::Unreachable);
        assert_eq!(reason, FetchError::Interrupted);
    }

    #[wasm_bindgen_test]
    fn a_signal_that_has_aborted_stops_the_request_before_it_begins() {
        let callers = AbortController::new().unwrap();
        callers.abort();
        let limit = SilenceLimit::new(Some(&callers.signal())).unwrap();
        assert!(limit.signal().aborted());
    }

    #[wasm_bindgen_test]
    fn silence_is_a_timeout() {
        let limit = SilenceLimit::new(None).unwrap();
        limit.abort();
        let reason = limit.reason_or(FetchError::Interrupted);
        assert_eq!(reason, FetchError::TimedOut);
    }
}
