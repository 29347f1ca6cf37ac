//! `catalogue.json` as the format asks publishers to write it: stricter than what clients accept.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use cek_nik_publisher::site::document::CatalogueDocument;

/// The deepest that a catalogue may be nested (FORMAT.md, 5.1).
const DEEPEST: usize = 32;

/// What a publisher must not write, though clients may read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Laxity {
    /// How many names stand twice in one object.
    pub repeated: usize,
    /// Whether it is nested deeper than allowed.
    pub too_deep: bool,
    /// Paths of what clients ignore: fields that they do not know, and fields for people of another type than expected.
    pub ignored: Vec<String>,
}

impl Laxity {
    /// Reads a file that clients accept.
    pub fn of(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let seen = Seen::default();
        let mut deserializer = serde_json::Deserializer::from_slice(bytes);
        // Clients have decoded it, so that this does too, as far as it may.
        let _ = Level {
            seen: &seen,
            depth: 1,
        }
        .deserialize(&mut deserializer);
        let mut ignored = Vec::new();
        if let Ok(value) = serde_json::from_slice::<Value>(bytes)
            && let Ok(document) = serde_json::from_value::<CatalogueDocument>(value.clone())
            && let Ok(read) = serde_json::to_value(document)
        {
            lost(&value, &read, "", &mut ignored);
        }
        Self {
            repeated: seen.repeated.get(),
            too_deep: seen.too_deep.get(),
            ignored,
        }
    }
}

/// Collects the paths of what stands in a file and not in what was read of it.
fn lost(file: &Value, read: &Value, path: &str, ignored: &mut Vec<String>) {
    match (file, read) {
        (Value::Object(file), Value::Object(read)) => {
            for (name, value) in file {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                match read.get(name) {
                    Some(read) => lost(value, read, &path, ignored),
                    None => ignored.push(path),
                }
            }
        }
        (Value::Array(file), Value::Array(read)) if file.len() == read.len() => {
            for (place, (file, read)) in file.iter().zip(read).enumerate() {
                lost(file, read, &format!("{path}[{place}]"), ignored);
            }
        }
        (Value::Number(file), Value::Number(read)) if file.as_f64() == read.as_f64() => {}
        (file, read) if file == read => {}
        _ => ignored.push(path.to_owned()),
    }
}

#[derive(Default)]
struct Seen {
    repeated: Cell<usize>,
    too_deep: Cell<bool>,
}

/// Looks at one value, at so many levels, and keeps nothing of it.
#[derive(Clone, Copy)]
struct Level<'a> {
    seen: &'a Seen,
    depth: usize,
}

impl Level<'_> {
    fn below(self) -> Self {
        self.seen
            .too_deep
            .set(self.seen.too_deep.get() || self.depth > DEEPEST);
        Self {
            depth: self.depth + 1,
            ..self
        }
    }
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let below = self.below();
        let mut names = HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if !names.insert(name) {
                self.seen.repeated.set(self.seen.repeated.get() + 1);
            }
            map.next_value_seed(below)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let below = self.below();
        while items.next_element_seed(below)?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(more: &str) -> String {
        format!(
            r#"{{ "format": "cek-nik catalogue", "version": 1, "identifier": "nik",
               "salt": "00112233445566778899aabbccddeeff", "kdf": {{ "name": "sha256" }}, "datasets": []{more} }}"#
        )
    }

    fn laxity(more: &str) -> Laxity {
        Laxity::of(catalogue(more).as_bytes())
    }

    #[test]
    fn nothing_is_lax_about_a_plain_one() {
        assert_eq!(
            laxity(r#", "publisher": { "name": "x", "contact": "", "url": "" }"#),
            Laxity::default()
        );
        let with_mark = format!("\u{feff}{}", catalogue(""));
        assert_eq!(Laxity::of(with_mark.as_bytes()), Laxity::default());
    }

    #[test]
    fn a_name_stands_twice() {
        assert_eq!(laxity(r#", "version": 1"#).repeated, 1);
        assert_eq!(
            laxity(r#", "a": { "b": 1, "b": [{ "b": 2, "c": 3, "c": 4 }] }"#).repeated,
            2
        );
    }

    #[test]
    fn thirty_two_levels_are_allowed() {
        let nested = |levels: usize| {
            // The catalogue itself is one.
            let arrays = levels - 1;
            laxity(&format!(
                ", \"a\": {}{}",
                "[".repeat(arrays),
                "]".repeat(arrays)
            ))
            .too_deep
        };
        assert!(!nested(32));
        assert!(nested(33));
    }

    #[test]
    fn what_clients_ignore_is_named() {
        let ignored = laxity(r#", "publisher": { "name": 7, "url": "x" }, "licence": "x""#).ignored;
        assert_eq!(ignored, ["publisher.name", "publisher.url", "licence"]);
    }
}
