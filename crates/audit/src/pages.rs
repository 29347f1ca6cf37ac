//! Pages and header files of a site, compared with those of this program.

use cek_nik::signature::PublicKey;
use serde::Serialize;
use sha2::{Digest, Sha256};

use cek_nik_publisher::site::catalogue_document::CatalogueDocument;
use cek_nik_publisher::site::front_page::FrontPage;
use cek_nik_publisher::site::{self, WIDGET_NAME, feed, oembed};

use crate::files::{Files, MOST_READ, SiteFile};
use crate::finding::Finding;
use crate::rules;
use crate::sentence::{Sentence, say};
use crate::verify::PageDigest;

/// Pages of a site as this program builds them, by name.
pub struct Pages {
    files: Vec<(&'static str, Vec<u8>)>,
    /// The key that they pin.
    pub key: Option<PublicKey>,
    /// Whether the catalogue is known, which some pages depend on.
    is_described: bool,
    /// The number of the edition; 0 without one.
    edition: u64,
}

/// Widget of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Widget {
    /// The SHA-256 of the file, 64 hexadecimal digits; `None` if it is missing or too long.
    pub sha256: Option<String>,
    /// The SHA-256 of this program's widget.
    pub expected_sha256: String,
    /// The version of this program.
    pub cek_nik: &'static str,
}

/// Files that tell hosts which headers to send. Each serves some hosts.
pub const HEADER_FILES: [&str; 4] = ["_headers", ".htaccess", "nginx.conf", "Caddyfile"];

/// Files that a site does not need.
const OPTIONAL: [&str; 5] = [
    "_headers",
    ".htaccess",
    "nginx.conf",
    "Caddyfile",
    ".nojekyll",
];

/// Pages that cannot be built again without the catalogue.
const OF_CATALOGUE: [&str; 2] = [site::FRONT_PAGE_NAME, site::SERVICE_WORKER_NAME];

impl Pages {
    /// The pages for a site with this catalogue. Those that depend on the site's address use the
    /// one that the site names.
    pub fn of(files: &Files, catalogue: Option<&CatalogueDocument>) -> Self {
        let document = files.named(oembed::Site::DOCUMENT);
        let address = document
            .and_then(|file| file.read(MOST_READ).ok())
            .and_then(|bytes| oembed::Site::of_document(&bytes));
        let widget = files.named(WIDGET_NAME);
        let key = widget
            .and_then(|file| file.read(MOST_READ).ok())
            .and_then(|page| site::pinned_key(&page));
        Self::described(address.as_ref(), key, catalogue)
    }

    /// The pages for a site at this address, with this pinned key and this catalogue.
    pub fn described(
        address: Option<&oembed::Site>,
        key: Option<PublicKey>,
        catalogue: Option<&CatalogueDocument>,
    ) -> Self {
        let front_page = catalogue.map(FrontPage::from).unwrap_or_default();
        Self {
            files: site::pages(address, key.as_ref(), &front_page),
            key,
            is_described: catalogue.is_some(),
            edition: catalogue.map_or(0, |catalogue| catalogue.edition),
        }
    }

    /// The names of the pages that a host serves.
    pub fn served(&self) -> impl Iterator<Item = &'static str> {
        let names = self.files.iter().map(|(name, _)| *name);
        names.filter(|name| !OPTIONAL.contains(name))
    }

    /// The hash of a page, and whether it is this program's.
    pub fn digest(&self, name: &str, bytes: &[u8]) -> PageDigest {
        PageDigest {
            file: name.to_owned(),
            sha256: sha256(bytes),
            as_built: self.is_as_built(name, bytes),
        }
    }

    /// This program's page, if a page of that name differs from it; `None` also for a page that
    /// cannot be built without the catalogue.
    pub fn differing(&self, name: &str, bytes: &[u8]) -> Option<&[u8]> {
        let is_known = self.is_described || !OF_CATALOGUE.contains(&name);
        let built = self.file(name).filter(|_| is_known)?;
        (built != bytes).then_some(built)
    }

    fn file(&self, name: &str) -> Option<&[u8]> {
        let mut files = self.files.iter();
        let (_, content) = files.find(|(page, _)| *page == name)?;
        Some(content)
    }

    /// The names of the pages and of the feed.
    pub fn names(&self) -> Vec<&'static str> {
        let pages = self.files.iter().map(|(name, _)| *name);
        pages.chain([feed::NAME]).collect()
    }

    /// The finding about the feed, which cannot be built again: it has old editions.
    pub fn feed(&self, bytes: Option<&[u8]>) -> Option<Finding> {
        if self.edition == 0 {
            return None;
        }
        let finding = match bytes {
            None => Finding::new(&rules::PAGE_MISSING, say!("it is not there")),
            Some(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                if feed::newest_edition(&text) == Some(self.edition) {
                    return None;
                }
                let what = say!(
                    "its newest entry is not edition {edition}, the catalogue's",
                    edition = self.edition.to_string(),
                );
                Finding::new(&rules::PAGE_DIFFERS, what)
            }
        };
        Some(finding.of_file(feed::NAME))
    }

    /// Whether a file equals this program's page of that name.
    pub fn is_as_built(&self, name: &str, bytes: &[u8]) -> bool {
        self.file(name) == Some(bytes)
    }

    /// Compares all pages with the files of the site.
    pub fn compare(&self, files: &Files) -> (Widget, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut widget = Widget {
            sha256: None,
            expected_sha256: self.file(WIDGET_NAME).map(sha256).unwrap_or_default(),
            cek_nik: env!("CARGO_PKG_VERSION"),
        };
        for (name, _) in &self.files {
            let page = match files.named(name) {
                Some(file) => Page::read(file),
                None => Page::Missing,
            };
            if *name == WIDGET_NAME
                && let Page::Read(bytes) = &page
            {
                widget.sha256 = Some(sha256(bytes));
            }
            let differs = || {
                let what = differs(name, &widget);
                Finding::new(&rules::PAGE_DIFFERS, what).of_file(name)
            };
            match page {
                Page::Missing if !OPTIONAL.contains(name) => findings.push(
                    Finding::new(&rules::PAGE_MISSING, say!("it is not there")).of_file(name),
                ),
                Page::TooLong => findings.push(differs()),
                Page::Read(bytes) if self.differing(name, &bytes).is_some() => {
                    findings.push(differs());
                }
                Page::Missing | Page::Unread | Page::Read(_) => {}
            }
        }
        let feed = files.named(feed::NAME);
        let feed = feed.map(|file| file.read(feed::MAX_BYTES).unwrap_or_default());
        findings.extend(self.feed(feed.as_deref()));
        if !HEADER_FILES.iter().any(|name| files.named(name).is_some()) {
            let what = say!("there is none of {names}", names = HEADER_FILES.join(", "));
            findings.push(Finding::new(&rules::HEADERS_MISSING, what));
        }
        (widget, findings)
    }
}

/// State of a page in the site.
enum Page {
    Missing,
    /// It is no file, or cannot be read, which is a finding of its own.
    Unread,
    TooLong,
    Read(Vec<u8>),
}

impl Page {
    fn read(file: &SiteFile) -> Self {
        match file.read(MOST_READ + 1) {
            Err(_) => Self::Unread,
            Ok(bytes) if bytes.len() as u64 > MOST_READ => Self::TooLong,
            Ok(bytes) => Self::Read(bytes),
        }
    }
}

fn differs(name: &str, widget: &Widget) -> Sentence {
    let version = widget.cek_nik;
    match &widget.sha256 {
        Some(found) if name == WIDGET_NAME => say!(
            "its SHA-256 is {found}, and that of the widget of cek-nik {version} is {expected}",
            found = found.as_str(),
            version = version,
            expected = widget.expected_sha256.as_str(),
        ),
        _ => say!("it is not the one of cek-nik {version}", version = version),
    }
}

fn sha256(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}
