//! Task of the page: it stops at each file that it needs, and continues when the page has delivered
//! it.
//!
//! So the module needs no network, no clock and no promises: the page fetches, and reports the
//! result.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

use js_sys::Object;
use wasm_bindgen::prelude::*;

use super::failure::Failure;
use super::files::Files;
use super::objects::object;
use crate::check::FetchError;

/// Running task, see `Task` in the TypeScript types.
#[wasm_bindgen(js_name = RunningTask)]
pub struct Task {
    files: Rc<Files>,
    work: Pin<Box<dyn Future<Output = Object>>>,
}

impl Task {
    pub(super) fn new(files: Rc<Files>, work: impl Future<Output = Object> + 'static) -> Self {
        let work = Box::pin(work);
        Self { files, work }
    }
}

#[wasm_bindgen(js_class = RunningTask)]
impl Task {
    /// Runs to the next file that the task needs, or to its end.
    #[wasm_bindgen(unchecked_return_type = "Step<unknown>")]
    pub fn step(&mut self) -> Object {
        let mut context = Context::from_waker(Waker::noop());
        match self.work.as_mut().poll(&mut context) {
            Poll::Ready(result) => object([("result", result.into())]),
            Poll::Pending => object([("wanted", self.files.wanted())]),
        }
    }

    /// Delivers the file: all of it, or more than its longest length.
    pub fn receive(&self, bytes: Vec<u8>) {
        self.files.bring(Ok(bytes));
    }

    /// Reports that the host answered with a status other than 200.
    pub fn refuse(&self, status: u16) {
        self.files.bring(Err(FetchError::of_status(status)));
    }

    /// Reports that the file did not arrive, or not completely.
    pub fn fail(&self, failure: Failure) {
        self.files.bring(Err(failure.into()));
    }
}
