//! `cek-nik check` against a host, whose address is pasted from a browser.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Output;
use std::sync::{Arc, Mutex};
use std::thread;

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
    let shards = host
        .requests()
        .iter()
        .filter(|path| path.ends_with(".cnk"))
        .count();
    assert_eq!(shards, 1, "{:?}", host.requests());
}
