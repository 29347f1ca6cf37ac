//! JSON Lines: one object a line, whose keys are the columns.

use std::fmt;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use serde::Deserializer;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use super::decode_error::DecodeError;
use super::records::{Record, RecordSource};

/// A longer line is not a row.
const LONGEST_LINE: u64 = 1 << 20;
/// More keys than columns that a list has.
const MOST_KEYS: usize = 1_000;

/// The objects of a text, under a heading of the keys of its first objects.
pub(super) struct JsonLines<R> {
    text: BufReader<R>,
    keys: Vec<String>,
    has_heading: bool,
    line: u64,
}

/// Whether the first line of a list is an object, and not the only line with all rows in it.
pub(super) fn is_json_lines(head: &[u8]) -> bool {
    let mut lines = head
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty());
    let first = lines.next();
    let holds_rows = |line: &[u8]| memchr::memmem::find(line, b"[{").is_some();
    if lines.next().is_none() && first.is_some_and(holds_rows) {
        return false;
    }
    first.is_some_and(|line| object(line).is_some())
}

impl<R: Read> JsonLines<io::Chain<Cursor<Vec<u8>>, R>> {
    /// Takes the keys from `head`, the beginning of the text.
    ///
    /// # Errors
    ///
    /// [`DecodeError::Json`] with more keys than a list has columns.
    pub(super) fn new(head: Vec<u8>, rest: R) -> io::Result<Self> {
        let mut keys = Vec::new();
        for (line, number) in head.split(|&byte| byte == b'\n').zip(1..) {
            let Some(members) = object(line) else {
                continue;
            };
            for (key, _) in members {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
            if keys.len() > MOST_KEYS {
                let (line, most) = (number, MOST_KEYS);
                return Err(DecodeError::JsonKeys { line, most }.into());
            }
        }
        Ok(Self {
            text: BufReader::new(Cursor::new(head).chain(rest)),
            keys,
            has_heading: false,
            line: 0,
        })
    }
}

impl<R: Read> RecordSource for JsonLines<R> {
    fn next(&mut self, record: &mut Record) -> io::Result<bool> {
        if !self.has_heading {
            self.has_heading = true;
            self.keys.iter().for_each(|key| record.push(key));
            return Ok(true);
        }
        let mut line = Vec::new();
        (&mut self.text)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(false);
        }
        self.line += 1;
        let line = line.trim_ascii();
        if line.is_empty() {
            return Ok(true);
        }
        let Some(members) = object(line) else {
            return Err(DecodeError::Json { line: self.line }.into());
        };
        for key in &self.keys {
            let value = members.iter().find(|(found, _)| found == key);
            record.push(value.map_or("", |(_, value)| value));
        }
        // A key that is new, where another is missing, or that is there twice: the value may be
        // somebody's NIK. A field too many has the row rejected, if it is not empty: a row of
        // nothing but empty fields is set aside.
        let known = self.keys.iter().filter(|key| has(&members, key)).count();
        if members.len() > known && known < self.keys.len() || has_repeated(&members) {
            record.push("?");
        }
        Ok(true)
    }
}

type Member = (String, String);

fn has(members: &[Member], key: &str) -> bool {
    members.iter().any(|(found, _)| found == key)
}

fn has_repeated(members: &[Member]) -> bool {
    let mut rest = members;
    while let [(key, _), more @ ..] = rest {
        if has(more, key) {
            return true;
        }
        rest = more;
    }
    false
}

/// The members of an object; `None` for a line that is not one object.
fn object(line: &[u8]) -> Option<Vec<Member>> {
    let line = String::from_utf8_lossy(line);
    let mut deserializer = serde_json::Deserializer::from_str(&line);
    let members = deserializer.deserialize_map(Members).ok()?;
    deserializer.end().ok()?;
    Some(members)
}

/// Reads an object with all its keys, also those that are there twice.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<Member>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
            members.push((key, text(value.get())));
        }
        Ok(members)
    }
}

/// A value as text: numbers with all their digits, as they are written.
fn text(value: &str) -> String {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct MongoNumber {
        #[serde(rename = "$numberLong")]
        digits: String,
    }
    match value.as_bytes().first() {
        Some(b'n') => String::new(),
        // Half a character, such as `\ud83d`, must have the row rejected: an empty field may not.
        Some(b'"') => {
            serde_json::from_str(value).unwrap_or_else(|_| char::REPLACEMENT_CHARACTER.into())
        }
        Some(b'{') => match serde_json::from_str::<MongoNumber>(value) {
            Ok(number) => number.digits,
            Err(_) => value.to_owned(),
        },
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::input::formats::records::RecordReader;

    fn delimited(list: &str) -> String {
        // The keys are known after the first two lines.
        let end = list
            .match_indices('\n')
            .nth(1)
            .map_or(list.len(), |(at, _)| at + 1);
        let (head, rest) = list.split_at(end);
        let objects = JsonLines::new(head.into(), rest.as_bytes()).unwrap();
        let mut text = String::new();
        RecordReader::new(objects, &Arc::default())
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    #[test]
    fn keys_of_the_first_objects_are_the_columns() {
        let list = r#"{"nik": "1", "nama": null}
{"kota": "K \"A\"\n", "nik": 2.50}
{"nik": "3", "lain": [4]}
"#;
        let text =
            "nik,nama,kota\n1,\"\",\"\"\n\"2.50\",\"\",\"K \"\"A\"\" \"\n3,\"\",\"\",\"?\"\n";
        assert_eq!(delimited(list), text);
    }

    #[test]
    fn a_text_with_half_a_character_is_not_empty() {
        let list = "{\"nik\": \"3201014107909001\\ud83d\"}\n";
        assert_eq!(delimited(list), "nik\n\"\u{fffd}\"\n");
    }

    #[test]
    fn a_row_has_a_field_too_many_if_a_key_was_renamed_or_repeated() {
        let list = r#"{"nik": "1", "nama": "A"}
{"nik": "2", "nama": "B"}
{"no_ktp": "3", "nama": "C"}
{"nik": "4", "nama": "D", "nik": "5"}
{"nik": "6", "nama": "E", "kota": "F"}
{}
"#;
        let rows = "nik,nama\n1,A\n2,B\n\"\",C,\"?\"\n4,D,\"?\"\n6,E\n\"\",\"\"\n";
        assert_eq!(delimited(list), rows);
    }
}
