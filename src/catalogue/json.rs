//! Decoded JSON, seen through the few questions that a catalogue asks of it.

use alloc::string::String;
use alloc::vec::Vec;

/// Decoded JSON, whichever parser decoded it: the browser's own, or a native library.
pub trait Json: Sized {
    /// A field of an object; `None` where there is none, or `null`, or no object.
    fn field(&self, name: &str) -> Option<Self>;
    /// The value of a string.
    fn text(&self) -> Option<String>;
    /// The value of a number.
    fn number(&self) -> Option<f64>;
    /// The items of an array.
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
