//! The command line as data: `tests/cmd/` holds arguments, input, whole output and exit status, and
//! so do the commands in `docs/PRIVACY.md`. `TRYCMD=overwrite cargo test -p cek-nik-cli --test cli
//! cmd` writes the outputs anew; read the difference before committing it.

#[test]
fn every_case() {
    trycmd::TestCases::new()
        .env("LANG", "C")
        .env("LC_ALL", "C")
        .env("SOURCE_DATE_EPOCH", "1779321600")
        .default_bin_name("cek-nik")
        .case("tests/cmd/*.toml")
        .case("tests/cmd/*.trycmd")
        .case("../../docs/PRIVACY.md");
}
