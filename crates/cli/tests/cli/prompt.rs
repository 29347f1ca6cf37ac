//! The prompt, at a pseudo-terminal: what is typed is never shown.

use std::io::{Read, Write};
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::Desk;
use pty_process::blocking::{self, Pty};
use rustix::termios::{LocalModes, tcgetattr};

#[allow(dead_code, reason = "every test uses another part of it")]
const MEMBER: &str = "3201014107909001";
const NAME: &str = "NUR'AINI CONTOH";

/// A site of one list with [`MEMBER`] as a directory, a pack and a page.
fn desk_with_sites(identifier: &str) -> Desk {
    let desk = Desk::new();
    desk.write("list.csv", format!("NIK,NAMA\n{MEMBER},{NAME}\n"));
    let build = ["build", "--kdf", "sha256", "--identifier", identifier];
    for arguments in [
        &[&build[..], &["--out", "site", "list.csv"]].concat()[..],
        &["pack", "site", "--out", "site.cnkpack"],
        &["pack", "site", "--html", "site.html"],
    ] {
        assert!(desk.run(arguments).status.success(), "{arguments:?}");
    }
    desk
}

/// Somebody at a terminal, who sees what is shown there.
struct Terminal {
    pty: Pty,
    child: Child,
    shown: String,
}

impl Terminal {
    fn start(desk: &Desk, arguments: &[&str]) -> Self {
        let (pty, pts) = blocking::open().expect("a pseudo-terminal");
        let command = blocking::Command::from(desk.command(arguments));
        let child = command.spawn(pts).expect("runs");
        let shown = String::new();
        Self { pty, child, shown }
    }

    /// Reads until it is asked for something, and answers as soon as nothing is shown any more.
    fn answer(&mut self, prompt: &str, typed: &str) {
        while !self.shown.contains(prompt) {
            assert!(self.read(), "not asked: {}", self.shown);
        }
        let start = Instant::now();
        while self.is_echoing() {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "what is typed is shown"
            );
            thread::sleep(Duration::from_millis(1));
        }
        writeln!(self.pty, "{typed}").expect("typed");
    }

    fn is_echoing(&self) -> bool {
        let modes = tcgetattr(&self.pty).expect("modes").local_modes;
        modes.contains(LocalModes::ECHO)
    }

    /// Whether there was something to read; at the end of the program, the terminal reports an error.
    fn read(&mut self) -> bool {
        let mut bytes = [0; 1024];
        let count = self.pty.read(&mut bytes).unwrap_or(0);
        self.shown += &String::from_utf8_lossy(&bytes[..count]);
        count > 0
    }

    /// Everything that was shown, and the exit status.
    fn end(mut self) -> (String, Option<i32>) {
        while self.read() {}
        let status = self.child.wait().expect("ends");
        (self.shown, status.code())
    }
}

#[test]
fn a_nik_that_is_typed_is_not_shown() {
    let desk = desk_with_sites("nik");
    for site in ["site", "site.cnkpack", "site.html"] {
        for (language, prompt, answer) in [
            (
                "id",
                "NIK yang ingin diperiksa (tidak ditampilkan): ",
                "Ada dalam daftar",
            ),
            ("en", "NIK to check (not shown): ", "In the list"),
        ] {
            let mut terminal =
                Terminal::start(&desk, &["check", "--site", site, "--lang", language]);
            terminal.answer(prompt, MEMBER);
            let (shown, status) = terminal.end();
            assert!(shown.contains(answer), "{site}: {shown}");
            assert_eq!(status, Some(0), "{site}");
            for part in ["3201", "9001", "4107"] {
                assert!(!shown.contains(part), "{site}: {shown}");
            }
        }
    }
}

#[test]
fn what_is_typed_and_is_no_nik_is_not_shown_either() {
    let desk = desk_with_sites("nik");
    for site in ["site", "site.cnkpack", "site.html"] {
        let mut terminal = Terminal::start(&desk, &["check", "--site", site, "--lang", "en"]);
        terminal.answer("NIK to check (not shown): ", "320101410790900");
        let (shown, status) = terminal.end();
        assert_eq!(status, Some(2), "{shown}");
        assert!(shown.contains("15"), "{shown}");
        assert!(!shown.contains("3201"), "{shown}");
    }
}

#[test]
fn a_name_that_is_typed_is_not_shown() {
    let desk = desk_with_sites("nik+nama");
    for site in ["site", "site.cnkpack", "site.html"] {
        let mut terminal = Terminal::start(&desk, &["check", "--site", site, "--lang", "en"]);
        terminal.answer("NIK to check (not shown): ", MEMBER);
        terminal.answer("Name as printed on the KTP (not shown): ", NAME);
        let (shown, status) = terminal.end();
        assert_eq!(status, Some(0), "{shown}");
        assert!(shown.contains("In the list"), "{shown}");
        for part in ["3201", "9001", "AINI", "CONTOH"] {
            assert!(!shown.contains(part), "{site}: {shown}");
        }
    }
}

/// A reading shows parts of the number, in words and to be compared with the card, and never the number.
#[test]
fn a_nik_that_is_typed_to_be_read_back_is_not_shown() {
    let desk = Desk::new();
    let mut terminal = Terminal::start(&desk, &["decode", "--lang", "en"]);
    terminal.answer("NIK to read back (not shown): ", MEMBER);
    let (shown, status) = terminal.end();
    assert_eq!(status, Some(0), "{shown}");
    assert!(shown.contains("1990"), "{shown}");
    assert!(
        !shown.contains("320101") && !shown.contains("410790"),
        "{shown}"
    );
}
