//! `cek-nik check` against a host, whose address is pasted from a browser.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Output;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::desk::{Desk, feed};

const MEMBER: &str = "3201014107909001";
const STRANGER: &str = "9471014107909999";

/// A host that serves files from memory, and for every other path a page with status 200.
struct Host {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Host {
    fn start(files: BTreeMap<String, Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("bound").to_string();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = requests.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.expect("connected");
                log.lock().expect("alive").push(answer(stream, &files));
            }
        });
        Self { address, requests }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("alive").clone()
    }
}

/// Answers one request, and returns its path below `/nik/`.
fn answer(mut stream: TcpStream, files: &BTreeMap<String, Vec<u8>>) -> String {
    let head: Vec<String> = BufReader::new(&stream)
        .lines()
        .map(|line| line.expect("text"))
        .take_while(|line| !line.is_empty())
        .collect();
    let path = head[0].split(' ').nth(1).expect("a path");
    let name = path.strip_prefix("/nik/").unwrap_or(path).to_owned();
    let body = files
        .get(&name)
        .map_or(&b"<!doctype html>Home"[..], Vec::as_slice);
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("sent");
    stream.write_all(body).expect("sent");
    name
}

fn site() -> (Desk, BTreeMap<String, Vec<u8>>) {
    let desk = Desk::new();
    desk.write("list.txt", format!("{MEMBER}\n"));
    let build = ["build", "--kdf", "sha256", "--out", "site", "list.txt"];
    assert!(desk.run(&build).status.success());
    let files = desk.files("site");
    (desk, files)
}

fn check(desk: &Desk, site: &str, input: &str) -> (Option<i32>, String) {
    let arguments = ["check", "--stdin", "--lang", "en", "--site", site];
    let Output {
        status,
        stdout,
        stderr,
    } = feed(&mut desk.command(&arguments), input);
    let printed = String::from_utf8([stdout, stderr].concat()).expect("text");
    (status.code(), printed)
}

#[test]
fn the_address_of_any_page_of_a_site_is_accepted() {
    let (desk, files) = site();
    let host = Host::start(files);
    for page in [
        "",
        "/",
        "/index.html#lang=id",
        "/?utm_source=wa",
        "/cek-nik.html",
        "/catalogue.json",
    ] {
        let address = format!(" http://{}/nik{page}", host.address);
        let (status, printed) = check(&desk, &address, MEMBER);
        assert_eq!(status, Some(0), "{page}: {printed}");
    }
}

#[test]
fn a_wrong_address_is_named_as_what_it_is() {
    let (desk, files) = site();
    let host = Host::start(files);
    for (site, words) in [
        (
            format!("http://{}/nik/leak.cnkpack", host.address),
            "address of a pack",
        ),
        (format!("{}/nik/", host.address), "write https:// in front"),
        (
            "file:///tmp/site/index.html".to_owned(),
            "give its directory",
        ),
        ("https://".to_owned(), "not a valid address"),
    ] {
        let (status, printed) = check(&desk, &site, MEMBER);
        assert_eq!(status, Some(2), "{printed}");
        assert!(printed.contains(words), "{printed}");
    }
    assert_eq!(host.requests(), [""; 0]);
    let (status, printed) = check(&desk, &format!("http://{}/elsewhere", host.address), MEMBER);
    assert_eq!(status, Some(2), "{printed}");
    assert!(printed.contains("Check the address"), "{printed}");
}

/// The host has just sent the catalogue, so the Wi-Fi network does not want anybody to sign in.
#[test]
fn a_page_in_place_of_a_shard_is_not_called_a_sign_in_page() {
    let (desk, mut files) = site();
    files.retain(|name, _| name == "catalogue.json");
    let host = Host::start(files);
    let (status, printed) = check(&desk, &format!("http://{}/nik/", host.address), MEMBER);
    assert_eq!(status, Some(2), "{printed}");
    assert!(printed.contains("some other page"), "{printed}");
    assert!(!printed.contains("Wi-Fi"), "{printed}");
}

#[test]
fn a_list_in_one_shard_is_fetched_and_verified_once_for_many_numbers() {
    let (desk, files) = site();
    let host = Host::start(files);
    let input = format!("{STRANGER}\n{MEMBER}\nNIK: {STRANGER}\n{MEMBER}\n");
    let (status, printed) = check(&desk, &format!("http://{}/nik/", host.address), &input);
    assert_eq!(status, Some(0), "{printed}");
    assert_eq!(printed.matches("In the list").count(), 2, "{printed}");
    assert_eq!(printed.matches("Not in this list").count(), 2, "{printed}");
    assert_eq!(requests_for_shards(&host), 1, "{:?}", host.requests());
}

fn requests_for_shards(host: &Host) -> usize {
    let requests = host.requests();
    requests
        .iter()
        .filter(|path| path.ends_with(".cnk"))
        .count()
}

/// A host that answers each connection by a function. It counts the requests by their paths.
fn host_of(answer: impl Fn(TcpStream, &dyn Fn(&str)) + Send + Sync + 'static) -> Host {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    let requests = Arc::new(Mutex::new(Vec::new()));
    let (log, answer) = (requests.clone(), Arc::new(answer));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (log, answer) = (log.clone(), answer.clone());
            let stream = stream.expect("connected");
            thread::spawn(move || {
                answer(stream, &|path| {
                    log.lock().expect("alive").push(path.to_owned())
                });
            });
        }
    });
    Host { address, requests }
}

/// Reads the head of a request. Returns its path; `None` where the client has gone.
fn path_of(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.extend(byte);
    }
    let head = String::from_utf8(head).expect("text");
    head.split(' ').nth(1).map(str::to_owned)
}

fn send(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n");
    // The client may have gone.
    let _ = stream.write_all(&[head.as_bytes(), body].concat());
}

/// A host that answers each path once for each connection, and then closes it.
fn redirecting(target: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Host {
    let (_desk, files) = site();
    host_of(move |mut stream, log| {
        let Some(path) = path_of(&mut stream) else {
            return;
        };
        log(&path);
        match target(&path) {
            Some(target) => {
                let headers = format!("Location: {target}\r\nConnection: close\r\n");
                send(&mut stream, "302 Found", &headers, b"");
            }
            None => {
                let name = path.rsplit_once("/nik/").expect("a file of the site").1;
                send(&mut stream, "200 OK", "Connection: close\r\n", &files[name]);
            }
        }
    })
}

#[test]
fn a_redirect_to_another_host_is_refused_and_named() {
    let desk = Desk::new();
    let (_desk, files) = site();
    let other = Arc::new(Host::start(files));
    let target = format!("http://{}/nik/", other.address);
    let of_catalogue = redirecting({
        let target = target.clone();
        move |_| Some(format!("{target}catalogue.json"))
    });
    let of_shards = redirecting(move |path| {
        let shard = path.strip_prefix("/nik/data/")?;
        Some(format!("{target}data/{shard}"))
    });
    for host in [of_catalogue, of_shards] {
        let (status, printed) = check(&desk, &format!("http://{}/nik/", host.address), MEMBER);
        assert_eq!(status, Some(2), "{printed}");
        assert!(
            printed.contains("on another host. It was not followed"),
            "{printed}"
        );
        assert!(printed.contains(&other.address), "{printed}");
    }
    assert_eq!(other.requests(), [""; 0]);
}

#[test]
fn a_redirect_within_the_host_is_followed_and_an_endless_one_is_named() {
    let desk = Desk::new();
    let moved = redirecting(|path| {
        let rest = path.strip_prefix("/nik/")?;
        Some(format!("/moved/nik/{rest}"))
    });
    let (status, printed) = check(&desk, &format!("http://{}/nik/", moved.address), MEMBER);
    assert_eq!(status, Some(0), "{printed}");
    let endless = redirecting(|path| Some(path.to_owned()));
    let (status, printed) = check(&desk, &format!("http://{}/nik/", endless.address), MEMBER);
    assert_eq!(status, Some(2), "{printed}");
    assert!(printed.contains("redirects again and again"), "{printed}");
    assert_eq!(endless.requests().len(), 21);
}

#[test]
fn a_host_that_is_no_web_server_or_not_there_is_named() {
    let desk = Desk::new();
    let other = host_of(|mut stream, _| {
        let _ = stream.read(&mut [0; 1 << 10]);
        let _ = stream.write_all(b"220 mail.example ESMTP\r\n");
    });
    for (site, words) in [
        (
            format!("http://{}/", other.address),
            "does not answer as a web server does",
        ),
        // HTTP where TLS is expected.
        (
            format!("https://{}/", other.address),
            "does not answer as a web server does",
        ),
        ("http://127.0.0.1:1/".to_owned(), "Nothing answers at"),
        (
            "http://nik.invalid/".to_owned(),
            "was not found. Check the address",
        ),
    ] {
        let (status, printed) = check(&desk, &site, MEMBER);
        assert_eq!(status, Some(2), "{printed}");
        assert!(printed.contains(words), "{site}: {printed}");
        assert!(!printed.contains("mistake is not yours"), "{printed}");
    }
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_named() {
    let certificate = CertificateDer::from(&include_bytes!("check_http/certificate.der")[..]);
    let key = PrivatePkcs8KeyDer::from(&include_bytes!("check_http/key.der")[..]);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key.into())
        .expect("a certificate and its key");
    let config = Arc::new(config);
    let host = host_of(move |stream, log| {
        let connection = ServerConnection::new(config.clone()).expect("a connection");
        let mut stream = StreamOwned::new(connection, stream);
        let mut request = [0; 1];
        if stream.read(&mut request).is_ok_and(|read| read > 0) {
            log("a request");
        }
    });
    let desk = Desk::new();
    let (status, printed) = check(&desk, &format!("https://{}/nik/", host.address), MEMBER);
    assert_eq!(status, Some(2), "{printed}");
    assert!(printed.contains("The certificate of https://"), "{printed}");
    assert_eq!(host.requests(), [""; 0]);
}

#[test]
fn what_browsers_cannot_read_and_others_can_is_a_warning() {
    const WARNING: &str = "without Access-Control-Allow-Origin";
    let (desk, files) = site();
    let hidden = Host::start(files.clone());
    let open = host_of(move |mut stream, _| {
        let path = path_of(&mut stream).expect("a request");
        let name = path.strip_prefix("/nik/").expect("a file of the site");
        let headers = "Access-Control-Allow-Origin: *\r\nConnection: close\r\n";
        send(&mut stream, "200 OK", headers, &files[name]);
    });
    for (host, warnings) in [(hidden, 1), (open, 0)] {
        let (status, printed) = check(&desk, &format!("http://{}/nik/", host.address), MEMBER);
        assert_eq!(status, Some(0), "{printed}");
        assert_eq!(printed.matches(WARNING).count(), warnings, "{printed}");
        assert!(!printed.contains("not encrypted"), "{printed}");
    }
    // An address for documents: nothing answers there.
    let (status, printed) = check(&desk, "http://nik.invalid/nik/", MEMBER);
    assert_eq!(status, Some(2), "{printed}");
    assert_eq!(printed.matches("not encrypted").count(), 1, "{printed}");
}

/// Some hosts close a kept connection at the moment of the next request.
#[test]
fn a_kept_connection_that_the_host_has_closed_is_replaced_once() {
    let (desk, files) = site();
    let host = host_of(move |mut stream, log| {
        let Some(path) = path_of(&mut stream) else {
            return;
        };
        let name = path.strip_prefix("/nik/").expect("a file of the site");
        log(name);
        send(&mut stream, "200 OK", "", &files[name]);
        // The next request gets no answer.
        if let Some(path) = path_of(&mut stream) {
            log(&format!("dropped {path}"));
        }
    });
    let (status, printed) = check(&desk, &format!("http://{}/nik/", host.address), MEMBER);
    assert_eq!(status, Some(0), "{printed}");
    let requests = host.requests();
    let dropped = requests.iter().filter(|path| path.starts_with("dropped"));
    assert_eq!((dropped.count(), requests.len()), (1, 3), "{requests:?}");
}

/// Twelve lists do not take twelve times the patience.
#[test]
fn a_silent_host_is_waited_for_once() {
    let desk = Desk::new();
    desk.write("list.txt", format!("{MEMBER}\n"));
    let dataset = |id| format!("[[dataset]]\nid = \"a{id}\"\ninputs = [\"list.txt\"]\n");
    let datasets: String = (0..12).map(dataset).collect();
    desk.write("catalogue.toml", format!("kdf = \"sha256\"\n{datasets}"));
    let build = ["build", "--out", "site", "catalogue.toml"];
    assert!(desk.run(&build).status.success());
    let catalogue = desk.files("site")["catalogue.json"].clone();
    let host = host_of(move |mut stream, log| {
        while let Some(path) = path_of(&mut stream) {
            log(&path);
            if path == "/catalogue.json" {
                send(&mut stream, "200 OK", "", &catalogue);
            } else {
                // Drops of an answer, until the client has gone.
                let mut drop = &b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"[..];
                while stream.write_all(drop).is_ok() {
                    drop = b"x";
                    thread::sleep(Duration::from_millis(100));
                }
            }
        }
    });
    let site = format!("http://{}/", host.address);
    let arguments = ["check", "--stdin", "--patience", "1", "--site", &site];
    let output = desk.ends(&arguments, MEMBER);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert_eq!(
        printed.matches("silent for too long").count(),
        12,
        "{printed}"
    );
    assert_eq!(requests_for_shards(&host), 1, "{:?}", host.requests());
}
