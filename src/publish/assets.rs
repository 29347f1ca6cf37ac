//! What a site holds besides data: the widget, the reader's page, the loader for other people's pages, and the headers in the
//! words of each kind of host.

use super::oembed::Site;

/// A header that a host should send.
pub struct Header {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: &'static str,
}

const fn header(name: &'static str, value: &'static str) -> Header {
    Header { name, value }
}

/// For every file. The widget's frame has an opaque origin, so that even its own host is a stranger to it: without the first
/// header no shard can be read.
pub const HEADERS_FOR_ALL: [Header; 4] = [
    header("Access-Control-Allow-Origin", "*"),
    header("Cross-Origin-Resource-Policy", "cross-origin"),
    header("X-Content-Type-Options", "nosniff"),
    header("Referrer-Policy", "no-referrer"),
];

/// For files whose content may change under the same name.
pub const CHANGING: Header = header("Cache-Control", "no-cache");

/// For the widget: without it, pages that isolate themselves (`Cross-Origin-Embedder-Policy: require-corp`) may not embed it.
/// Not for every file of the host, since it would take foreign images away from whatever else is there. Not `require-corp`, which
/// would do as well elsewhere: under it, WebKit starts no worker from a blob in a sandboxed frame, and the widget could check nothing.
pub const EMBEDDABLE: Header = header("Cross-Origin-Embedder-Policy", "credentialless");

/// The widget's name in a site.
pub const WIDGET_NAME: &str = "cek-nik.html";

/// For shards, whose path contains the hash of their content.
pub const IMMUTABLE: Header = header("Cache-Control", "public, max-age=31536000, immutable");

/// The media type of shards.
pub const SHARD_TYPE: &str = "application/octet-stream";

/// The widget: one self-contained file.
pub const WIDGET: &str = include_str!(concat!(
    "../../www/dist/cek-nik-",
    env!("CARGO_PKG_VERSION"),
    ".html"
));

const INDEX: &str = include_str!(concat!(
    "../../www/dist/index-",
    env!("CARGO_PKG_VERSION"),
    ".html"
));

const LOADER: &str = include_str!(concat!(
    "../../www/dist/embed-",
    env!("CARGO_PKG_VERSION"),
    ".js"
));

/// Every file of a site besides its data, by name. What needs the site's own address, or whose it is, is only there when it is
/// known.
pub fn pages(site: Option<&Site>, publisher: &str) -> Vec<(&'static str, String)> {
    let mut pages = vec![
        (WIDGET_NAME, WIDGET.to_owned()),
        ("index.html", index(site)),
        ("embed.js", LOADER.to_owned()),
        ("_headers", headers_file()),
        (".htaccess", htaccess()),
        ("nginx.conf", nginx()),
        // Without it, GitHub Pages leaves out files whose name begins with an underscore.
        (".nojekyll", String::new()),
    ];
    pages.extend(site.map(|site| (Site::DOCUMENT, site.document(publisher))));
    pages
}

fn index(site: Option<&Site>) -> String {
    let discovery = site.map(|site| site.discovery() + "\n</head>");
    INDEX.replacen("</head>", discovery.as_deref().unwrap_or("</head>"), 1)
}

/// For Netlify, Cloudflare Pages and hosts that follow them.
fn headers_file() -> String {
    let mut text = String::from("/*\n");
    for Header { name, value } in HEADERS_FOR_ALL {
        text += &format!("  {name}: {value}\n");
    }
    for path in ["/", "/*.html", "/*.js", "/*.json"] {
        text += &format!("{path}\n  {}: {}\n", CHANGING.name, CHANGING.value);
    }
    // Cloudflare leaves the ending of pages away.
    for path in [WIDGET_NAME, WIDGET_NAME.trim_end_matches(".html")] {
        text += &format!("/{path}\n  {}: {}\n", EMBEDDABLE.name, EMBEDDABLE.value);
    }
    text += &format!(
        "/data/*\n  {}: {}\n  Content-Type: {SHARD_TYPE}\n",
        IMMUTABLE.name, IMMUTABLE.value
    );
    text
}

/// For Apache.
fn htaccess() -> String {
    let mut text =
        format!("AddType {SHARD_TYPE} .cnk\nAddDefaultCharset utf-8\n<IfModule mod_headers.c>\n");
    for Header { name, value } in HEADERS_FOR_ALL {
        text += &format!("  Header always set {name} \"{value}\"\n");
    }
    text += &format!(
        "  Header set {} \"{}\"\n  <FilesMatch \"\\.cnk$\">\n    Header set {} \"{}\"\n  </FilesMatch>\n  \
         <Files \"{WIDGET_NAME}\">\n    Header always set {} \"{}\"\n  </Files>\n</IfModule>\n",
        CHANGING.name,
        CHANGING.value,
        IMMUTABLE.name,
        IMMUTABLE.value,
        EMBEDDABLE.name,
        EMBEDDABLE.value
    );
    text
}

/// For nginx: to be included in the `server` block of the site.
fn nginx() -> String {
    let mut common = String::new();
    for Header { name, value } in HEADERS_FOR_ALL {
        common += &format!("    add_header {name} \"{value}\" always;\n");
    }
    // nginx drops the headers of the outer block wherever an inner one adds its own: so each repeats them all.
    format!(
        "# In the server block of the site:  include /path/to/this/nginx.conf;\n\
         location / {{\n{common}    add_header {} \"{}\";\n    charset utf-8;\n}}\n\
         location ~ /{}$ {{\n{common}    add_header {} \"{}\";\n    add_header {} \"{}\" always;\n    charset utf-8;\n}}\n\
         location ~ \\.cnk$ {{\n{common}    add_header {} \"{}\";\n    \
         default_type {SHARD_TYPE};\n    gzip off;\n}}\n",
        CHANGING.name,
        CHANGING.value,
        WIDGET_NAME.replace('.', "\\."),
        CHANGING.name,
        CHANGING.value,
        EMBEDDABLE.name,
        EMBEDDABLE.value,
        IMMUTABLE.name,
        IMMUTABLE.value
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(site: Option<&Site>, name: &str) -> Option<String> {
        let mut pages = pages(site, "Redaksi contoh").into_iter();
        pages.find(|(n, _)| *n == name).map(|(_, text)| text)
    }

    #[test]
    fn the_reader_s_page_leads_to_the_oembed_document_once_the_address_is_known() {
        let site = Site::parse("https://cek.example.org/").unwrap();
        let index = page(Some(&site), "index.html").unwrap();
        let (head, _) = index.split_once("</head>").unwrap();
        assert!(head.contains("href=\"https://cek.example.org/oembed.json\""));
        assert!(page(Some(&site), Site::DOCUMENT).is_some());

        assert_eq!(page(None, "index.html").as_deref(), Some(INDEX));
        assert_eq!(page(None, Site::DOCUMENT), None);
    }

    #[test]
    fn every_kind_of_host_lets_isolated_pages_embed_the_widget() {
        for name in ["_headers", ".htaccess", "nginx.conf"] {
            let text = page(None, name).unwrap();
            for header in HEADERS_FOR_ALL.iter().chain([&EMBEDDABLE]) {
                assert!(text.contains(header.name), "{name}: {}", header.name);
            }
            assert!(!text.contains("X-Frame-Options"), "{name}");
        }
    }
}
