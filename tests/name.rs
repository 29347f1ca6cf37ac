//! Words of tests/name.json, natively and, by `make test-wasm`, in WebAssembly.

use serde_json::{Value, json};

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn every_word() {
    let file: Value = serde_json::from_str(include_str!("name.json")).expect("JSON");
    let cases = file["cases"].as_array().expect("cases");
    assert!(cases.len() >= 120, "cases are missing: {}", cases.len());
    for case in cases {
        let text = case["text"].as_str().expect("a text");
        assert_eq!(read(text), case["expect"], "{}", case["case"]);
    }
}

/// A name longer than any text box, without an end of the search: neither stack nor time runs out.
#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn a_very_long_name() {
    let titles = "Hj. ".repeat(250_000);
    assert_eq!(read(&titles), json!({ "error": "no_word" }));
    assert_eq!(read(&(titles + "SITI")), json!({ "word": "SITI" }));
    assert_eq!(
        read(&"A".repeat(1_000_000)),
        json!({ "error": "word_too_long" })
    );
}

#[cfg(not(target_arch = "wasm32"))]
fn read(text: &str) -> Value {
    use cek_nik::name::NameWord;
    match NameWord::parse(text) {
        Ok(word) => json!({ "word": word.letters() }),
        Err(error) => json!({ "error": error.code() }),
    }
}

#[cfg(target_arch = "wasm32")]
fn read(text: &str) -> Value {
    let read = cek_nik::wasm::read_name(decomposed(text)).expect("an object");
    let json = js_sys::JSON::stringify(&read).expect("JSON");
    serde_json::from_str(&String::from(json)).expect("JSON")
}

/// The engine's NFKD, as on the page.
#[cfg(target_arch = "wasm32")]
fn decomposed(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFKD").into()
}
