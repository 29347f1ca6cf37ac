//! `--report` of `plan` and `build`, and what `check --stdin` says of glued digits.

use serde_json::Value;

use crate::desk::{Desk, feed, sample};

const NAMES: [&str; 4] = ["BUDIMAN", "SITINURBAYA", "JOKOWAHYU", "RATNADEWI"];
/// Lines that cannot be used, with the reason.
const REJECTED: [(&str, &str); 3] = [
    ("ANTONIUS,320101410790900", "too_few_digits"),
    ("MARGARETHA,", "no_number"),
    ("ZULKIFLI,3.20101E+15", "lost_digits"),
];

/// A list with its NIKs: 200 people, one of them twice, and three lines that cannot be used.
fn list() -> (String, Vec<String>) {
    let niks: Vec<String> = sample(200, 15).lines().map(str::to_owned).collect();
    let names = NAMES.iter().cycle();
    let rows = niks
        .iter()
        .zip(names)
        .map(|(nik, name)| format!("{name},{nik}"));
    let mut lines: Vec<String> = std::iter::once("NAMA,NIK".to_owned()).chain(rows).collect();
    lines.push(lines[1].clone());
    lines.extend(REJECTED.map(|(line, _)| line.to_owned()));
    (lines.join("\r\n") + "\r\n", niks)
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).expect("in memory");
    gzip.finish().expect("in memory")
}

fn run(desk: &Desk, command: &str) -> std::process::Output {
    let arguments: &[&str] = match command {
        "plan" => &[
            "plan",
            "--list",
            "list.csv.gz",
            "--core-speed",
            "20000000,60",
        ],
        _ => &[
            "build",
            "list.csv.gz",
            "--out",
            "site",
            "--kdf",
            "sha256",
            "--accept-enumeration",
            "--accept-small-crowd",
            "--accept-lost-rows",
        ],
    };
    desk.run(&[arguments, &["--report", "report.json"]].concat())
}

#[test]
fn a_report_names_every_rejected_line_and_nobody() {
    for command in ["plan", "build"] {
        let desk = Desk::new();
        let (text, niks) = list();
        desk.write("list.csv.gz", gzip(&text));
        let output = run(&desk, command);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{stderr}");
        let written = "text in UTF-8, compressed with gzip, columns separated by \",\", heading in \
                       line 1";
        assert!(stderr.contains(written), "{stderr}");
        let path = desk.0.path().join("report.json");
        let report = std::fs::read_to_string(&path).expect("a report");
        let rejected = REJECTED.map(|(line, _)| line);
        let parts = rejected.iter().flat_map(|line| line.split(','));
        let parts = parts.filter(|part| !part.is_empty());
        let secrets = niks.iter().map(String::as_str).chain(NAMES).chain(parts);
        for secret in secrets {
            assert!(!report.contains(secret), "{secret} is in the report");
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |name| {
                let file = std::fs::metadata(desk.0.path().join(name)).expect("a file");
                file.permissions().mode()
            };
            assert_eq!(mode("report.json"), mode("list.csv.gz"));
        }
        let report: Value = serde_json::from_str(&report).expect("JSON");
        let dataset = &report["datasets"][0];
        assert_eq!(dataset["rows_used"], 201);
        assert_eq!(dataset["rows_repeated"], 1, "{command}");
        let list = &dataset["lists"][0];
        for (field, value) in [
            ("format", "text"),
            ("encoding", "utf-8"),
            ("compression", "gzip"),
            ("delimiter", ","),
        ] {
            assert_eq!(list[field], value);
        }
        assert_eq!(
            (&list["heading_line"], &list["nul_bytes"]),
            (&1.into(), &0.into())
        );
        assert_eq!(list["nik_column"]["number"], 2);
        for ((_, reason), line) in REJECTED.into_iter().zip(203..) {
            let all = list["rejected"].as_array().expect("reasons");
            let rows = all.iter().find(|rows| rows["reason"] == reason);
            assert_eq!(rows.expect(reason)["lines"], serde_json::json!([line]));
        }
    }
}

#[test]
fn a_report_replaces_a_report_and_nothing_else() {
    for command in ["plan", "build"] {
        let desk = Desk::new();
        desk.write("list.csv.gz", gzip(&list().0));
        desk.write("report.json", "{\"mine\": true}\n");
        let output = run(&desk, command);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(
            stderr.contains("report.json exists and was not written by"),
            "{stderr}"
        );
        assert!(!desk.0.path().join("site").exists());
        let path = desk.0.path().join("report.json");
        assert_eq!(
            std::fs::read_to_string(&path).expect("a file"),
            "{\"mine\": true}\n"
        );

        std::fs::remove_file(&path).expect("removed");
        assert!(run(&desk, command).status.success());
        let first = std::fs::read_to_string(&path).expect("a report");
        desk.write("list.csv.gz", gzip(&format!("{}YUSUF,12\r\n", list().0)));
        assert!(run(&desk, command).status.success());
        let second = std::fs::read_to_string(&path).expect("a report");
        assert_ne!(first, second, "{command}");
    }
}

#[test]
fn glued_digits_are_no_number_and_groups_are() {
    let desk = Desk::new();
    desk.write("list.txt", "3201014107909001\n");
    let site = ["build", "list.txt", "--out", "site", "--kdf", "sha256"];
    let accept = ["--accept-enumeration", "--accept-small-crowd"];
    assert!(desk.run(&[&site[..], &accept].concat()).status.success());
    let check = |line: &str| {
        let mut command = desk.command(&["check", "--site", "site", "--stdin", "--json"]);
        feed(&mut command, &format!("{line}\n"))
    };
    for groups in [
        "320101 410790 9001",
        "3201 0141 0790 9001",
        "3201014107909001",
    ] {
        assert_eq!(check(groups).status.code(), Some(0), "{groups}");
    }
    for glued in [
        "320101410790900 1",
        "3201014107909 001",
        "NIK: 320101410790900 1",
    ] {
        let output = check(glued);
        assert_eq!(output.status.code(), Some(2), "{glued}");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!text.contains("member"), "{text}");
    }
}
