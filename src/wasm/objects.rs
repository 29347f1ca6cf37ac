//! Plain objects for the page.
//!
//! They are written by hand: the serialiser of `serde-wasm-bindgen` would be a tenth of the module.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

use crate::check::Answer;

pub(super) fn answer(answer: &Answer) -> Object {
    let object = object([
        ("id", (&answer.dataset).into()),
        ("outcome", answer.outcome.name().into()),
    ]);
    if let Some(reason) = answer.outcome.reason() {
        set(&object, "reason", &reason.code().into());
    }
    if let Some(certainty) = answer.certainty {
        set(&object, "certainty", &certainty.into());
    }
    object
}

pub(super) fn object<const N: usize>(fields: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        set(&object, name, &value);
    }
    object
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a field of a new, plain object has no case that fails.
    let _ = Reflect::set(object, &name.into(), value);
}
