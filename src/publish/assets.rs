//! What a site holds besides data: the widget, the reader's page, and the headers in the words of each kind of host.

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

/// Every file of a site besides its data, by name.
pub fn pages() -> Vec<(&'static str, String)> {
    vec![
        ("cek-nik.html", WIDGET.to_owned()),
        ("index.html", INDEX.to_owned()),
        ("_headers", headers_file()),
        (".htaccess", htaccess()),
        ("nginx.conf", nginx()),
        // Without it, GitHub Pages leaves out files whose name begins with an underscore.
        (".nojekyll", String::new()),
    ]
}

/// For Netlify, Cloudflare Pages and hosts that follow them.
fn headers_file() -> String {
    let mut text = String::from("/*\n");
    for Header { name, value } in HEADERS_FOR_ALL {
        text += &format!("  {name}: {value}\n");
    }
    for path in ["/", "/*.html", "/catalogue.json"] {
        text += &format!("{path}\n  {}: {}\n", CHANGING.name, CHANGING.value);
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
        "  Header set {} \"{}\"\n  <FilesMatch \"\\.cnk$\">\n    Header set {} \"{}\"\n  </FilesMatch>\n</IfModule>\n",
        CHANGING.name, CHANGING.value, IMMUTABLE.name, IMMUTABLE.value
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
         location ~ \\.cnk$ {{\n{common}    add_header {} \"{}\";\n    \
         default_type {SHARD_TYPE};\n    gzip off;\n}}\n",
        CHANGING.name, CHANGING.value, IMMUTABLE.name, IMMUTABLE.value
    )
}
