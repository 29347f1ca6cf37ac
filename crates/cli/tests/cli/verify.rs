//! `cek-nik verify`: a directory, and hosts that do one thing wrong.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Output;
use std::sync::Arc;
use std::thread;

use serde_json::Value;

use crate::desk::{Desk, feed, ill, well};

const PASSWORD: &str = "kata sandi yang panjang\n";

type Files = BTreeMap<String, Vec<u8>>;

/// A desk with a signed site of a whole set and a sharded one, and its key.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("list.txt", "3201014107909001\n");
    desk.write("more.txt", crate::desk::sample(2000, 1));
    let dataset = |id: &str| format!("[[dataset]]\nid = \"{id}\"\ninputs = [\"{id}.txt\"]\n");
    let (list, more) = (dataset("list"), dataset("more"));
    let head = "argon2 = \"m=8,t=1,p=1\"\nvalid_days = 30";
    desk.write(
        "catalogue.toml",
        format!("{head}\n{list}{more}prefix_bits = 3\n"),
    );
    let harm = ["--accept-small-crowd", "--accept-enumeration"];
    let build = ["build", "--out", "site", "catalogue.toml"];
    well(&desk.run(&[&build[..], &harm].concat()));
    let new = ["sign", "--new-key", "publisher.key", "--password-stdin"];
    well(&feed(&mut desk.command(&new), PASSWORD));
    let sign = ["sign", "site", "--key", "publisher.key", "--password-stdin"];
    well(&feed(&mut desk.command(&sign), PASSWORD));
    desk
}

/// The exit status and the report.
fn verify(desk: &Desk, site: &str, more: &[&str]) -> (Option<i32>, Value) {
    let arguments = ["verify", site, "--json"];
    let output = desk.run(&[&arguments[..], more].concat());
    let report = serde_json::from_slice(&output.stdout);
    let report = report.unwrap_or_else(|_| panic!("{}", crate::desk::message(&output)));
    (output.status.code(), report)
}

/// The codes of findings that are more than notes.
fn codes(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("findings");
    let findings = findings
        .iter()
        .filter(|finding| finding["severity"] != "note");
    findings
        .map(|finding| finding["code"].as_str().expect("a code"))
        .collect()
}

const KEY: [&str; 2] = ["--key", "publisher.key.pub"];

/// Builds the site of a desk again, with the key of a file in its pages.
fn pin(desk: &Desk, file: &str) -> String {
    let key = fs::read_to_string(desk.0.path().join(file)).expect("a key");
    let key = key.lines().nth(1).expect("a key").to_owned();
    let description = desk.0.path().join("catalogue.toml");
    let text = fs::read_to_string(&description).expect("a description");
    let text: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("key ="))
        .collect();
    desk.write(
        "catalogue.toml",
        format!("key = \"{key}\"\n{}\n", text.join("\n")),
    );
    let harm = ["--accept-small-crowd", "--accept-enumeration"];
    let build = ["build", "--out", "site", "catalogue.toml"];
    well(&desk.run(&[&build[..], &harm].concat()));
    key
}

#[test]
fn pages_with_a_key_are_those_of_this_version_with_that_key_alone() {
    let desk = desk();
    let key = pin(&desk, "publisher.key.pub");
    for arguments in [&KEY[..], &[]] {
        let (status, report) = verify(&desk, "site", arguments);
        assert_eq!((status, codes(&report)), (Some(0), vec![]), "{report:#}");
        assert_eq!(report["pinned_key"], key.as_str());
        let pages = report["pages"].as_array().expect("pages");
        assert!(pages.iter().all(|page| page["as_built"] == true));
    }
    // One character more than the key.
    let path = desk.0.path().join("site/cek-nik-offline.html");
    let page = fs::read_to_string(&path).expect("a page");
    for changed in [
        page.replace(&key, &format!("{key} ")),
        page.replace(&key, ""),
        page.replace("</body>", "<!-- --></body>"),
    ] {
        fs::write(&path, changed).expect("a page");
        let (status, report) = verify(&desk, "site", &KEY);
        assert_eq!(
            (status, codes(&report)),
            (Some(0), vec!["page_differs"]),
            "{report:#}"
        );
    }
}

#[test]
fn pages_that_pin_another_key_or_have_no_signature_harm_readers() {
    let desk = desk();
    let new = ["sign", "--new-key", "other.key", "--password-stdin"];
    well(&feed(&mut desk.command(&new), PASSWORD));
    pin(&desk, "other.key.pub");
    let (status, report) = verify(&desk, "site", &KEY);
    assert_eq!(
        (status, codes(&report)),
        (Some(1), vec!["pinned_key_differs"]),
        "{report:#}"
    );
    // Readers verify with the key in the pages.
    let (status, report) = verify(&desk, "site", &[]);
    assert_eq!(
        (status, codes(&report)),
        (Some(1), vec!["signature_refused"]),
        "{report:#}"
    );
    fs::remove_file(desk.0.path().join("site/catalogue.json.minisig")).expect("signed");
    let (status, report) = verify(&desk, "site", &[]);
    assert_eq!(
        (status, codes(&report)),
        (Some(1), vec!["signature_refused"]),
        "{report:#}"
    );
}

#[test]
fn adding_and_removing_keeps_the_key_and_only_it_can_sign() {
    let desk = desk();
    let key = pin(&desk, "publisher.key.pub");
    let printed = crate::desk::message(&desk.run(&["remove", "site", "more"]));
    assert!(
        printed.contains("signature of the old edition was removed"),
        "{printed}"
    );
    let (_, report) = verify(&desk, "site", &[]);
    assert_eq!(report["pinned_key"], key.as_str());
    let new = ["sign", "--new-key", "other.key", "--password-stdin"];
    well(&feed(&mut desk.command(&new), PASSWORD));
    let sign = |key: &str| {
        let sign = ["sign", "site", "--key", key, "--password-stdin"];
        feed(&mut desk.command(&sign), PASSWORD)
    };
    let refused = ill(&sign("other.key"));
    assert!(
        refused.contains("pin another key") && refused.contains(&key),
        "{refused}"
    );
    well(&sign("publisher.key"));
    let (status, report) = verify(&desk, "site", &KEY);
    assert_eq!((status, codes(&report)), (Some(0), vec![]), "{report:#}");
}

#[test]
fn a_key_with_a_typing_error_is_refused_before_anything_is_built() {
    let desk = desk();
    let text = fs::read_to_string(desk.0.path().join("catalogue.toml")).expect("a description");
    desk.write("catalogue.toml", format!("key = \"RWQ\"\n{text}"));
    let refused = ill(&desk.run(&["build", "--out", "site", "catalogue.toml"]));
    assert!(
        refused.contains("key") && refused.contains("56 characters"),
        "{refused}"
    );
}

#[test]
fn a_good_directory_passes() {
    let desk = desk();
    let (status, report) = verify(&desk, "site", &KEY);
    // So cheap a derivation is for an audit to complain of.
    assert_eq!((status, codes(&report)), (Some(0), vec![]), "{report:#}");
    assert_eq!(report["edition"]["number"], 1);
    assert_eq!(report["edition"]["expires"], "2026-06-20");
    assert_eq!(report["signature"]["verified"], true);
    assert_eq!(
        report["signature"]["comment"],
        "cek-nik edition 1, expires 2026-06-20"
    );
    let datasets = report["datasets"].as_array().expect("data sets").iter();
    let verified: Vec<_> = datasets
        .map(|d| (d["shards"].as_u64(), d["verified"].as_u64()))
        .collect();
    assert_eq!(verified, [(Some(1), Some(1)), (Some(8), Some(8))]);
    let pages = report["pages"].as_array().expect("pages");
    assert!(
        pages.len() > 8 && pages.iter().all(|page| page["as_built"] == true),
        "{pages:#?}"
    );

    let (status, report) = verify(&desk, "site", &["--sample", "2"]);
    assert_eq!(status, Some(0), "{report:#}");
    assert_eq!(report["datasets"][1]["verified"], 2);
    let all: Vec<&Value> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .collect();
    let all: Vec<&str> = all
        .iter()
        .map(|finding| finding["code"].as_str().expect("a code"))
        .collect();
    assert_eq!(all, ["signature_unverified", "shards_sampled"]);
    let text = desk.run(&["verify", "site"]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    for words in [
        "edition           1, published on 2026-05-21, valid until 2026-06-20",
        "\"cek-nik edition 1, expires 2026-06-20\", not verified",
        "\"more\"            8 of 8 shards verified",
        "SHA-256",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn each_fault_of_a_directory_is_found() {
    let desk = desk();
    let good = desk.files("site");
    let shard = good
        .keys()
        .find(|name| name.contains("more") && name.ends_with(".cnk"));
    let shard = shard.expect("a shard").clone();
    let catalogue = String::from_utf8(good["catalogue.json"].clone()).expect("text");
    let changed = |name: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = good[name].clone();
        change(&mut bytes);
        (name.to_owned(), Some(bytes))
    };
    let flip = |bytes: &mut Vec<u8>| bytes[100] ^= 1;
    let later = catalogue
        .replace("\"edition\": 1", "\"edition\": 2")
        .into_bytes();
    let cases = [
        (changed(&shard, &flip), "shard_refused", 1),
        (
            changed(&shard, &|bytes| bytes.truncate(50)),
            "shard_refused",
            1,
        ),
        ((shard.clone(), None), "shard_missing", 1),
        (
            ("catalogue.json".to_owned(), Some(later)),
            "signature_refused",
            1,
        ),
        (
            ("catalogue.json".to_owned(), Some(b"{}".to_vec())),
            "catalogue_refused",
            1,
        ),
        (
            ("catalogue.json.minisig".to_owned(), None),
            "signature_refused",
            1,
        ),
        (
            ("daftar.csv".to_owned(), Some(b"NIK\n".to_vec())),
            "file_left_behind",
            1,
        ),
        (("cek-nik.html".to_owned(), None), "page_missing", 0),
        (("editions.atom".to_owned(), None), "page_missing", 0),
        (
            changed("editions.atom", &|feed| feed.truncate(9)),
            "page_differs",
            0,
        ),
        (
            changed("cek-nik.html", &|page| page.truncate(9)),
            "page_differs",
            0,
        ),
    ];
    for ((name, content), code, expected) in cases {
        let path = desk.0.path().join("site").join(&name);
        match &content {
            Some(content) => std::fs::write(&path, content).expect("written"),
            None => std::fs::remove_file(&path).expect("removed"),
        }
        let (status, report) = verify(&desk, "site", &KEY);
        assert_eq!(status, Some(expected), "{name}: {report:#}");
        assert!(codes(&report).contains(&code), "{code}: {report:#}");
        match good.get(&name) {
            Some(content) => std::fs::write(&path, content).expect("written"),
            None => std::fs::remove_file(&path).expect("removed"),
        }
    }
    assert_eq!(codes(&verify(&desk, "site", &KEY).1), [""; 0]);
    let on = |seconds: u64| {
        let mut command = desk.command(&["verify", "site", "--json"]);
        let output: Output = command
            .env("SOURCE_DATE_EPOCH", seconds.to_string())
            .output()
            .expect("runs");
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        (output.status.code(), codes(&report).join(" "))
    };
    let published = 1_779_321_600;
    assert_eq!(
        on(published + 31 * 86_400),
        (Some(0), "edition_expired".to_owned())
    );
    assert_eq!(
        on(published + 61 * 86_400),
        (Some(1), "edition_too_old".to_owned())
    );
}

#[test]
fn what_is_no_site_cannot_be_verified() {
    let desk = desk();
    for site in [
        "elsewhere",
        "list.txt",
        "http://127.0.0.1:1/",
        "https://",
        "example.org/nik",
    ] {
        let error = ill(&desk.run(&["verify", site]));
        assert!(!error.contains("panicked"), "{error}");
    }
    let empty = Host::start(|_| None);
    let error = ill(&desk.run(&["verify", &empty.address]));
    assert!(error.contains("there is no such file"), "{error}");
}

/// An answer: status, headers and body.
#[derive(Clone)]
struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn set(&mut self, name: &'static str, value: &str) {
        self.headers.retain(|(header, _)| *header != name);
        if !value.is_empty() {
            self.headers.push((name, value.to_owned()));
        }
    }
}

/// A host that answers as a function says.
struct Host {
    address: String,
}

impl Host {
    fn start(answer: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}/nik/", listener.local_addr().expect("bound"));
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let answer = answer.clone();
                thread::spawn(move || respond(&stream.expect("connected"), &*answer));
            }
        });
        Self { address }
    }

    /// A host of a site, whose answers a function changes.
    fn of(files: &Files, change: impl Fn(&Request, &mut Answer) + Send + Sync + 'static) -> Self {
        let files = files.clone();
        Self::start(move |request| {
            let found = files.get(&request.name).cloned();
            let mut answer = good(&request.name, found);
            change(request, &mut answer);
            Some(answer)
        })
    }
}

struct Request {
    /// The path below the directory of the site.
    name: String,
    accepts_gzip: bool,
}

impl Request {
    fn is(&self, ending: &str) -> bool {
        self.name.ends_with(ending)
    }
}

fn respond(stream: &TcpStream, answer: &dyn Fn(&Request) -> Option<Answer>) {
    let head: Vec<String> = BufReader::new(stream)
        .lines()
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .collect();
    let Some(path) = head.first().and_then(|line| line.split(' ').nth(1)) else {
        return;
    };
    let name = path.strip_prefix("/nik/").unwrap_or(path).to_owned();
    let accepts_gzip = head.iter().any(|line| {
        let line = line.to_lowercase();
        line.starts_with("accept-encoding:") && line.contains("gzip")
    });
    let request = Request { name, accepts_gzip };
    let answer = answer(&request).unwrap_or_else(|| good("", None));
    let mut text = format!("HTTP/1.1 {} X\r\nConnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("Content-Length: {}\r\n\r\n", answer.body.len());
    let bytes = [text.as_bytes(), &answer.body].concat();
    // A client that wants the headers only closes early.
    if let Err(error) = { stream }.write_all(&bytes) {
        let kinds = [ErrorKind::BrokenPipe, ErrorKind::ConnectionReset];
        assert!(kinds.contains(&error.kind()), "{error}");
    }
}

/// The answer of a host that is set up as it should be.
fn good(name: &str, found: Option<Vec<u8>>) -> Answer {
    let mut answer = Answer {
        status: if found.is_some() { 200 } else { 404 },
        headers: Vec::new(),
        body: found.unwrap_or_default(),
    };
    answer.set("Access-Control-Allow-Origin", "*");
    answer.set("Referrer-Policy", "no-referrer");
    let (caching, kind) = match name.rsplit('.').next() {
        Some("cnk") => (
            "public, max-age=31536000, immutable",
            "application/octet-stream",
        ),
        Some("html") => ("no-cache", "text/html; charset=utf-8"),
        Some("js") => ("no-cache", "text/javascript"),
        _ => ("no-cache", "application/json"),
    };
    answer.set("Cache-Control", caching);
    answer.set("Content-Type", kind);
    answer
}

/// Inserts text into a page before its end.
fn insert(answer: &mut Answer, text: &str) {
    let page = String::from_utf8(answer.body.clone()).expect("text");
    let at = page.find("<body").expect("a body");
    answer.body = [&page[..at], text, &page[at..]].concat().into_bytes();
}

type Change = Box<dyn Fn(&Request, &mut Answer) + Send + Sync>;

#[test]
fn a_good_host_passes_and_each_fault_of_a_host_is_found_and_named() {
    let desk = desk();
    let files = desk.files("site");
    let host = Host::of(&files, |_, _| ());
    for more in [&KEY[..], &["--sample", "3"]] {
        let (status, report) = verify(&desk, &host.address, more);
        assert_eq!((status, codes(&report)), (Some(0), vec![]), "{report:#}");
    }
    let at = format!("{}cek-nik.html", host.address);
    assert_eq!(verify(&desk, &at, &KEY).0, Some(0));

    fn on(ending: &'static str, change: fn(&mut Answer)) -> Change {
        Box::new(move |request, answer| {
            if request.is(ending) {
                change(answer);
            }
        })
    }
    let cases: Vec<(&str, i32, &str, Change)> = vec![
        (
            "page_missing",
            0,
            "editions.atom",
            on("editions.atom", |answer| answer.status = 404),
        ),
        (
            "page_differs",
            0,
            "its newest entry is not edition 1",
            on("editions.atom", |answer| answer.body.truncate(9)),
        ),
        (
            "cors_missing",
            1,
            "Access-Control-Allow-Origin is missing",
            on("", |answer| answer.set("Access-Control-Allow-Origin", "")),
        ),
        (
            "cors_missing",
            1,
            "\"*, *\"",
            on(".cnk", |answer| {
                answer
                    .headers
                    .push(("access-control-allow-origin", "*".to_owned()))
            }),
        ),
        (
            "changing_cached",
            0,
            "max-age=14400",
            on("catalogue.json", |answer| {
                answer.set("Cache-Control", "max-age=14400")
            }),
        ),
        (
            "changing_cached",
            0,
            "catalogue.json.minisig",
            on(".minisig", |answer| {
                answer.set("Cache-Control", "public, max-age=60")
            }),
        ),
        (
            "page_type",
            1,
            "text/plain",
            on("cek-nik.html", |answer| {
                answer.set("Content-Type", "text/plain")
            }),
        ),
        (
            "shard_type",
            0,
            "text/html",
            on(".cnk", |answer| answer.set("Content-Type", "text/html")),
        ),
        (
            "missing_answered",
            0,
            "status 200",
            on("0000.cnk", |answer| answer.status = 200),
        ),
        (
            "framing_forbidden",
            1,
            "X-Frame-Options is \"SAMEORIGIN\"",
            on("cek-nik.html", |answer| {
                answer.set("X-Frame-Options", "SAMEORIGIN")
            }),
        ),
        (
            "framing_forbidden",
            1,
            "frame-ancestors 'self'",
            on(".html", |answer| {
                answer.set("Content-Security-Policy", "frame-ancestors 'self'")
            }),
        ),
        (
            "policy_added",
            0,
            "default-src 'self'",
            on("index.html", |answer| {
                answer.set("Content-Security-Policy", "default-src 'self'")
            }),
        ),
        (
            "referrer_policy",
            0,
            "Referrer-Policy is missing",
            on("index.html", |answer| answer.set("Referrer-Policy", "")),
        ),
        (
            "cookie_set",
            0,
            "Set-Cookie is sent",
            on("", |answer| answer.set("Set-Cookie", "__cf_bm=1")),
        ),
        (
            "redirected",
            1,
            "leads to https://example.org/",
            on("catalogue.json", |answer| {
                answer.status = 302;
                answer.set("Location", "https://example.org/");
            }),
        ),
        (
            "shard_compressed",
            1,
            "Content-Encoding is \"gzip\"",
            Box::new(|request, answer| {
                if request.is(".cnk") && request.accepts_gzip {
                    answer.set("Content-Encoding", "gzip");
                }
            }),
        ),
        (
            "shard_refused",
            1,
            "damaged",
            on("0003.cnk", |answer| answer.body[100] ^= 1),
        ),
        (
            "shard_refused",
            1,
            "not_a_shard",
            on("0003.cnk", |answer| {
                answer.body = b"<!doctype html>".to_vec()
            }),
        ),
        (
            "shard_missing",
            1,
            "0003",
            on("0003.cnk", |answer| answer.status = 404),
        ),
        (
            "shard_unfetched",
            1,
            "status 503",
            on("0003.cnk", |answer| answer.status = 503),
        ),
        (
            "signature_refused",
            1,
            "signature_missing",
            on(".minisig", |answer| answer.status = 404),
        ),
        (
            "signature_refused",
            1,
            "signature_wrong",
            on("catalogue.json", |answer| {
                let text = String::from_utf8(answer.body.clone()).expect("text");
                answer.body = text.replace("2026-06-20", "2026-06-21").into_bytes();
            }),
        ),
        (
            "page_missing",
            0,
            "status 404",
            on("cek-nik-offline.html", |answer| answer.status = 404),
        ),
        (
            "page_differs",
            0,
            "not the one of cek-nik",
            on("embed.js", |answer| answer.body = b"f()".to_vec()),
        ),
        (
            "page_transformed",
            1,
            "Rocket Loader",
            on("cek-nik.html", |answer| {
                insert(
                    answer,
                    "<script src=/cdn-cgi/scripts/rocket-loader.min.js></script>",
                );
            }),
        ),
        (
            "page_transformed",
            1,
            "e-mail obfuscation",
            on("index.html", |answer| {
                insert(
                    answer,
                    "<script src=/cdn-cgi/scripts/email-decode.min.js></script>",
                );
            }),
        ),
        (
            "page_transformed",
            1,
            "a script of 38 bytes",
            on("index.html", |answer| {
                insert(answer, "<script src=//ads.example/x></script>\n");
            }),
        ),
        (
            "page_transformed",
            1,
            "minifying",
            on("cek-nik.html", |answer| {
                answer.body.retain(|byte| *byte != b'\n');
            }),
        ),
        (
            "page_transformed",
            1,
            "line ends",
            on("cek-nik.html", |answer| {
                let page = String::from_utf8(answer.body.clone()).expect("text");
                answer.body = page.replace('\n', "\r\n").into_bytes();
            }),
        ),
    ];
    for (code, status, what, change) in cases {
        let host = Host::of(&files, change);
        let (found, report) = verify(&desk, &host.address, &KEY);
        assert_eq!(found, Some(status), "{code}: {report:#}");
        let findings = report["findings"].as_array().expect("findings");
        let such: Vec<&Value> = findings.iter().filter(|f| f["code"] == code).collect();
        assert!(!such.is_empty(), "{code}: {report:#}");
        let is_said = such
            .iter()
            .any(|finding| finding.to_string().contains(&what.replace('"', "\\\"")));
        assert!(is_said, "{what}: {report:#}");
        // Nothing else is blamed.
        let others: Vec<&str> = codes(&report)
            .into_iter()
            .filter(|other| *other != code)
            .collect();
        assert_eq!(others, [""; 0], "{code}");
    }
}

#[test]
fn a_host_may_leave_out_the_html_of_an_address() {
    let desk = desk();
    let files = desk.files("site");
    let host = Host::start(move |request| {
        let name = request.name.clone();
        let mut answer = match name.as_str() {
            "" => good("index.html", files.get("index.html").cloned()),
            name if name.ends_with(".html") => {
                let to = name.trim_end_matches(".html").trim_end_matches("index");
                let mut answer = good(name, Some(Vec::new()));
                answer.status = 308;
                answer.set("Location", &format!("/nik/{to}"));
                answer
            }
            name => match files.get(name) {
                Some(file) => good(name, Some(file.clone())),
                None => {
                    let page = format!("{name}.html");
                    good(&page, files.get(&page).cloned())
                }
            },
        };
        if answer.status == 404 {
            answer.body = b"nothing here".to_vec();
        }
        Some(answer)
    });
    let (status, report) = verify(&desk, &host.address, &KEY);
    assert_eq!((status, codes(&report)), (Some(0), vec![]), "{report:#}");
    let pages = report["pages"].as_array().expect("pages");
    assert!(
        pages.iter().all(|page| page["as_built"] == true),
        "{pages:#?}"
    );
}

#[cfg(unix)]
#[test]
fn the_preview_server_passes() {
    let desk = desk();
    let server = crate::serve::Server::start(&desk, "site");
    let (status, report) = verify(&desk, &format!("http://{}/", server.host), &KEY);
    assert_eq!((status, codes(&report)), (Some(0), vec![]), "{report:#}");
}
