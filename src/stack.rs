//! Wiping of the stack. Copies that the compiler puts there would stay until other code overwrites
//! them.
//!
//! ```
//! use cek_nik::nik::Nik;
//! use cek_nik::stack::wiped;
//!
//! assert!(wiped(|| Nik::parse("3201014107909001").is_ok()));
//! ```

use alloc::boxed::Box;
use core::future::poll_fn;
use core::hint::black_box;

/// Bytes of stack to wipe: more than work on a number uses. Argon2 puts blocks of 1 KiB there.
const DEPTH: usize = 64 << 10;

/// Does some work and then wipes the stack below.
pub fn wiped<T>(work: impl FnOnce() -> T) -> T {
    let done = outlined(work);
    wipe();
    done
}

/// Does the work of a future, and wipes the stack below each time it waits.
pub async fn wiped_future<T>(work: impl Future<Output = T>) -> T {
    let mut work = Box::pin(work);
    poll_fn(move |context| wiped(|| work.as_mut().poll(context))).await
}

#[inline(never)]
fn outlined<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn wipe() {
    black_box(&mut [0_u8; DEPTH]);
}
