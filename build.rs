//! Says what to do when the widget has not been built: the command line carries it inside.

fn main() {
    let version = env!("CARGO_PKG_VERSION");
    let wasm = std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32");
    for (name, extension) in [
        ("cek-nik", "html"),
        ("cek-nik-offline", "html"),
        ("index", "html"),
        ("embed", "js"),
        ("save", "js"),
        ("sw", "js"),
    ] {
        let path = format!("www/dist/{name}-{version}.{extension}");
        println!("cargo::rerun-if-changed={path}");
        if !wasm && !std::path::Path::new(&path).exists() {
            println!(
                "cargo::error={path} is missing: run `make build`, which builds the widget first"
            );
        }
    }
}
