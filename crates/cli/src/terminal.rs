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

/// The exit status that shells report for a program that was ended by Ctrl-C: 128 + SIGINT.
const INTERRUPTED: i32 = 130;

/// Bytes of the longest line. Terminals hold back at most so many before Enter.
const MAX_LINE_BYTES: usize = 4096;

/// The controlling terminal with echo off. Dropping it restores the modes; so does SIGINT, SIGTERM
/// or SIGHUP before it ends the process.
pub struct Terminal {
    tty: File,
}

/// The terminal whose echo is off. Shared with the thread that handles signals.
static HIDDEN: Mutex<Option<Hidden>> = Mutex::new(None);

struct Hidden {
    /// Never waited for: Ctrl-S must not keep a signal from ending the process.
    tty: File,
    /// The modes to restore.
    modes: Termios,
}

impl Terminal {
    /// Turns echo off, then discards what was typed before.
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
        // Where echo cannot be turned off, dropping this restores what was changed.
        let terminal = Self { tty };
        hide()?;
        Ok(terminal)
    }

    /// Shows a question and reads one line, without its end.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnexpectedEof`] for Ctrl-D in place of an answer, [`ErrorKind::InvalidInput`]
    /// for a line of more than [`MAX_LINE_BYTES`], or whatever the terminal reports.
    pub fn ask(&self, question: &str) -> io::Result<Zeroizing<Vec<u8>>> {
        (&self.tty).write_all(question.as_bytes())?;
        // Never longer: no part of it is left behind in memory by growing.
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

/// Turns echo off. Holds the lock meanwhile, so that a signal cannot restore the modes too early.
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
    // Enter ends the line, also where another program has left the terminal otherwise.
    without_echo.input_modes |= InputModes::ICRNL;
    // Ctrl-Z and Ctrl-\ do nothing here. Shells turn echo on when a program is stopped and leave it
    // on when the program goes on, and a core dump holds what was typed. With the code of Ctrl-C,
    // which comes first, these two have no key of their own.
    let codes = &mut without_echo.special_codes;
    codes[SpecialCodeIndex::VSUSP] = codes[SpecialCodeIndex::VINTR];
    codes[SpecialCodeIndex::VQUIT] = codes[SpecialCodeIndex::VINTR];
    let Hidden { tty, .. } = hidden.insert(Hidden { tty, modes });
    // At once: to wait until all output is shown would hold the lock while Ctrl-S stops the output.
    tcsetattr(&*tty, OptionalActions::Now, &without_echo)?;
    tcflush(&*tty, QueueSelector::IFlush)?;
    Ok(())
}

/// Discards unread input and restores the modes that [`hide`] has found. Returns the terminal, or
/// `None` where they are restored already.
fn restore() -> Option<File> {
    let Hidden { tty, modes } = hidden().take()?;
    // A line too many, such as a name where none is asked for, is not for the shell and its history.
    // Nothing can be done about a terminal that is gone.
    let _ = tcflush(&tty, QueueSelector::IFlush);
    let _ = tcsetattr(&tty, OptionalActions::Now, &modes);
    Some(tty)
}
