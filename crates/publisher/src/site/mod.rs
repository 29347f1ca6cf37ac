//! Site files besides data: the pages, the loader for other sites, and the headers for each host.
//!
//! ```
//! use cek_nik_publisher::site::{front_page::FrontPage, pages};
//!
//! let pages = pages(None, None, &FrontPage::default());
//! assert!(pages.iter().any(|(name, _)| *name == "cek-nik.html"));
//! ```

pub mod catalogue_document;
pub mod feed;
pub mod front_page;
pub mod oembed;
pub mod withdrawn;

use cek_nik::signature::PublicKey;
use sha2::{Digest, Sha256};

use crate::site::front_page::{Fingerprints, FrontPage};
use crate::site::oembed::Site;

/// A header for a host to send.
#[allow(missing_docs, reason = "the names say it")]
pub struct Header {
    pub name: &'static str,
    pub value: &'static str,
}

const fn header(name: &'static str, value: &'static str) -> Header {
    Header { name, value }
}

/// For all files. The widget's frame has an opaque origin, which even its own host is foreign to:
/// without the first header it can read no shard.
pub const HEADERS_FOR_ALL: [Header; 4] = [
    header("Access-Control-Allow-Origin", "*"),
    header("Cross-Origin-Resource-Policy", "cross-origin"),
    header("X-Content-Type-Options", "nosniff"),
    header("Referrer-Policy", "no-referrer"),
];

/// For files that may change under the same name.
pub const CHANGING: Header = header("Cache-Control", "no-cache");

/// For the widget, so that isolated pages (`Cross-Origin-Embedder-Policy: require-corp`) may embed
/// it.
///
/// Only for the widget, because the header would block foreign images of other pages. Not
/// `require-corp`, under which WebKit starts no worker from a blob in a sandboxed frame.
pub const EMBEDDABLE: Header = header("Cross-Origin-Embedder-Policy", "credentialless");

/// For the widget: a script that is inserted on the way and comes from another file stays without
/// effect, even if its policy was removed.
///
/// Only for the widget, because other pages of a server need their scripts.
pub const INTEGRITY: Header = header("Integrity-Policy", "blocked-destinations=(script)");

/// The widget's file name.
pub const WIDGET_NAME: &str = "cek-nik.html";

/// For shards, whose path contains the hash of their content.
pub const IMMUTABLE: Header = header("Cache-Control", "public, max-age=31536000, immutable");

/// The media type of shards.
pub const SHARD_TYPE: &str = "application/octet-stream";

/// The widget, one self-contained file.
pub const WIDGET: &str = include_str!(concat!(
    "../../pages/cek-nik-",
    env!("CARGO_PKG_VERSION"),
    ".html"
));

/// The file name of the offline page.
pub const OFFLINE_NAME: &str = "cek-nik-offline.html";

/// The offline page, which opens packs and never uses the network. One self-contained file, with an
/// empty slot for a pack.
pub const OFFLINE: &str = include_str!(concat!(
    "../../pages/cek-nik-offline-",
    env!("CARGO_PKG_VERSION"),
    ".html"
));

/// The file name of the front page.
pub const FRONT_PAGE_NAME: &str = "index.html";

/// The file name of the service worker.
pub const SERVICE_WORKER_NAME: &str = "sw.js";

/// The template of the front page, which `www/src/index.html` is built into.
const INDEX: &str = include_str!(concat!(
    "../../pages/index-",
    env!("CARGO_PKG_VERSION"),
    ".html"
));

const LOADER: &str = include_str!(concat!(
    "../../pages/embed-",
    env!("CARGO_PKG_VERSION"),
    ".js"
));

/// The loader's second name. Pages with `integrity` use it: its bytes never change.
const LOADER_OF_VERSION: &str = concat!("embed-", env!("CARGO_PKG_VERSION"), ".js");

/// The worker that saves lists in a browser.
const SAVE: &str = include_str!(concat!(
    "../../pages/save-",
    env!("CARGO_PKG_VERSION"),
    ".js"
));

/// The service worker, without the list of the files that it keeps.
const SERVICE_WORKER: &str =
    include_str!(concat!("../../pages/sw-", env!("CARGO_PKG_VERSION"), ".js"));

/// The placeholder for that list.
const SHELL_FILES: &str = "SHELL_FILES";

/// The file name of the web app manifest.
pub const MANIFEST_NAME: &str = "manifest.webmanifest";

const MANIFEST: &str = include_str!("../../pages/manifest.webmanifest");

/// Headers for Netlify, Cloudflare Pages and compatible hosts. Cloudflare drops the extension of
/// pages, so the widget has two rules.
const HEADERS_FILE: &str = include_str!("hosts/headers");

/// Headers for Apache.
const HTACCESS: &str = include_str!("hosts/htaccess");

/// Headers for nginx, to include in the `server` block of the site. Its locations set no headers,
/// because they would drop those of the `server` block.
const NGINX: &str = include_str!("hosts/nginx.conf");

/// Headers for Caddy, to import into the block of the site.
const CADDYFILE: &str = include_str!("hosts/Caddyfile");

const ICONS: [(&str, &[u8]); 4] = [
    ("icon-192.png", include_bytes!("../../pages/icon-192.png")),
    ("icon-512.png", include_bytes!("../../pages/icon-512.png")),
    (
        "icon-maskable-512.png",
        include_bytes!("../../pages/icon-maskable-512.png"),
    ),
    (
        "apple-touch-icon.png",
        include_bytes!("../../pages/apple-touch-icon.png"),
    ),
];

/// All files of a site besides its data, by name. With the address of the site, there is also an
/// oEmbed document. With a key, the pages use no catalogue that it has not signed.
pub fn pages(
    site: Option<&Site>,
    key: Option<&PublicKey>,
    front_page: &FrontPage,
) -> Vec<(&'static str, Vec<u8>)> {
    let mut pages = shell(site, key, front_page);
    pages.extend([
        (SERVICE_WORKER_NAME, service_worker(&pages).into()),
        ("embed.js", LOADER.into()),
        (LOADER_OF_VERSION, LOADER.into()),
        ("_headers", HEADERS_FILE.into()),
        (".htaccess", HTACCESS.into()),
        ("nginx.conf", NGINX.into()),
        ("Caddyfile", CADDYFILE.into()),
        // Without it, GitHub Pages leaves out files that begin with an underscore.
        (".nojekyll", Vec::new()),
    ]);
    let publisher = &front_page.publisher.name;
    pages.extend(site.map(|site| (Site::DOCUMENT, site.document(publisher).into())));
    pages
}

/// The files that a browser keeps, so that the site opens offline.
fn shell(
    site: Option<&Site>,
    key: Option<&PublicKey>,
    front_page: &FrontPage,
) -> Vec<(&'static str, Vec<u8>)> {
    let [widget, offline, index] = [WIDGET, OFFLINE, INDEX].map(|page| with_key(page, key));
    let widget = with_mirrors(widget, &front_page.mirrors);
    let fingerprints = Fingerprints {
        widget: fingerprint(widget.as_bytes()),
        offline: fingerprint(offline.as_bytes()),
    };
    let index = front_page.html(&index, site, &fingerprints);
    let mut shell = vec![
        (WIDGET_NAME, widget.into()),
        (OFFLINE_NAME, offline.into()),
        (FRONT_PAGE_NAME, index.into()),
        ("save.js", SAVE.into()),
        (MANIFEST_NAME, MANIFEST.into()),
    ];
    shell.extend(ICONS.map(|(name, bytes)| (name, bytes.to_vec())));
    shell
}

/// The attribute of a page for the pinned key, empty without one.
const KEY: &str = "data-key=\"";

/// A page that pins a key. Nothing else in the page changes.
fn with_key(page: &str, key: Option<&PublicKey>) -> String {
    match key {
        None => page.to_owned(),
        Some(key) => page.replacen(&format!("{KEY}\""), &format!("{KEY}{key}\""), 1),
    }
}

/// A widget that may ask other hosts for the same site. Nothing else in the page changes.
fn with_mirrors(page: String, mirrors: &[String]) -> String {
    match mirrors {
        [] => page,
        mirrors => {
            let attribute = format!("data-mirrors=\"{}\" {KEY}", mirrors.join(" "));
            page.replacen(KEY, &attribute, 1)
        }
    }
}

/// The key that a page of a site pins; `None` without one.
pub fn pinned_key(page: &[u8]) -> Option<PublicKey> {
    let page = str::from_utf8(page).ok()?;
    let (_, key) = page.split_once(KEY)?;
    PublicKey::parse(key.split_once('"')?.0).ok()
}

fn fingerprint(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}

/// The service worker with the SHA-256 of each file, by which it recognizes them. The front page and
/// its hash differ from site to site.
fn service_worker(shell: &[(&'static str, Vec<u8>)]) -> String {
    let hashes: Vec<String> = shell
        .iter()
        .map(|(name, bytes)| {
            let hash = fingerprint(bytes);
            format!("\"{name}\":\"{hash}\"")
        })
        .collect();
    SERVICE_WORKER.replacen(SHELL_FILES, &format!("{{{}}}", hashes.join(",")), 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cek_nik::signature;

    fn page(site: Option<&Site>, name: &str) -> Option<String> {
        let mut pages = pages(site, None, &FrontPage::default()).into_iter();
        pages
            .find(|(n, _)| *n == name)
            .map(|(_, bytes)| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn the_service_worker_knows_every_file_of_the_shell_as_this_site_has_it() {
        assert_eq!(SERVICE_WORKER.matches(SHELL_FILES).count(), 1);
        let address = Site::parse("https://cek.example.org/").unwrap();
        for site in [None, Some(&address)] {
            let worker = page(site, "sw.js").unwrap();
            assert!(!worker.contains(SHELL_FILES));
            for (name, bytes) in shell(site, None, &FrontPage::default()) {
                let hash = base16ct::lower::encode_string(&Sha256::digest(&bytes));
                assert!(worker.contains(&format!("\"{name}\":\"{hash}\"")), "{name}");
            }
        }
        assert_ne!(page(None, "sw.js"), page(Some(&address), "sw.js"));
    }

    #[test]
    fn the_manifest_names_icons_that_are_there() {
        let manifest: serde_json::Value = serde_json::from_str(MANIFEST).unwrap();
        let icons = manifest["icons"].as_array().unwrap();
        assert_eq!(icons.len(), 3);
        for icon in icons {
            let name = icon["src"].as_str().unwrap();
            assert!(ICONS.iter().any(|(icon, _)| *icon == name), "{name}");
        }
    }

    #[test]
    fn the_reader_s_page_leads_to_the_oembed_document_once_the_address_is_known() {
        let site = Site::parse("https://cek.example.org/").unwrap();
        let index = page(Some(&site), "index.html").unwrap();
        let (head, _) = index.split_once("</head>").unwrap();
        assert!(head.contains("href=\"https://cek.example.org/oembed.json\""));
        assert!(page(Some(&site), Site::DOCUMENT).is_some());

        let index = page(None, "index.html").unwrap();
        assert!(!index.contains("oembed.json"));
        assert_eq!(page(None, Site::DOCUMENT), None);
    }

    #[test]
    fn the_offline_page_has_one_place_for_a_pack_and_nothing_in_it() {
        use cek_nik_reader::page::{END, START};
        let pieces: Vec<&str> = OFFLINE.split(START).collect();
        assert_eq!(pieces.len(), 2);
        assert!(pieces[1].starts_with(END));
        assert_eq!(page(None, OFFLINE_NAME).as_deref(), Some(OFFLINE));
    }

    #[test]
    fn a_page_has_one_place_for_a_key_and_differs_in_nothing_else() {
        let key = "RWQHBwcHBwcHB+pKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
        let pinned = PublicKey::parse(key).unwrap();
        let with = pages(None, Some(&pinned), &FrontPage::default());
        for (name, template) in [(WIDGET_NAME, WIDGET), (OFFLINE_NAME, OFFLINE)] {
            assert_eq!(template.matches(KEY).count(), 1, "{name}");
            assert_eq!(pinned_key(template.as_bytes()), None);
            let (_, bytes) = with.iter().find(|(page, _)| *page == name).unwrap();
            assert_eq!(pinned_key(bytes), Some(pinned), "{name}");
            let page = String::from_utf8(bytes.clone()).unwrap();
            assert_eq!(page.replace(key, ""), template, "{name}");
        }
        let (_, index) = with
            .iter()
            .find(|(page, _)| *page == FRONT_PAGE_NAME)
            .unwrap();
        let index = String::from_utf8(index.clone()).unwrap();
        assert_eq!(pinned_key(index.as_bytes()), Some(pinned));
        for (name, bytes) in &with[..2] {
            assert!(index.contains(&fingerprint(bytes)), "{name}");
        }
    }

    #[test]
    fn only_the_widget_names_mirrors_and_no_other_address() {
        use crate::site::catalogue_document::CatalogueDocument;
        let evil = [
            "javascript:x",
            "https://a.example/\"><script>",
            "",
            "https://b.example/ c",
        ];
        let good = ["https://a.example/cek/", "http://127.0.0.1:8000/"];
        let mirrors = [&evil[..], &good[..]].concat();
        let document: CatalogueDocument = serde_json::from_value(serde_json::json!({
            "format": "cek-nik catalogue", "version": 2, "identifier": "nik", "salt": "",
            "kdf": { "name": "sha256" }, "datasets": [], "mirrors": mirrors,
        }))
        .unwrap();
        let pages = pages(None, None, &FrontPage::from(&document));
        let attribute = format!("data-mirrors=\"{}\" {KEY}\"", good.join(" "));
        for (name, bytes) in pages.iter().filter(|(name, _)| name.ends_with(".html")) {
            let page = str::from_utf8(bytes).unwrap();
            let with = if *name == WIDGET_NAME { 1 } else { 0 };
            assert_eq!(page.matches(&attribute).count(), with, "{name}");
        }
        let widget = str::from_utf8(&pages[0].1).unwrap();
        assert_eq!(widget.replace(&attribute, &format!("{KEY}\"")), WIDGET);
    }

    const HOST_FILES: [&str; 4] = [HEADERS_FILE, HTACCESS, NGINX, CADDYFILE];

    /// A header in the syntax of each host.
    fn written(header: &Header) -> [(&'static str, String); 4] {
        let Header { name, value } = header;
        [
            (HEADERS_FILE, format!("  {name}: {value}\n")),
            (HTACCESS, format!("set {name} \"{value}\"\n")),
            (NGINX, format!("add_header {name} \"{value}\" always;\n")),
            (CADDYFILE, format!("{name} \"{value}\"\n")),
        ]
    }

    #[test]
    fn every_kind_of_host_sends_the_headers_that_serve_sends() {
        for header in &HEADERS_FOR_ALL {
            for (text, line) in written(header) {
                assert_eq!(text.matches(&line).count(), 1, "{line}{text}");
            }
        }
        for header in [&EMBEDDABLE, &INTEGRITY, &CHANGING, &IMMUTABLE] {
            for (text, line) in written(header) {
                // In nginx.conf, variables hold the headers that not every file gets.
                let line = if text == NGINX {
                    assert!(text.contains(&format!("add_header {} $", header.name)));
                    format!("\"{}\";\n", header.value)
                } else {
                    line
                };
                assert!(text.contains(&line), "{line}{text}");
            }
        }
        for text in HOST_FILES {
            for other in [
                SHARD_TYPE,
                "application/manifest+json",
                "application/atom+xml",
            ] {
                assert!(text.contains(other), "{other}: {text}");
            }
            assert!(
                !text
                    .replace("unset X-Frame", "")
                    .contains("X-Frame-Options"),
                "{text}"
            );
        }
        // The other two say so for all files but shards.
        let signature = format!("/*.minisig\n  {}: {}\n", CHANGING.name, CHANGING.value);
        assert!(signature::FILE_NAME.ends_with(".minisig"));
        assert!(HEADERS_FILE.contains(&signature), "{HEADERS_FILE}");
        let (_, locations) = NGINX.split_once("location ").unwrap();
        assert!(!locations.contains("add_header"), "{locations}");
        for (text, widget) in [
            (HEADERS_FILE, format!("\n/{WIDGET_NAME}\n")),
            (HTACCESS, format!("<Files \"{WIDGET_NAME}\">")),
            (NGINX, format!("/{}$\")", WIDGET_NAME.replace('.', "\\."))),
            (CADDYFILE, format!("path */{WIDGET_NAME}\n")),
        ] {
            assert!(text.contains(&widget), "{widget}: {text}");
        }
    }
}
