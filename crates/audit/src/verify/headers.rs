//! Headers of a host's answers: what keeps browsers from checking, and what harms readers.

use cek_nik_publisher::site::WIDGET_NAME;
use cek_nik_reader::host::Answer;

use super::rules;
use crate::finding::Rule;
use crate::sentence::{Sentence, say};

/// Kind of a file, by what its headers must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A page or a script.
    Page,
    /// The catalogue or its signature.
    Changing,
    /// A shard.
    Shard,
}

/// The rules that an answer of status 200 breaks, each with what was seen.
pub fn broken(name: &str, kind: Kind, answer: &Answer) -> Vec<(&'static Rule, Sentence)> {
    let mut broken = Vec::new();
    let mut add = |rule, what: Sentence| broken.push((rule, what));
    let joined = |header| {
        let values: Vec<&str> = answer.header(header).collect();
        values.join(", ")
    };
    let origin = joined("access-control-allow-origin");
    if origin.trim() != "*" {
        add(
            &rules::CORS_MISSING,
            seen("Access-Control-Allow-Origin", &origin),
        );
    }
    let caching = joined("cache-control").to_ascii_lowercase();
    match kind {
        Kind::Shard if life(&caching) < 86_400 => {
            add(&rules::SHARD_NOT_CACHED, seen("Cache-Control", &caching));
        }
        Kind::Page | Kind::Changing if !is_revalidated(&caching) => {
            add(&rules::CHANGING_CACHED, seen("Cache-Control", &caching));
        }
        _ => {}
    }
    let media = joined("content-type").to_ascii_lowercase();
    let media = media
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned();
    let is_right = match name.rsplit('.').next() {
        Some("html") => media == "text/html",
        Some("js") => ["text/javascript", "application/javascript"].contains(&media.as_str()),
        _ => true,
    };
    if kind == Kind::Page && !is_right {
        add(&rules::PAGE_TYPE, seen("Content-Type", &media));
    }
    if kind == Kind::Shard && (media.starts_with("text/") || media.contains("json")) {
        add(&rules::SHARD_TYPE, seen("Content-Type", &media));
    }
    let policy = joined("content-security-policy");
    if name == WIDGET_NAME {
        let framing = joined("x-frame-options");
        if !framing.is_empty() {
            add(&rules::FRAMING_FORBIDDEN, seen("X-Frame-Options", &framing));
        }
        if forbids_framing(&policy) {
            add(
                &rules::FRAMING_FORBIDDEN,
                seen("Content-Security-Policy", &policy),
            );
        }
    }
    if kind == Kind::Page && !policy.is_empty() && !forbids_framing(&policy) {
        add(
            &rules::POLICY_ADDED,
            seen("Content-Security-Policy", &policy),
        );
    }
    let resources = joined("cross-origin-resource-policy");
    if ["same-origin", "same-site"].contains(&resources.trim()) {
        add(
            &rules::RESOURCE_POLICY,
            seen("Cross-Origin-Resource-Policy", &resources),
        );
    }
    if kind == Kind::Page && name.ends_with(".html") {
        let referrer = joined("referrer-policy");
        // Of several, browsers take the last that they know.
        let last = referrer.rsplit(',').next().unwrap_or_default().trim();
        if !["no-referrer", "same-origin"].contains(&last) {
            add(&rules::REFERRER_POLICY, seen("Referrer-Policy", &referrer));
        }
    }
    if answer.header("set-cookie").next().is_some() {
        add(&rules::COOKIE_SET, say!("Set-Cookie is sent"));
    }
    broken
}

/// Whether browsers and caches ask again before they use a stored copy.
fn is_revalidated(caching: &str) -> bool {
    let directives: Vec<&str> = caching.split(',').map(str::trim).collect();
    let says = |directive: &str| directives.contains(&directive);
    let has_none = |name: &str| {
        let mut lives = directives
            .iter()
            .filter_map(|directive| directive.strip_prefix(name));
        lives.all(|seconds| seconds == "0")
    };
    let asks = says("no-cache") || says("no-store") || says("max-age=0");
    asks && has_none("s-maxage=") && (says("no-store") || has_none("max-age="))
}

/// For how many seconds a copy may be used.
fn life(caching: &str) -> u64 {
    let mut directives = caching.split(',').map(str::trim);
    if directives
        .clone()
        .any(|directive| ["no-store", "no-cache"].contains(&directive))
    {
        return 0;
    }
    directives
        .find_map(|directive| directive.strip_prefix("max-age=")?.parse().ok())
        .unwrap_or_default()
}

fn forbids_framing(policy: &str) -> bool {
    let mut directives = policy.split([';', ',']).map(str::trim);
    directives.any(|directive| {
        let mut words = directive.split_whitespace();
        let is_framing = words
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("frame-ancestors"));
        is_framing && words.next() != Some("*")
    })
}

/// The value of a header, or that it is missing.
pub fn seen(header: &str, value: &str) -> Sentence {
    /// The most characters of a value that a finding shows.
    const MOST: usize = 120;
    if value.is_empty() {
        return missing(header);
    }
    let shown: String = value.chars().take(MOST).collect();
    say!("{header} is \"{value}\"", header = header, value = shown)
}

/// That a header is missing.
pub fn missing(header: &str) -> Sentence {
    say!("{header} is missing", header = header)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(name: &str, kind: Kind, headers: &[(&str, &str)]) -> Vec<&'static str> {
        let headers = headers.iter();
        let answer = Answer {
            status: 200,
            headers: headers
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
            body: Vec::new(),
        };
        let broken = broken(name, kind, &answer);
        broken.iter().map(|(rule, _)| rule.code).collect()
    }

    const ALL: [(&str, &str); 2] = [
        ("access-control-allow-origin", "*"),
        ("referrer-policy", "no-referrer"),
    ];

    fn with(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
        [&ALL[..], more].concat()
    }

    #[test]
    fn caches_must_ask_for_what_changes_and_may_keep_shards() {
        for (caching, is_good) in [
            ("no-cache", true),
            ("No-Cache", true),
            ("no-store", true),
            ("public, max-age=0, must-revalidate", true),
            ("", false),
            ("public", false),
            ("max-age=14400", false),
            ("no-cache, max-age=14400", false),
            ("no-cache, s-maxage=600", false),
            ("public, max-age=31536000, immutable", false),
        ] {
            let codes = codes(
                "catalogue.json",
                Kind::Changing,
                &with(&[("cache-control", caching)]),
            );
            assert_eq!(codes.is_empty(), is_good, "{caching}: {codes:?}");
        }
        for (caching, is_good) in [
            ("public, max-age=31536000, immutable", true),
            ("max-age=86400", true),
            ("no-cache", false),
            ("", false),
            ("no-store, max-age=31536000", false),
        ] {
            let codes = codes(
                "0000.cnk",
                Kind::Shard,
                &with(&[("cache-control", caching)]),
            );
            assert_eq!(codes.is_empty(), is_good, "{caching}: {codes:?}");
        }
    }

    #[test]
    fn each_header_that_harms_readers_is_found() {
        let page = |name: &str, more: &[(&'static str, &'static str)]| {
            let usual = [("cache-control", "no-cache"), ("content-type", "text/html")];
            codes(name, Kind::Page, &[&with(&usual)[..], more].concat())
        };
        assert_eq!(page("cek-nik.html", &[]), [""; 0]);
        let open = "frame-ancestors *";
        for (header, value, code) in [
            ("x-frame-options", "SAMEORIGIN", "framing_forbidden"),
            (
                "content-security-policy",
                "frame-ancestors 'self'",
                "framing_forbidden",
            ),
            (
                "content-security-policy",
                "img-src *; Frame-Ancestors 'none'",
                "framing_forbidden",
            ),
            ("content-security-policy", open, "policy_added"),
            (
                "content-security-policy",
                "default-src 'self'",
                "policy_added",
            ),
            (
                "cross-origin-resource-policy",
                "same-origin",
                "resource_policy",
            ),
            ("set-cookie", "__cf_bm=x", "cookie_set"),
            ("access-control-allow-origin", "*", "cors_missing"),
            (
                "access-control-allow-origin",
                "https://example.org",
                "cors_missing",
            ),
            ("referrer-policy", "unsafe-url", "referrer_policy"),
        ] {
            assert_eq!(
                page("cek-nik.html", &[(header, value)]),
                [code],
                "{header}: {value}"
            );
        }
        // Only the widget is framed.
        assert_eq!(page("index.html", &[("x-frame-options", "DENY")]), [""; 0]);
        assert_eq!(page("embed.js", &[]), ["page_type"]);
    }
}
