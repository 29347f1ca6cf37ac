//! Progress of a call, reported to the page.

use core::cell::Cell;

use js_sys::{Date, Function};
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::results::value;

/// The shortest time between two reports in milliseconds: about one frame.
const PAUSE: f64 = 16.0;

#[wasm_bindgen]
extern "C" {
    /// Function of the page that gets the number of bytes received.
    #[wasm_bindgen(extends = Function, typescript_type = "((transfer: Transfer) => void)")]
    pub type OnProgress;
}

/// Bytes received, and the length of all files. It is known for lists, not for the catalogue.
#[derive(Serialize, Tsify)]
pub struct Transfer {
    received: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    total: Option<u32>,
}

/// Reporter of progress.
pub(super) struct Progress {
    listener: Option<OnProgress>,
    total: Cell<Option<u32>>,
    /// The time of the last report, in milliseconds.
    reported: Cell<f64>,
}

impl Progress {
    pub(super) fn new(listener: Option<OnProgress>) -> Self {
        Self {
            listener,
            total: Cell::default(),
            reported: Cell::default(),
        }
    }

    /// Sets the length of all files, in bytes.
    pub(super) fn expect(&self, total: usize) {
        self.total.set(u32::try_from(total).ok());
    }

    /// Reports the bytes received so far, unless the last report was less than 16 ms ago.
    pub(super) fn report(&self, received: u32) {
        // A clock that was set back must not silence the reports.
        if (Date::now() - self.reported.get()).abs() >= PAUSE {
            self.report_now(received);
        }
    }

    /// Reports the bytes received so far, at the beginning and at the end of a file.
    pub(super) fn report_now(&self, received: u32) {
        let Some(listener) = &self.listener else {
            return;
        };
        self.reported.set(Date::now());
        let total = self.total.get();
        if let Ok(transfer) = value(&Transfer { received, total }) {
            // A listener that throws does not stop the transfer.
            let _ = listener.call1(&JsValue::UNDEFINED, &transfer.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::rc::Rc;
    use alloc::vec::Vec;
    use core::cell::RefCell;

    use js_sys::Reflect;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// The reports that a listener gets from `work`: bytes received and all bytes.
    fn reports(work: impl FnOnce(Progress)) -> Vec<(Option<f64>, Option<f64>)> {
        let reports = Rc::new(RefCell::new(Vec::new()));
        let heard = Rc::clone(&reports);
        let listener = Closure::<dyn FnMut(JsValue)>::new(move |transfer: JsValue| {
            let field = |name: &str| Reflect::get(&transfer, &name.into()).unwrap().as_f64();
            heard.borrow_mut().push((field("received"), field("total")));
        });
        let function: &Function = listener.as_ref().unchecked_ref();
        work(Progress::new(Some(function.clone().unchecked_into())));
        reports.take()
    }

    #[wasm_bindgen_test]
    fn reports_the_length_of_all_files_once_it_is_known() {
        let found = reports(|progress| {
            progress.report_now(1);
            progress.expect(9);
            progress.report_now(3);
        });
        assert_eq!(found, [(Some(1.0), None), (Some(3.0), Some(9.0))]);
    }

    #[wasm_bindgen_test]
    fn goes_on_after_a_listener_that_throws() {
        let listener = Function::new_no_args("throw 1");
        let progress = Progress::new(Some(listener.unchecked_into()));
        progress.report_now(1);
    }
}
