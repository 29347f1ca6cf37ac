//! Changes that hosts and networks make to pages: which one it was.

use memchr::memmem;

use crate::sentence::{Phrase, Sentence, say};

/// Products, by texts that only they leave in a page.
const PRODUCTS: [(&str, Phrase); 5] = [
    (
        "rocket-loader",
        Phrase("Cloudflare's Rocket Loader, which rewrites scripts"),
    ),
    ("email-decode", Phrase("Cloudflare's e-mail obfuscation")),
    ("__cf_email__", Phrase("Cloudflare's e-mail obfuscation")),
    (
        "cloudflareinsights.com",
        Phrase("Cloudflare's Web Analytics, which adds a script"),
    ),
    (
        "/cdn-cgi/",
        Phrase("another feature of Cloudflare, which adds to pages"),
    ),
];

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The change that was made to a page on its way; `None` for a page that is simply another one.
pub fn culprit(built: &[u8], found: &[u8]) -> Option<Sentence> {
    let has = |page: &[u8], text: &str| memmem::find(page, text.as_bytes()).is_some();
    for (mark, product) in PRODUCTS {
        if has(found, mark) && !has(built, mark) {
            return Some(product.into());
        }
    }
    if found.strip_prefix(BYTE_ORDER_MARK) == Some(built) {
        return Some(say!(
            "a byte-order mark that an editor or an upload put in front"
        ));
    }
    if without(built, b"\r") == without(found, b"\r") {
        return Some(say!("other line ends, as after an upload in text mode"));
    }
    if without(built, b" \t\r\n") == without(found, b" \t\r\n") {
        return Some(say!("minifying, which changes white space"));
    }
    if found.len() < built.len() && built.starts_with(found) {
        return Some(say!(
            "its end is missing, as after an upload that was cut off"
        ));
    }
    let inserted = found
        .len()
        .checked_sub(built.len())
        .filter(|bytes| *bytes > 0)?;
    let before = alike(built.iter(), found.iter());
    let behind = alike(built.iter().rev(), found.iter().rev());
    (before + behind >= built.len()).then(|| {
        // The inserted text may share its first bytes with what stands behind it.
        let is_new = |tag: &str| {
            let count = |page| memmem::find_iter(page, tag).count();
            count(found) > count(built)
        };
        let what = match (is_new("<script"), is_new("<iframe")) {
            (true, _) => Phrase("a script"),
            (false, true) => Phrase("a frame"),
            (false, false) => Phrase("text"),
        };
        say!(
            "{what} of {inserted} bytes that a proxy, a network or the host inserted",
            what = what,
            inserted = inserted.to_string(),
        )
    })
}

fn without(page: &[u8], bytes: &[u8]) -> Vec<u8> {
    let others = page.iter().filter(|byte| !bytes.contains(byte));
    others.copied().collect()
}

/// How many bytes two pages have in common from one end.
fn alike<'a>(one: impl Iterator<Item = &'a u8>, other: impl Iterator<Item = &'a u8>) -> usize {
    one.zip(other)
        .take_while(|(one, other)| one == other)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT: &str = "<!doctype html>\n<p>a@example.org</p>\n<script>f()</script>\n";

    fn named(found: &str) -> Option<String> {
        culprit(BUILT.as_bytes(), found.as_bytes()).map(|culprit| culprit.to_string())
    }

    #[test]
    fn each_change_is_named() {
        let script = "<script src=\"https://ads.example/x.js\"></script>";
        for (found, culprit) in [
            (
                BUILT.replace("<script>", "<script type=\"rocket-loader\">"),
                "Rocket Loader",
            ),
            (
                BUILT.replace("a@example.org", "<a class=\"__cf_email__\">"),
                "e-mail obfuscation",
            ),
            (
                format!("{BUILT}<script src=\"/cdn-cgi/x.js\"></script>"),
                "Cloudflare",
            ),
            (format!("\u{feff}{BUILT}"), "byte-order mark"),
            (BUILT.replace('\n', "\r\n"), "line ends"),
            (BUILT.replace('\n', ""), "minifying"),
            (BUILT[..40].to_owned(), "cut off"),
            (
                BUILT.replace("</p>", &format!("</p>{script}")),
                "a script of 48 bytes",
            ),
            (BUILT.replace("<p>", "<p>Halo"), "text of 4 bytes"),
        ] {
            let named = named(&found).unwrap_or_default();
            assert!(named.contains(culprit), "{culprit}: {named}");
        }
    }

    #[test]
    fn another_page_is_nobody_s_change() {
        for found in [
            "",
            "<!doctype html><p>404",
            &BUILT.replace("f()", "g()"),
            &BUILT.replace("f()", "gg()"),
        ] {
            if found.is_empty() {
                // Nothing is the shortest beginning.
                assert!(named(found).is_some());
            } else {
                assert_eq!(named(found), None, "{found}");
            }
        }
    }
}
