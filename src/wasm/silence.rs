//! Limit of silence: a request ends when its host says nothing for a while.

use core::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal};

use crate::check::FetchError;

/// How long a host may be silent, in milliseconds.
const LONGEST_SILENCE: i32 = 20_000;

#[wasm_bindgen]
extern "C" {
    // Windows, workers and Node have both in their global scope. Node's timers are objects.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// Limit of silence of one request, which the caller's signal aborts, too.
pub(super) struct SilenceLimit {
    controller: AbortController,
    abort: Closure<dyn FnMut()>,
    callers: Option<AbortSignal>,
    timer: RefCell<JsValue>,
}

impl SilenceLimit {
    /// Starts the clock.
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

    /// Starts the clock again: a slow network is not a silent one.
    pub(super) fn restart(&self) {
        let timer = set_timeout(self.callback(), LONGEST_SILENCE);
        clear_timeout(&self.timer.replace(timer));
    }

    /// Ends the request.
    pub(super) fn abort(&self) {
        self.controller.abort();
    }

    /// Why the request has failed: silence, the caller's signal, or else `other`.
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
