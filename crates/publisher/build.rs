//! Says what to do when the pages have not been built: this crate carries them inside.

fn main() {
    let version = env!("CARGO_PKG_VERSION");
    for (name, extension) in [
        ("cek-nik", "html"),
        ("cek-nik-offline", "html"),
        ("index", "html"),
        ("embed", "js"),
        ("save", "js"),
        ("sw", "js"),
    ] {
        let path = format!("pages/{name}-{version}.{extension}");
        println!("cargo::rerun-if-changed={path}");
        if !std::path::Path::new(&path).exists() {
            println!(
                "cargo::error={path} is missing: run `make build`, which builds the pages first"
            );
        }
    }
}
