//! Time limit of a request: it ends when the call has no more patience with its host.

use core::cell::{Cell, RefCell};

use js_sys::{Date, Function};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal};

use crate::check::FetchError;
use crate::patience::Patience;

#[wasm_bindgen]
extern "C" {
    // Windows, workers and Node have both in their global scope. The timers of Node are objects.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// Time limit of one request. The caller's signal also aborts the request.
pub(super) struct TimeLimit<'a> {
    /// The patience that all requests of the call share.
    patience: &'a Cell<Patience>,
    /// When the wait began that `patience` does not count yet.
    since: Cell<f64>,
    controller: AbortController,
    abort: Closure<dyn FnMut()>,
    callers: Option<&'a AbortSignal>,
    timer: RefCell<JsValue>,
}

impl<'a> TimeLimit<'a> {
    /// Starts the timeout.
    pub(super) fn new(
        patience: &'a Cell<Patience>,
        callers: Option<&'a AbortSignal>,
    ) -> Result<Self, FetchError> {
        let controller = AbortController::new().map_err(|_| FetchError::Unreachable)?;
        let aborted = controller.clone();
        let limit = Self {
            patience,
            since: Cell::new(Date::now()),
            controller,
            abort: Closure::new(move || aborted.abort()),
            callers,
            timer: RefCell::default(),
        };
        if let Some(callers) = callers {
            if callers.aborted() {
                limit.abort();
            }
            let _ = callers.add_event_listener_with_callback("abort", limit.callback());
        }
        limit.receive(0);
        Ok(limit)
    }

    /// The signal of the request.
    pub(super) fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// Counts the wait and the bytes that ended it, and restarts the timeout.
    pub(super) fn receive(&self, bytes: usize) {
        let timer = set_timeout(self.callback(), self.spend(bytes));
        clear_timeout(&self.timer.replace(timer));
    }

    /// Ends the request.
    pub(super) fn abort(&self) {
        self.controller.abort();
    }

    /// The reason why the request failed: the caller's signal, patience used up, or else `other`.
    pub(super) fn reason_or(&self, other: FetchError) -> FetchError {
        if self.callers.is_some_and(AbortSignal::aborted) {
            FetchError::Interrupted
        } else if self.controller.signal().aborted() {
            // The clock may say that a millisecond is left.
            self.patience.set(Patience::new(0.0));
            FetchError::TimedOut
        } else {
            other
        }
    }

    /// Returns the milliseconds left.
    fn spend(&self, bytes: usize) -> f64 {
        let mut patience = self.patience.get();
        let now = Date::now();
        patience.spend(now - self.since.replace(now), bytes);
        self.patience.set(patience);
        patience.left()
    }

    fn callback(&self) -> &Function {
        self.abort.as_ref().unchecked_ref()
    }
}

impl Drop for TimeLimit<'_> {
    fn drop(&mut self) {
        self.spend(0);
        clear_timeout(&self.timer.borrow());
        if let Some(callers) = self.callers {
            let _ = callers.remove_event_listener_with_callback("abort", self.callback());
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn full() -> Cell<Patience> {
        Cell::new(Patience::new(Patience::OF_PAGES))
    }

    #[wasm_bindgen_test]
    fn the_signal_of_the_caller_aborts_the_request() {
        let (patience, controller) = (full(), AbortController::new().unwrap());
        let callers = controller.signal();
        let limit = TimeLimit::new(&patience, Some(&callers)).unwrap();
        assert!(!limit.signal().aborted());
        let other = limit.reason_or(FetchError::Unreachable);
        assert_eq!(other, FetchError::Unreachable);
        controller.abort();
        assert!(limit.signal().aborted());
        let reason = limit.reason_or(FetchError::Unreachable);
        assert_eq!(reason, FetchError::Interrupted);
        assert!(patience.get().left() > 0.0);
    }

    #[wasm_bindgen_test]
    fn a_signal_that_has_aborted_stops_the_request_before_it_begins() {
        let (patience, controller) = (full(), AbortController::new().unwrap());
        controller.abort();
        let callers = controller.signal();
        let limit = TimeLimit::new(&patience, Some(&callers)).unwrap();
        assert!(limit.signal().aborted());
    }

    #[wasm_bindgen_test]
    fn silence_is_a_timeout_and_leaves_no_patience_for_the_next_request() {
        let patience = full();
        let limit = TimeLimit::new(&patience, None).unwrap();
        limit.abort();
        let reason = limit.reason_or(FetchError::Interrupted);
        assert_eq!(reason, FetchError::TimedOut);
        drop(limit);
        assert!(patience.get().left() <= 0.0);
    }

    #[wasm_bindgen_test]
    fn what_arrives_renews_the_patience_of_all_requests() {
        let patience = full();
        let mut waited = patience.get();
        waited.spend(15_000.0, 0);
        patience.set(waited);
        let limit = TimeLimit::new(&patience, None).unwrap();
        limit.receive(Patience::ANSWER);
        drop(limit);
        let left = patience.get().left();
        assert!((7_000.0..=8_000.0).contains(&left), "{left}");
    }
}
