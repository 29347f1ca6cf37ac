//! The prompt, at a pseudo-terminal: what is typed is never shown, and the terminal is left as it
//! was found.

use std::io::{Read, Write};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::Desk;
use pty_process::blocking::{self, Pts, Pty};
use rustix::termios::{
    Action, InputModes, LocalModes, SpecialCodeIndex, Termios, tcflow, tcgetattr,
};

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
    child: Option<Child>,
    shown: String,
}

impl Terminal {
    fn start(desk: &Desk, arguments: &[&str]) -> Self {
        let (mut terminal, pts) = Self::idle();
        terminal.spawn(desk.command(arguments), &pts);
        terminal
    }

    /// A terminal where nothing runs yet, and its other end.
    fn idle() -> (Self, Pts) {
        let (pty, pts) = blocking::open().expect("a pseudo-terminal");
        let terminal = Self {
            pty,
            child: None,
            shown: String::new(),
        };
        (terminal, pts)
    }

    fn spawn(&mut self, command: Command, pts: &Pts) {
        let mut command = blocking::Command::from(command);
        self.child = Some(command.spawn_borrowed(pts).expect("runs"));
    }

    /// Reads until it is asked for something.
    fn see(&mut self, words: &str) {
        while !self.shown.contains(words) {
            assert!(self.read(), "{words:?} is not shown: {}", self.shown);
        }
    }

    /// Answers a question, which is shown only when nothing else is shown any more.
    fn answer(&mut self, prompt: &str, typed: &str) {
        self.see(prompt);
        assert!(!self.is_echoing(), "what is typed is shown");
        self.type_in(&format!("{typed}\n"));
    }

    fn type_in(&mut self, keys: &str) {
        self.pty.write_all(keys.as_bytes()).expect("typed");
    }

    fn modes(&self) -> Termios {
        tcgetattr(&self.pty).expect("modes")
    }

    fn is_echoing(&self) -> bool {
        self.modes().local_modes.contains(LocalModes::ECHO)
    }

    /// Whether there was something to read; at the end of the program, the terminal reports an
    /// error.
    fn read(&mut self) -> bool {
        let mut bytes = [0; 1024];
        let count = self.pty.read(&mut bytes).unwrap_or(0);
        self.shown += &String::from_utf8_lossy(&bytes[..count]);
        count > 0
    }

    /// Everything that was shown, and the exit status.
    fn end(mut self) -> (String, Option<i32>) {
        while self.read() {}
        let mut child = self.child.take().expect("started");
        let status = child.wait().expect("ends");
        (std::mem::take(&mut self.shown), status.code())
    }
}

impl Drop for Terminal {
    /// Ends what a failed test has left waiting.
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
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

/// A reading shows parts of the number, in words and to be compared with the card, and never the
/// number.
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

/// While a terminal holds its output back, nothing of a prompt can be shown: what happens then
/// happens before the prompt.
#[test]
fn echo_is_off_before_the_prompt_is_shown() {
    let desk = Desk::new();
    let (mut terminal, pts) = Terminal::idle();
    tcflow(&pts, Action::OOff).expect("output is held back");
    terminal.spawn(desk.command(&["decode", "--lang", "en"]), &pts);
    let start = Instant::now();
    while terminal.is_echoing() {
        let waited = start.elapsed();
        assert!(waited < Duration::from_secs(20), "the prompt comes first");
        thread::sleep(Duration::from_millis(1));
    }
    tcflow(&pts, Action::OOn).expect("output goes on");
    drop(pts);
    terminal.answer("NIK to read back (not shown): ", MEMBER);
    let (shown, status) = terminal.end();
    assert_eq!(status, Some(0), "{shown}");
    assert!(!shown.contains("320101"), "{shown}");
}

#[test]
fn a_line_that_was_typed_before_the_prompt_is_not_taken_for_an_answer() {
    let desk = desk_with_sites("nik");
    let (mut terminal, pts) = Terminal::idle();
    terminal.type_in("make\n");
    // Its echo shows that it waits to be read.
    terminal.see("make\r\n");
    let arguments = ["check", "--site", "site", "--lang", "en"];
    terminal.spawn(desk.command(&arguments), &pts);
    drop(pts);
    terminal.answer("NIK to check (not shown): ", MEMBER);
    let (shown, status) = terminal.end();
    assert_eq!(status, Some(0), "{shown}");
    assert!(shown.contains("In the list"), "{shown}");
}

#[test]
fn a_name_that_is_typed_before_its_prompt_is_not_shown_and_counts() {
    let desk = desk_with_sites("nik+nama");
    let mut terminal = Terminal::start(&desk, &["check", "--site", "site", "--lang", "en"]);
    terminal.answer("NIK to check (not shown): ", &format!("{MEMBER}\n{NAME}"));
    let (shown, status) = terminal.end();
    assert_eq!(status, Some(0), "{shown}");
    assert!(shown.contains("In the list"), "{shown}");
    assert!(!shown.contains("AINI"), "{shown}");
}

/// A program at a terminal, under a shell that stays, as the terminal of a program that has ended
/// tells nothing.
struct UnderShell {
    terminal: Terminal,
    before: Termios,
    process: String,
}

impl UnderShell {
    fn start(desk: &Desk) -> Self {
        let (mut terminal, pts) = Terminal::idle();
        let before = terminal.modes();
        let inner = "echo \"process $$.\"; exec \"$0\" decode --lang en";
        let outer = "trap : INT TERM HUP; sh -c \"$1\" \"$0\"; echo \"ended $?.\"; read held; \
                     echo \"held <$held>\"";
        let mut shell = Command::new("sh");
        shell
            .args(["-c", outer, env!("CARGO_BIN_EXE_cek-nik"), inner])
            .current_dir(&desk.0);
        terminal.spawn(shell, &pts);
        drop(pts);
        terminal.see("NIK to read back (not shown): ");
        assert!(!terminal.is_echoing(), "what is typed is shown");
        let (_, process) = terminal.shown.split_once("process ").expect("its number");
        let (process, _) = process.split_once('.').expect("its end");
        let process = process.to_owned();
        Self {
            terminal,
            before,
            process,
        }
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.process]).status();
        assert!(sent.expect("kill").success());
    }

    /// Waits for the end, with that status, and compares the modes of the terminal.
    fn ends_and_leaves_the_terminal_as_it_was(mut self, status: i32) {
        self.terminal.see("ended ");
        let ended = |shown: &str| {
            shown
                .split_once("ended ")
                .is_some_and(|(_, e)| e.contains('.'))
        };
        while !ended(&self.terminal.shown) {
            assert!(self.terminal.read());
        }
        let shown = &self.terminal.shown;
        assert!(shown.contains(&format!("ended {status}.")), "{shown}");
        let (modes, before) = (self.terminal.modes(), &self.before);
        assert_eq!(modes.local_modes, before.local_modes);
        assert_eq!(modes.input_modes, before.input_modes);
        let codes = |modes: &Termios| format!("{:?}", modes.special_codes);
        assert_eq!(codes(&modes), codes(before));
    }
}

#[test]
fn a_signal_at_the_prompt_leaves_the_terminal_as_it_was() {
    let desk = Desk::new();
    for signal in ["-INT", "-TERM", "-HUP"] {
        let program = UnderShell::start(&desk);
        program.signal(signal);
        program.ends_and_leaves_the_terminal_as_it_was(130);
    }
}

#[test]
fn ctrl_c_at_the_prompt_leaves_the_terminal_as_it_was() {
    let desk = Desk::new();
    let mut program = UnderShell::start(&desk);
    program.terminal.type_in("3201\u{3}");
    program.ends_and_leaves_the_terminal_as_it_was(130);
}

#[test]
fn an_answer_or_none_leaves_the_terminal_as_it_was() {
    let desk = Desk::new();
    for (keys, status) in [(&format!("{MEMBER}\n"), 0), (&"\u{4}".to_owned(), 2)] {
        let mut program = UnderShell::start(&desk);
        program.terminal.type_in(keys);
        program.ends_and_leaves_the_terminal_as_it_was(status);
    }
}

/// A shell would show it, run it and remember it.
#[test]
fn a_line_too_many_is_not_left_to_the_shell() {
    let desk = Desk::new();
    let mut program = UnderShell::start(&desk);
    let terminal = &mut program.terminal;
    terminal.type_in(&format!("{MEMBER}\n{NAME}\n"));
    terminal.see("ended 0.");
    terminal.type_in("next\n");
    terminal.see("held <");
    terminal.see(">\r\n");
    let shown = &terminal.shown;
    assert!(shown.contains("held <next>"), "{shown}");
    assert!(!shown.contains("AINI"), "{shown}");
}

/// A shell turns echo on when it gets the terminal back, and it would still be on when the program
/// goes on.
#[test]
fn no_key_suspends_a_prompt() {
    let desk = Desk::new();
    let mut terminal = Terminal::start(&desk, &["decode", "--lang", "en"]);
    terminal.see("NIK to read back (not shown): ");
    let modes = terminal.modes();
    assert!(modes.local_modes.contains(LocalModes::ISIG));
    let codes = &modes.special_codes;
    let interrupt = codes[SpecialCodeIndex::VINTR];
    assert_eq!(codes[SpecialCodeIndex::VSUSP], interrupt);
    assert_eq!(codes[SpecialCodeIndex::VQUIT], interrupt);
    assert!(modes.input_modes.contains(InputModes::ICRNL));
}
