//! What the page has started: it stops at each file that it needs, and goes on with what the page
//! brings.
//!
//! So the module needs neither network nor clock, and no promises: the page fetches, and says what
//! came of it.

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

/// Something under way, see `Task` in the TypeScript types.
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
    /// Goes on to the next file that it needs, or to its end.
    #[wasm_bindgen(unchecked_return_type = "Step<unknown>")]
    pub fn step(&mut self) -> Object {
        let mut context = Context::from_waker(Waker::noop());
        match self.work.as_mut().poll(&mut context) {
            Poll::Ready(result) => object([("result", result.into())]),
            Poll::Pending => object([("wanted", self.files.wanted())]),
        }
    }

    /// Brings the file: all of it, or more than it may be long.
    pub fn receive(&self, bytes: Vec<u8>) {
        self.files.bring(Ok(bytes));
    }

    /// Says that the host answered with a status other than 200.
    pub fn refuse(&self, status: u16) {
        self.files.bring(Err(FetchError::of_status(status)));
    }

    /// Says that the file did not come, or not to the end.
    pub fn fail(&self, failure: Failure) {
        self.files.bring(Err(failure.into()));
    }
}
