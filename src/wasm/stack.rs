//! Stack, wiped: what the compiler has copied to it would stay until something else is written
//! there.

use alloc::boxed::Box;
use core::future::poll_fn;
use core::hint::black_box;

/// More than the work on a number reaches down, in bytes: Argon2 takes blocks of a kibibyte.
const DEPTH: usize = 64 << 10;

/// Does some work, and wipes the stack below.
pub(super) fn wiped<T>(work: impl FnOnce() -> T) -> T {
    let done = outlined(work);
    wipe();
    done
}

/// Does the work of a future, and wipes the stack below whenever it waits.
pub(super) async fn wiped_future<T>(work: impl Future<Output = T>) -> T {
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
