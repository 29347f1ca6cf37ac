#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    cek_nik_fuzz::nik::run(bytes);
});
