//! The browser's module: `cek_nik::wasm`, and what is chosen for a finished program only.
//!
//! A crate of its own, because cargo leaves out link-time optimisation for a library that other
//! crates can link to.

#![cfg(target_arch = "wasm32")]
#![no_std]

use core::panic::PanicInfo;

pub use cek_nik::wasm::*;

// Two hundred lines, which can be read whole; 0.7 kB smaller after brotli than the next smallest.
// The bindings run on one thread.
#[global_allocator]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

// Nobody would read a message: the worker hears of the trap, and says that it could not check.
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
