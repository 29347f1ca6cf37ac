//! Text in place of the address of a site.

use cek_nik_reader::address;

/// Finds the directory of a site, which must be an address whose directory is itself.
pub fn run(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Ok(Some(directory)) = address::directory(&text) else {
        return false;
    };
    let (scheme, rest) = directory.split_once("://").expect("a scheme");
    assert!(scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"));
    assert!(
        rest.ends_with('/') && !rest.starts_with('/'),
        "{directory:?}"
    );
    assert!(!directory.contains(['?', '#', ' ', '\n']), "{directory:?}");
    assert_eq!(address::directory(&directory), Ok(Some(directory.clone())));
    true
}
