//! `cek-nik check --stdin` while it waits for the next line: its memory holds neither the number of
//! the last one nor its key.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::FileExt;
use std::process::{Child, Stdio};
use std::thread;

use cek_nik::identifier::Identifier;
use cek_nik::key::{Argon2Cost, Kdf, KeyDeriver, Salt};
use cek_nik::nik::Nik;

use crate::desk::Desk;

const MEMBER: &str = "3201014107909001";
const STRANGER: &str = "9471014107909999";
const SALT: &str = "00112233445566778899aabbccddeeff";

/// So many digits, or bytes of a key, do not occur in a row by chance.
const TELLING: usize = 8;

/// All forms of a number that a program may hold: its text, forwards and backwards, its digits as
/// numbers, and the whole as one number.
fn forms(digits: &str) -> Vec<Vec<u8>> {
    let text = digits.as_bytes().to_vec();
    let reversed = text.iter().rev().copied().collect();
    let values = text.iter().map(|digit| digit - b'0').collect();
    let number: u64 = digits.parse().expect("digits");
    vec![text, reversed, values, number.to_le_bytes().to_vec()]
}

/// Where a process holds part of a secret: the names of the mappings.
fn holders(process: &Child, secrets: &[Vec<u8>]) -> Vec<String> {
    let id = process.id();
    let memory = File::open(format!("/proc/{id}/mem")).expect("a child's memory is readable");
    let maps = fs::read_to_string(format!("/proc/{id}/maps")).expect("a running process");
    let mut found = Vec::new();
    for map in maps
        .lines()
        .filter(|map| map.split(' ').nth(1).is_some_and(is_writable))
    {
        let (start, rest) = map.split_once('-').expect("a range");
        let (end, _) = rest.split_once(' ').expect("a range");
        let [start, end] = [start, end].map(|at| u64::from_str_radix(at, 16).expect("hex"));
        let mut bytes = vec![0; (end - start) as usize];
        // Not every mapping can be read.
        if memory.read_exact_at(&mut bytes, start).is_err() {
            continue;
        }
        for secret in secrets {
            let mut parts = secret.windows(TELLING);
            if parts.any(|part| memchr::memmem::find(&bytes, part).is_some()) {
                found.push(map.rsplit(' ').next().unwrap_or_default().to_owned());
            }
        }
    }
    found
}

fn is_writable(permissions: &str) -> bool {
    permissions.starts_with("rw")
}

/// Waits until the process waits for its standard input: system call 0 of x86-64 or 63 of
/// AArch64, with file descriptor `0` or the copy of it.
fn until_it_reads(process: &Child) {
    let read = if cfg!(target_arch = "x86_64") {
        "0 "
    } else {
        "63 "
    };
    let path = format!("/proc/{}/syscall", process.id());
    while !fs::read_to_string(&path)
        .expect("a running process")
        .starts_with(read)
    {
        thread::yield_now();
    }
}

#[test]
fn between_two_lines_neither_number_nor_key_is_in_memory() {
    for (options, kdf) in [
        (["--kdf", "sha256"], Kdf::Sha256),
        (
            ["--argon2", "m=64,t=1,p=1"],
            Kdf::Argon2id(Argon2Cost::new(64, 1, 1).expect("a cost")),
        ),
    ] {
        let desk = Desk::new();
        desk.write("list.txt", format!("{MEMBER}\n"));
        let build = [
            "build",
            "--accept-enumeration",
            "--salt",
            SALT,
            "--out",
            "site",
            "list.txt",
        ];
        let output = desk.run(&[&build[..], &options].concat());
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let mut process = desk
            .command(&["check", "--stdin", "--json", "--site", "site"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("runs");
        let mut input = process.stdin.take().expect("piped");
        let mut output = BufReader::new(process.stdout.take().expect("piped"));
        let mut deriver =
            KeyDeriver::new(Salt::from_hex(SALT).expect("a salt"), kdf).expect("memory");
        for (nik, line) in [
            (MEMBER, MEMBER),
            (STRANGER, STRANGER),
            (MEMBER, "NIK: 320101-410790-9001"),
            (STRANGER, "9471 0141 0790 9999"),
        ] {
            let identifier = Identifier::of_nik(&Nik::parse(nik).expect("a NIK"));
            let key = deriver.derive(&identifier).expect("memory");
            let texts = vec![line.as_bytes().to_vec(), key.as_bytes().to_vec()];
            let secrets = [forms(nik), texts].concat();
            // The test finds what is there.
            let (first, last) = line.split_at(14);
            input.write_all(first.as_bytes()).expect("sent");
            until_it_reads(&process);
            while holders(&process, &[first.as_bytes().to_vec()]).is_empty() {
                thread::yield_now();
            }
            input
                .write_all(format!("{last}\n").as_bytes())
                .expect("sent");
            let mut answer = String::new();
            output.read_line(&mut answer).expect("an answer");
            assert!(answer.contains("member"), "{answer}");
            until_it_reads(&process);
            assert_eq!(holders(&process, &secrets), [""; 0], "{kdf}");
        }
        drop(input);
        assert!(process.wait().expect("ends").success());
    }
}
