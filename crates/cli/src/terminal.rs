//! The terminal, with echo off for as long as a [`Terminal`] exists.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::OFlags;
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush,
    tcgetattr, tcsetattr,
};
use zeroize::Zeroizing;

const TTY: &str = "/dev/tty";

/// The exit status of a program ended by Ctrl-C: 128 + SIGINT.
const INTERRUPTED: i32 = 130;

/// The maximum length of a line in bytes. Terminals buffer no more before Enter.
const MAX_LINE_BYTES: usize = 4096;

/// The controlling terminal with echo off. Dropping it restores the modes; so does SIGINT, SIGTERM
/// or SIGHUP before it ends the process.
pub struct Terminal {
    tty: File,
}

/// The terminal whose echo is off. Shared with the thread that handles signals.
static HIDDEN: Mutex<Option<Hidden>> = Mutex::new(None);

struct Hidden {
    /// Non-blocking, so that Ctrl-S cannot keep a signal from ending the process.
    tty: File,
    /// The modes to restore.
    modes: Termios,
}

impl Terminal {
    /// Turns echo off, and discards what was typed before.
    ///
    /// # Errors
    ///
    /// The process has no terminal, or signals cannot be caught.
    pub fn open() -> io::Result<Self> {
        let tty = File::options().read(true).write(true).open(TTY)?;
        ctrlc::set_handler(|| {
            if let Some(mut tty) = restore() {
                // The shell's prompt goes on a line of its own.
                let _ = tty.write_all(b"\n");
            }
            std::process::exit(INTERRUPTED);
        })
        .map_err(io::Error::other)?;
        // If turning echo off fails, dropping this restores what was changed.
        let terminal = Self { tty };
        hide()?;
        Ok(terminal)
    }

    /// Shows a question and reads one line, without its end.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnexpectedEof`] for Ctrl-D instead of an answer, [`ErrorKind::InvalidInput`]
    /// for a line of more than [`MAX_LINE_BYTES`], and errors of the terminal.
    pub fn ask(&self, question: &str) -> io::Result<Zeroizing<Vec<u8>>> {
        (&self.tty).write_all(question.as_bytes())?;
        // A buffer that grows would leave copies in memory.
        let mut line = Zeroizing::new(Vec::with_capacity(MAX_LINE_BYTES));
        let mut byte = Zeroizing::new([0]);
        loop {
            match (&self.tty).read(&mut byte[..]) {
                Ok(0) if line.is_empty() => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(0) => return Ok(line),
                Ok(_) if *byte == *b"\n" => return Ok(line),
                Ok(_) if line.len() == MAX_LINE_BYTES => {
                    return Err(ErrorKind::InvalidInput.into());
                }
                Ok(_) => line.extend_from_slice(&byte[..]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

fn hidden() -> MutexGuard<'static, Option<Hidden>> {
    HIDDEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Turns echo off, with the lock held so that a signal cannot restore the modes too early.
fn hide() -> io::Result<()> {
    let mut hidden = hidden();
    let tty = File::options()
        .write(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(TTY)?;
    let modes = tcgetattr(&tty)?;
    let mut without_echo = modes.clone();
    without_echo.local_modes -= LocalModes::ECHO;
    without_echo.local_modes |= LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG;
    // Enter must end the line, even if another program has left the terminal in another mode.
    without_echo.input_modes |= InputModes::ICRNL;
    // Disable Ctrl-Z and Ctrl-\ by giving them the key of Ctrl-C, which takes precedence. After a
    // stop, shells leave echo on, and a core dump contains what was typed.
    let codes = &mut without_echo.special_codes;
    codes[SpecialCodeIndex::VSUSP] = codes[SpecialCodeIndex::VINTR];
    codes[SpecialCodeIndex::VQUIT] = codes[SpecialCodeIndex::VINTR];
    let Hidden { tty, .. } = hidden.insert(Hidden { tty, modes });
    // Waiting for pending output would hold the lock while Ctrl-S stops the output.
    tcsetattr(&*tty, OptionalActions::Now, &without_echo)?;
    tcflush(&*tty, QueueSelector::IFlush)?;
    Ok(())
}

/// Discards unread input, and restores the modes from before [`hide`]. Returns the terminal, or
/// `None` if they are already restored.
fn restore() -> Option<File> {
    let Hidden { tty, modes } = hidden().take()?;
    // Unread input, such as a name nobody asked for, must not reach the shell and its history.
    // Errors of a terminal that is gone are ignored.
    let _ = tcflush(&tty, QueueSelector::IFlush);
    let _ = tcsetattr(&tty, OptionalActions::Now, &modes);
    Some(tty)
}
