//! Text in place of a NIK.

use cek_nik::nik::{Decoded, Nik, NikBatch, WarningCache, masked};

use super::today;

/// Parses and decodes the text in every way, which must agree.
pub fn run(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let plain = Nik::from_plain(bytes);
    let mut batch = NikBatch::new();
    assert_eq!(batch.push(bytes), plain.is_some());
    let shown = masked(&text);
    assert_eq!(masked(&shown), shown, "masked twice");
    let Ok(nik) = Nik::parse(&text) else {
        assert!(plain.is_none());
        assert!(matches!(
            Decoded::of_text(&text, today()),
            Decoded::Error(_)
        ));
        return false;
    };
    assert!(
        !shown.contains(char::is_numeric),
        "a message repeats digits"
    );
    assert!(plain.is_none_or(|plain| plain == nik));
    assert_eq!(Nik::parse(&nik.digits()), Ok(nik.clone()));
    let reading = nik.decode(today());
    assert_eq!(
        Decoded::of_text(&text, today()),
        Decoded::Reading(reading.clone())
    );
    assert_eq!(nik.warnings(today()), reading.warnings);
    batch.clear();
    assert!(batch.push(nik.as_bytes()));
    let mut cache = WarningCache::new(today());
    assert!(batch.warnings(&mut cache).eq([reading.warnings]));
    true
}
