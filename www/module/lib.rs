//! The browser's module: `cek_nik::wasm`, and what is chosen for a finished program only.
//!
//! A crate of its own, because cargo leaves out link-time optimisation for a library that other crates can link to.

#![cfg(target_arch = "wasm32")]
#![no_std]

use core::panic::PanicInfo;

pub use cek_nik::wasm::*;

// Half the size of the default allocator, which is a fifteenth of the module.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

// Nobody would read a message: the worker hears of the trap, and says that it could not check.
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
