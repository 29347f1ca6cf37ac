//! The command line.

#[cfg(not(target_arch = "wasm32"))]
mod cli;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    cli::run()
}

/// There is no command line in a browser, but Cargo builds every binary before it runs a test.
#[cfg(target_arch = "wasm32")]
fn main() {}
