//! Progress of a call, as the page hears it.

use core::cell::Cell;

use js_sys::{Date, Function};
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::results::value;

/// The shortest time between two reports, in milliseconds: about that of one frame.
const PAUSE: f64 = 16.0;

#[wasm_bindgen]
extern "C" {
    /// Function of the page that hears how much has arrived.
    #[wasm_bindgen(extends = Function, typescript_type = "((transfer: Transfer) => void)")]
    pub type OnProgress;
}

/// Bytes that have arrived, and the length of all files, if known.
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

    /// Reports that so many bytes have arrived, unless the last report was a moment ago.
    pub(super) fn report(&self, received: u32) {
        // A clock that was set back must not silence the reports.
        if (Date::now() - self.reported.get()).abs() >= PAUSE {
            self.report_now(received);
        }
    }

    /// Reports that so many bytes have arrived, for the first and the last report of a file.
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
