//! Decoded JSON, as the catalogue reads it.
//!
//! The core has no JSON parser. `examples/check_directory.rs` implements [`Json`] for `serde_json`:
//!
//! ```
//! use cek_nik::catalogue::json_access::Json;
//!
//! struct Value<'a>(&'a serde_json::Value);
//!
//! impl Json for Value<'_> {
//!     fn field(&self, name: &str) -> Option<Self> {
//!         self.0.get(name).filter(|value| !value.is_null()).map(Value)
//!     }
//!     fn text(&self) -> Option<String> {
//!         self.0.as_str().map(str::to_owned)
//!     }
//!     fn number(&self) -> Option<f64> {
//!         self.0.as_f64()
//!     }
//!     fn items(&self) -> Option<Vec<Self>> {
//!         Some(self.0.as_array()?.iter().map(Value).collect())
//!     }
//! }
//!
//! let json = serde_json::json!({ "version": 1 });
//! assert_eq!(Value(&json).field("version").and_then(|version| version.number()), Some(1.0));
//! ```

use alloc::string::String;
use alloc::vec::Vec;

/// Decoded JSON of any parser: the browser's own, or a native library.
pub trait Json: Sized {
    /// A field of an object; `None` for a missing field, for `null`, and for anything but an
    /// object.
    fn field(&self, name: &str) -> Option<Self>;
    /// The value of a string; `None` for anything else.
    fn text(&self) -> Option<String>;
    /// The value of a number; `None` for anything else.
    fn number(&self) -> Option<f64>;
    /// The items of an array; `None` for anything else.
    fn items(&self) -> Option<Vec<Self>>;
}

/// The largest whole number that every JSON parser keeps exact: 2^53 - 1.
const LARGEST_EXACT: f64 = 9_007_199_254_740_991.0;

/// A whole number from zero to the largest that JSON keeps exact.
pub(crate) fn whole(json: &impl Json) -> Option<u64> {
    let number = json.number()?;
    let whole = number as u64;
    let exact = (0.0..=LARGEST_EXACT).contains(&number) && whole as f64 == number;
    exact.then_some(whole)
}
