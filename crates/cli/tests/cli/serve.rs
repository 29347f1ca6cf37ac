//! `cek-nik serve`: what it shows of a directory, what it says, and how it ends.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::Desk;

const SECRET: &str = "not for anybody else";

/// Nothing here takes as long, but what waits for ever.
const PATIENCE: Duration = Duration::from_secs(20);

/// A site, and a file beside it.
fn desk_with_site() -> Desk {
    let desk = Desk::new();
    desk.write("list.txt", "3201014107909001\n");
    let build = ["build", "--kdf", "sha256", "--out", "site", "list.txt"];
    assert!(desk.run(&build).status.success());
    desk.write("secret.txt", SECRET);
    desk
}

pub struct Server {
    child: Child,
    pub host: String,
}

impl Server {
    pub fn start(desk: &Desk, site: &str) -> Self {
        let mut child = desk
            .command(&["serve", site, "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("runs");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let host = line.strip_prefix("http://").expect("an address");
        let (host, _) = host.split_once('/').expect("its end");
        let host = host.to_owned();
        assert!(host.starts_with("127.0.0.1:"), "{host}");
        Self { child, host }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.host).expect("connected");
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
        stream
    }

    /// The head and the body of an answer.
    fn get(&self, path: &str) -> (String, String) {
        let mut stream = self.connect();
        let host = &self.host;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        (head.to_owned(), body.to_owned())
    }

    fn status(&self, path: &str) -> String {
        let (head, body) = self.get(path);
        assert!(!body.contains(SECRET), "{path}");
        head.split(' ').nth(1).expect("a status").to_owned()
    }

    fn interrupt(&self) {
        let process = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &process]).status();
        assert!(sent.expect("kill").success());
    }

    fn ends(&mut self) -> Option<i32> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("its status") {
                return status.code();
            }
            assert!(start.elapsed() < PATIENCE, "it does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn ctrl_c_ends_it_while_a_request_is_half_sent() {
    let desk = desk_with_site();
    let mut server = Server::start(&desk, "site");
    let mut half = server.connect();
    half.write_all(b"GET /catalogue.json HTTP/1.1\r\nHost: ")
        .expect("sent");
    let mut idle = server.connect();
    idle.write_all(b"GET /catalogue.json HTTP/1.1\r\nHost: x\r\n\r\n")
        .expect("sent");
    let mut byte = [0];
    idle.read_exact(&mut byte).expect("an answer");
    server.interrupt();
    assert_eq!(server.ends(), Some(0));
}

#[test]
fn the_files_of_a_site_are_served_with_their_headers() {
    let desk = desk_with_site();
    let server = Server::start(&desk, "site");
    for (path, content) in desk.files("site") {
        let (head, body) = server.get(&format!("/{path}"));
        if path.starts_with('.') {
            assert!(head.starts_with("HTTP/1.1 404 "), "{path}: {head}");
            continue;
        }
        assert!(head.starts_with("HTTP/1.1 200 "), "{path}: {head}");
        assert_eq!(body, String::from_utf8_lossy(&content), "{path}");
        let head = head.to_lowercase();
        assert!(head.contains("access-control-allow-origin: *"), "{head}");
        assert_eq!(path.ends_with(".cnk"), head.contains("immutable"), "{path}");
    }
    assert_eq!(server.status("/"), "200");
    assert_eq!(server.status("/nowhere"), "404");
    assert_eq!(server.status("/data/nowhere"), "404");
}

#[test]
fn symbolic_links_are_not_served() {
    let desk = desk_with_site();
    let at = |name: &str| -> PathBuf { desk.0.path().join(name) };
    fs::create_dir_all(at("elsewhere")).expect("made");
    desk.write("elsewhere/secret.txt", SECRET);
    for (target, link) in [
        (at("secret.txt"), "site/out.txt"),
        (at("secret.txt"), "site/data/out.txt"),
        (at("secret.txt"), "site/data/list/out.txt"),
        (at("elsewhere"), "site/elsewhere"),
        (at("elsewhere"), "site/data/elsewhere"),
        ("catalogue.json".into(), "site/in.json"),
        ("data".into(), "site/in"),
        ("nowhere".into(), "site/lost"),
    ] {
        symlink(target, at(link)).expect("linked");
    }
    let server = Server::start(&desk, "site");
    for path in [
        "/out.txt",
        "/data/out.txt",
        "/data/list/out.txt",
        "/elsewhere/secret.txt",
        "/elsewhere/",
        "/elsewhere",
        "/data/elsewhere/secret.txt",
        "/in.json",
        "/in/list/",
        "/lost",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/data/..%2f../secret.txt",
    ] {
        assert_eq!(server.status(path), "404", "{path}");
    }
    assert_eq!(server.status("/catalogue.json"), "200");
}

#[test]
fn a_site_behind_a_symbolic_link_is_served() {
    let desk = desk_with_site();
    symlink("site", desk.0.path().join("link")).expect("linked");
    for site in ["link", "./link/", "link/."] {
        let server = Server::start(&desk, site);
        assert_eq!(server.status("/catalogue.json"), "200", "{site}");
    }
    let absolute = desk.0.path().join("site");
    let server = Server::start(&desk, absolute.to_str().expect("text"));
    assert_eq!(server.status("/catalogue.json"), "200");
}

#[test]
fn hidden_files_are_not_served() {
    let desk = desk_with_site();
    for directory in ["site/.git", "site/data/.keys", "site/data/list/.x"] {
        fs::create_dir_all(desk.0.path().join(directory)).expect("made");
    }
    for name in [
        "site/.secret",
        "site/.git/config",
        "site/data/.keys/list.keys",
        "site/data/list/.x/y",
        "site/data/.secret",
    ] {
        desk.write(name, SECRET);
    }
    let server = Server::start(&desk, "site");
    for path in [
        "/.secret",
        "/%2esecret",
        "/%2Esecret",
        "/.git/config",
        "/.git/",
        "/.git",
        "/data/.keys/list.keys",
        "/data/list/.x/y",
        "/data/.secret",
        "/.htaccess",
    ] {
        assert_eq!(server.status(path), "404", "{path}");
    }
}

#[test]
fn a_pipe_in_a_site_is_not_waited_for() {
    let desk = desk_with_site();
    let pipe = desk.0.path().join("site/pipe");
    let made = Command::new("mkfifo").arg(pipe).status();
    assert!(made.expect("mkfifo").success());
    let mut server = Server::start(&desk, "site");
    assert_eq!(server.status("/pipe"), "404");
    server.interrupt();
    assert_eq!(server.ends(), Some(0));
}

/// The headers let every origin read the site, since the widget has none of its own.
#[test]
fn it_warns_that_pages_in_the_browser_can_read_the_site() {
    let desk = desk_with_site();
    let mut server = Server::start(&desk, "site");
    assert_eq!(server.status("/"), "200");
    server.interrupt();
    assert_eq!(server.ends(), Some(0));
    let mut warning = String::new();
    let mut stderr = server.child.stderr.take().expect("piped");
    stderr.read_to_string(&mut warning).expect("text");
    assert!(
        warning.contains("any page open in a browser on this computer can read the site"),
        "{warning}"
    );
}
