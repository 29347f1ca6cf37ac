//! Formats that are not read, each with the way to a list that is.

/// A format that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// The stable name of the error, for programs.
    pub code: &'static str,
    /// Its name, with an article where it takes one.
    pub name: &'static str,
    /// How to get a list that is read.
    pub way_out: &'static str,
}

const ARCHIVE: &str = "foreign_archive";
const DATABASE: &str = "foreign_database";
const DOCUMENT: &str = "foreign_document";
const BINARY: &str = "foreign_binary";
const TEXT: &str = "foreign_text";

const EXPORT_COLUMN: &str = "export the table as CSV, with the NIK column as text";
const LOAD_DUMP: &str =
    "load it into a database, then export the table as CSV, with the NIK column as text";
const SAVE_CSV: &str = "open it in a spreadsheet program with the NIK column as text, and save it \
                        as CSV";
const CONVERT: &str = "convert it to CSV, with the NIK column as text";
const JQ: &str = "write one object a line, with jq -c '.[]' FILE > list.jsonl";

const fn foreign(code: &'static str, name: &'static str, way_out: &'static str) -> Foreign {
    Foreign {
        code,
        name,
        way_out,
    }
}

/// A Parquet file where it is not read: it needs random access, and the feature of its name.
const PARQUET: Foreign = match cfg!(feature = "parquet") {
    true => foreign(
        BINARY,
        "a Parquet file on standard input or within compressed data",
        "decompress it into a file, and give the name of that",
    ),
    false => foreign(BINARY, "a Parquet file", CONVERT),
};

/// The first bytes of formats.
const MAGIC: [(&[u8], Foreign); 33] = [
    (
        b"\xfd7zXZ\0",
        foreign(ARCHIVE, "xz data", "decompress it first, with xz -dk FILE"),
    ),
    (
        b"]\0\0",
        foreign(
            ARCHIVE,
            "lzma data",
            "decompress it first, with xz -dk FILE",
        ),
    ),
    (
        b"BZh",
        foreign(
            ARCHIVE,
            "bzip2 data",
            "decompress it first, with bzip2 -dk FILE",
        ),
    ),
    (
        b"LZIP",
        foreign(
            ARCHIVE,
            "lzip data",
            "decompress it first, with lzip -dk FILE",
        ),
    ),
    (
        b"\x04\x22\x4d\x18",
        foreign(ARCHIVE, "lz4 data", "decompress it first, with lz4 -d FILE"),
    ),
    (
        b"\x1f\x9d",
        foreign(
            ARCHIVE,
            "compress data (.Z)",
            "decompress it first, with gzip -dk FILE",
        ),
    ),
    (
        b"\x1f\x8b",
        foreign(
            ARCHIVE,
            "gzip data within compressed data",
            "decompress it once",
        ),
    ),
    (
        b"\x28\xb5\x2f\xfd",
        foreign(
            ARCHIVE,
            "zstd data within compressed data",
            "decompress it once",
        ),
    ),
    (
        b"7z\xbc\xaf\x27\x1c",
        foreign(ARCHIVE, "a 7z archive", "unpack it first, with 7z x FILE"),
    ),
    (
        b"Rar!\x1a\x07",
        foreign(
            ARCHIVE,
            "a RAR archive",
            "unpack it first, with unrar x FILE",
        ),
    ),
    (
        b"PK\x03\x04",
        foreign(
            ARCHIVE,
            "a ZIP archive without a workbook",
            "unpack it first, with unzip FILE",
        ),
    ),
    (
        b"PK\x05\x06",
        foreign(ARCHIVE, "an empty ZIP archive", "get the list again"),
    ),
    (
        b"PK\x07\x08",
        foreign(
            ARCHIVE,
            "a part of a ZIP archive",
            "join the parts and unpack them",
        ),
    ),
    (
        b"age-encryption.org/",
        foreign(
            ARCHIVE,
            "an encrypted file",
            "decrypt it first, with age -d",
        ),
    ),
    (
        b"-----BEGIN PGP",
        foreign(
            ARCHIVE,
            "an encrypted file",
            "decrypt it first, with gpg -d",
        ),
    ),
    (
        b"%PDF",
        foreign(
            DOCUMENT,
            "a PDF",
            "ask for the list as CSV: text copied from a PDF loses digits and rows",
        ),
    ),
    (
        b"{\\rtf",
        foreign(
            DOCUMENT,
            "a rich text document",
            "save it as plain text in UTF-8",
        ),
    ),
    (
        b"\x89PNG",
        foreign(
            DOCUMENT,
            "a picture",
            "ask for the list as CSV: numbers read from pictures are often wrong",
        ),
    ),
    (
        b"\xff\xd8\xff",
        foreign(
            DOCUMENT,
            "a picture",
            "ask for the list as CSV: numbers read from pictures are often wrong",
        ),
    ),
    (
        b"SQLite format 3\0",
        foreign(DATABASE, "an SQLite database", EXPORT_COLUMN),
    ),
    (
        b"\0\x01\0\0Standard ",
        foreign(DATABASE, "a Microsoft Access database", EXPORT_COLUMN),
    ),
    (b"PGDMP", foreign(DATABASE, "a PostgreSQL dump", LOAD_DUMP)),
    (b"PAR1", PARQUET),
    (b"ARROW1", foreign(BINARY, "an Arrow file", CONVERT)),
    (b"Obj\x01", foreign(BINARY, "an Avro file", CONVERT)),
    (b"ORC", foreign(BINARY, "an ORC file", CONVERT)),
    (
        b"RDX",
        foreign(
            BINARY,
            "R data",
            "write it with write.csv, with the NIK column as character",
        ),
    ),
    (
        b"X\n\0\0",
        foreign(
            BINARY,
            "R data",
            "write it with write.csv, with the NIK column as character",
        ),
    ),
    (b"$FL", foreign(BINARY, "an SPSS file", EXPORT_COLUMN)),
    (
        b"<stata_dta>",
        foreign(BINARY, "a Stata file", EXPORT_COLUMN),
    ),
    (b"\x89HDF", foreign(BINARY, "an HDF5 file", CONVERT)),
    (b"\x80\x04\x95", foreign(BINARY, "a Python pickle", CONVERT)),
    (b"\x7fELF", foreign(BINARY, "a program", "give the list")),
];

impl Foreign {
    /// A workbook that needs a password.
    pub(super) const ENCRYPTED_WORKBOOK: Self = foreign(
        DOCUMENT,
        "a workbook protected by a password",
        "save it without a password",
    );
    /// A document of an office program that is not a workbook.
    pub(super) const DOCUMENT: Self = foreign(
        DOCUMENT,
        "a document of an office program, and not a workbook",
        "save the table in it as CSV, with the NIK column as text",
    );
    /// Text in UTF-32.
    pub(super) const UTF_32: Self = foreign(
        TEXT,
        "text in UTF-32",
        "convert it first, with iconv -f UTF-32 -t UTF-8 FILE > list.csv",
    );

    /// Detects a binary format by its first bytes.
    pub(super) fn of_bytes(head: &[u8]) -> Option<Self> {
        let by_magic = MAGIC.iter().find(|(magic, _)| head.starts_with(magic));
        if let Some(&(_, format)) = by_magic {
            // Text may begin with letters that are a binary format's magic number, too.
            let is_binary = format.code != BINARY || head.contains(&0);
            if is_binary {
                return Some(format);
            }
        }
        if is_tar(head) {
            return Some(foreign(
                ARCHIVE,
                "a tar archive",
                "unpack it first, with tar xf FILE",
            ));
        }
        if is_dbase(head) {
            return Some(foreign(DATABASE, "a dBase table", SAVE_CSV));
        }
        None
    }

    /// Detects a binary file of an unknown format: control characters that text does not have, or
    /// zero bytes on the first line.
    pub(super) fn of_controls(head: &[u8]) -> Option<Self> {
        let is_control = |byte: &&u8| matches!(byte, 0x01..=0x08 | 0x0e..=0x19 | 0x7f);
        let controls = head.iter().filter(is_control).count();
        let ends_line = |byte: &&u8| matches!(byte, b'\n' | b'\r');
        let first_line = head.iter().take_while(|byte| !ends_line(byte));
        let zeros = first_line.filter(|&&byte| byte == 0).count();
        (controls > 3 && controls * 20 > head.len() || zeros > 3).then_some(foreign(
            BINARY,
            "a binary file of an unknown format",
            "give the list as text or CSV",
        ))
    }

    /// Detects other formats by the beginning of their text.
    pub(super) fn of_text(head: &[u8]) -> Option<Self> {
        let text = head.trim_ascii_start();
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| starts_with(text, prefix));
        if starts(&["<?xml", "<workbook"]) {
            return Some(foreign(DOCUMENT, "XML", SAVE_CSV));
        }
        if starts(&["<"]) || starts(&["mime-version:"]) {
            return Some(foreign(
                DOCUMENT,
                "a web page (HTML), whatever its name says",
                SAVE_CSV,
            ));
        }
        if is_json(text) {
            return Some(foreign(TEXT, "JSON in one piece", JQ));
        }
        let mut lines = text
            .split(|&byte| byte == b'\n')
            .map(<[u8]>::trim_ascii)
            .take(LINES);
        if lines.clone().any(is_sql) {
            return Some(foreign(DATABASE, "an SQL dump", LOAD_DUMP));
        }
        if lines.any(|line| line == b"[[dataset]]") {
            return Some(foreign(
                "catalogue_as_list",
                "a description for cek-nik build, not a list",
                "its name must end in .toml",
            ));
        }
        is_fixed_width(text).then_some(foreign(
            TEXT,
            "text in columns of fixed width",
            "separate the columns with tabs or commas: spreadsheet programs import fixed width",
        ))
    }
}

/// Lines in which an SQL statement or a table of a description is looked for.
const LINES: usize = 200;

fn starts_with(text: &[u8], prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

fn is_tar(head: &[u8]) -> bool {
    head.get(257..262) == Some(b"ustar")
}

/// A dBase header: a version, a date, and the length of the header, in which the fields end.
fn is_dbase(head: &[u8]) -> bool {
    let [
        version,
        _,
        month,
        day,
        _,
        _,
        _,
        _,
        length_low,
        length_high,
        ..,
    ] = head
    else {
        return false;
    };
    let length = usize::from(u16::from_le_bytes([*length_low, *length_high]));
    matches!(
        version,
        0x02 | 0x03 | 0x30..=0x32 | 0x43 | 0x63 | 0x83 | 0x8b | 0xcb | 0xf5 | 0xfb
    ) && (1..=12).contains(month)
        && (1..=31).contains(day)
        && length > 32
        && head
            .get(32..length)
            .is_some_and(|fields| fields.contains(&0x0d))
}

/// Whether an array of rows or an object begins here.
fn is_json(text: &[u8]) -> bool {
    let [open @ (b'[' | b'{'), rest @ ..] = text else {
        return false;
    };
    match rest.trim_ascii_start() {
        [b'"', ..] => true,
        [b'{' | b'[' | b'0'..=b'9', ..] => *open == b'[',
        _ => false,
    }
}

/// Whether a line is a statement, or a comment with which a dump begins.
fn is_sql(line: &[u8]) -> bool {
    const STARTS: [&str; 10] = [
        "insert into ",
        "insert ignore into ",
        "replace into ",
        "create table ",
        "drop table ",
        "-- mysql dump",
        "-- mariadb dump",
        "-- postgresql database dump",
        "pragma foreign_keys",
        "/*!4",
    ];
    if STARTS.iter().any(|start| starts_with(line, start)) {
        return true;
    }
    starts_with(line, "copy ") && line.ends_with(b"FROM stdin;")
}

/// Whether nearly all lines with a 16-digit number also hold letters and a gap of blanks, the
/// number begins in the same column of each, and few lines hold a separator.
fn is_fixed_width(text: &[u8]) -> bool {
    let (mut column, mut rows, mut fixed, mut separated) = (None, 0, 0, 0);
    for line in text.split(|&byte| byte == b'\n').take(LINES) {
        let Some(start) = sixteen_digits(line) else {
            continue;
        };
        let has_letters = line.iter().any(u8::is_ascii_alphabetic);
        let has_gap = line.trim_ascii().windows(2).any(|pair| pair == b"  ");
        let is_in_column = *column.get_or_insert(start) == start;
        rows += 1;
        fixed += usize::from(has_letters && has_gap && is_in_column);
        separated += usize::from(line.iter().any(|byte| b",;|\t".contains(byte)));
    }
    fixed >= 3 && fixed * 10 >= rows * 9 && separated * 2 < rows
}

/// Where a run of exactly sixteen digits begins.
fn sixteen_digits(line: &[u8]) -> Option<usize> {
    let mut start = 0;
    for run in line.split(|byte| !byte.is_ascii_digit()) {
        if run.len() == cek_nik::nik::DIGITS {
            return Some(start);
        }
        start += run.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(head: &[u8]) -> Option<&'static str> {
        Foreign::of_bytes(head)
            .or_else(|| Foreign::of_controls(head))
            .or_else(|| Foreign::of_text(head))
            .map(|format| format.name)
    }

    #[test]
    fn names_other_formats() {
        let mut tar = vec![b'a'; 257];
        tar.extend_from_slice(b"ustar\x0000");
        let mut dbase = vec![0x03, 124, 11, 30, 9, 0, 0, 0, 65, 0, 17, 0];
        dbase.resize(64, 0);
        dbase.extend_from_slice(b"\x0d 3201014107909001");
        let random: Vec<u8> = (0..4096_u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
            .collect();
        let cases: [(&[u8], &str); 25] = [
            (b"\xfd7zXZ\0\0\x04", "xz data"),
            (b"BZh91AY&SY", "bzip2 data"),
            (b"7z\xbc\xaf\x27\x1c\0\x04", "a 7z archive"),
            (b"Rar!\x1a\x07\x01\0", "a RAR archive"),
            (b"PK\x03\x04\x14\0\0\0", "a ZIP archive without a workbook"),
            (b"%PDF-1.7\n", "a PDF"),
            (b"SQLite format 3\0\x10\0", "an SQLite database"),
            (b"PGDMP\x01\x0e", "a PostgreSQL dump"),
            (&tar, "a tar archive"),
            (&dbase, "a dBase table"),
            (&random, "a binary file of an unknown format"),
            (b"\0\0\0\0\0\0\0\0", "a binary file of an unknown format"),
            (
                b"<html><table>",
                "a web page (HTML), whatever its name says",
            ),
            (
                b"\n<!DOCTYPE html>",
                "a web page (HTML), whatever its name says",
            ),
            (b"<?xml version=\"1.0\"?>", "XML"),
            (b"[{\"nik\": 1}]", "JSON in one piece"),
            (b"[\n  {\"nik\": 1}]", "JSON in one piece"),
            (b"{\n \"rows\": []}", "JSON in one piece"),
            (b"{\"rows\": [{\"nik\": 1}]}", "JSON in one piece"),
            (b"-- MySQL dump 10.13\n", "an SQL dump"),
            (
                b"\nINSERT INTO `t` VALUES (1,'3201014107909001');",
                "an SQL dump",
            ),
            (
                b"SET x;\r\nCOPY public.t (nik) FROM stdin;\n1",
                "an SQL dump",
            ),
            (
                b"kdf = \"sha256\"\n[[dataset]]\nid = \"x\"\n",
                "a description for cek-nik build, not a list",
            ),
            (
                b"NAMA  NIK\nDR,A  3201014107909001\nANI   3201014107909002\n\
                EKO   3201014107909003\n",
                "text in columns of fixed width",
            ),
            (b"\x04\x22\x4d\x18", "lz4 data"),
        ];
        for (head, name) in cases {
            assert_eq!(named(head), Some(name), "{}", head.escape_ascii());
        }
    }

    #[test]
    fn text_is_not_foreign() {
        for head in [
            "",
            "NIK\n3201014107909001\n",
            "nama,NIK\nSITI, AN INSERT INTO,3201014107909001\n",
            "320101 410790 9001\n320101 410790 9002\n320101 410790 9003\n",
            "  3201014107909001  \n  3201014107909002  \n  3201014107909003  \n",
            "ORCHID,NIK\nx,3201014107909001\n",
            "RDX,NIK\nx,3201014107909001\n",
            "BUDI  ,3201014107909001\nANI   ,3201014107909002\nEKO   ,3201014107909003\n",
            "NIK,NAMA\n3201014107909001,JO\0KO\n",
        ] {
            assert_eq!(named(head.as_bytes()), None, "{head}");
        }
    }
}
