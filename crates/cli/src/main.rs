//! The `cek-nik` command.

fn main() -> std::process::ExitCode {
    cek_nik_cli::run()
}
