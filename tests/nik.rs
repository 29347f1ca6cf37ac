//! Readings of tests/nik.json, natively and, by `make test-wasm`, in WebAssembly.

use serde_json::{Value, json};

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn every_reading() {
    let file: Value = serde_json::from_str(include_str!("nik.json")).expect("JSON");
    let cases = file["cases"].as_array().expect("cases");
    assert!(cases.len() >= 60, "cases are missing: {}", cases.len());
    for case in cases {
        let text = case["text"].as_str().expect("a text");
        let today = case.get("today").unwrap_or(&file["today"]);
        let today = today.as_str().expect("a date");
        assert_eq!(
            decode(text, today),
            expected(case, &file["warnings"]),
            "{}",
            case["case"]
        );
    }
}

/// The reading of a case, with full warnings: the cases have only their codes.
fn expected(case: &Value, warnings: &Value) -> Value {
    let mut expected = case["expect"].clone();
    if let Some(list) = expected.pointer_mut("/reading/warnings") {
        let codes = list.as_array().expect("warnings").clone();
        *list = codes.iter().map(|code| full(code, warnings)).collect();
    }
    expected
}

fn full(code: &Value, warnings: &Value) -> Value {
    let warning = &warnings[code.as_str().expect("a code")];
    json!({ "code": code, "severity": warning["severity"], "positions": warning["positions"] })
}

#[cfg(not(target_arch = "wasm32"))]
fn decode(text: &str, today: &str) -> Value {
    let today = today.parse().expect("a date");
    serde_json::to_value(cek_nik::nik::Decoded::of_text(text, today)).expect("JSON")
}

#[cfg(target_arch = "wasm32")]
fn decode(text: &str, today: &str) -> Value {
    let today: cek_nik::nik::Date = today.parse().expect("a date");
    let decoded = cek_nik::wasm::decode(text.to_owned(), today.year(), today.month(), today.day());
    let json = js_sys::JSON::stringify(&decoded.expect("a reading")).expect("JSON");
    serde_json::from_str(&String::from(json)).expect("JSON")
}

#[test]
fn every_warning_is_explained() {
    let explained = include_str!("../docs/NIK.md");
    for warning in cek_nik::nik::Warning::ALL {
        let positions = warning.positions();
        let row = format!(
            "| `{}` | {} to {} | {} |",
            warning.code(),
            positions.start(),
            positions.end(),
            warning.severity().name()
        );
        assert!(explained.contains(&row), "docs/NIK.md lacks: {row}");
    }
}
