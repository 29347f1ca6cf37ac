//! Headings: what the name of a column says about its content.
//!
//! Names are compared by their letters and digits: case, blanks, punctuation, byte-order marks and
//! invisible characters do not count.

use cek_nik::nik::{Kind, kind};

use super::grouping::MOJIBAKE_MARK;

/// What the name of a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// NIK, and nothing else.
    Nik,
    /// Another name of the person's own NIK: NO_KTP, Nomor Induk Kependudukan, NIK (16 digit).
    OwnNik,
    /// NIK beside words that are not known here: NIK Valid.
    PerhapsNik,
    /// A second NIK in the same row: NIK 2.
    SecondNik,
    /// The NIK of somebody else: NIK_IBU.
    OtherNik,
    /// The number of the family card: NO_KK.
    FamilyCard,
    /// The number that an employer gives, which is called NIK as well.
    EmployeeNumber,
    /// NAMA, and nothing else.
    Name,
    /// Another name: NAMA IBU, NAMA LENGKAP.
    OtherName,
    /// A word that stands in headings of lists of people, such as ALAMAT.
    OtherColumn,
    /// Anything else.
    Unknown,
}

impl Role {
    /// What the name of a column says.
    pub fn of(name: &str) -> Self {
        let words = words(name);
        let joined = words.concat();
        let all: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .filter(|word| !FILLERS.contains(word))
            .collect();
        let has = |list: &[&str]| all.iter().any(|word| list.contains(word));
        if joined.is_empty() {
            return Self::Unknown;
        }
        match joined.as_str() {
            "NIK" => return Self::Nik,
            "NAMA" => return Self::Name,
            _ => {}
        }
        if FAMILY_CARDS.contains(&joined.as_str()) {
            return Self::FamilyCard;
        }
        if all.iter().any(|word| word.starts_with("NAMA")) || has(&["NAME"]) {
            return Self::OtherName;
        }
        if has(&OTHER_COLUMNS) && !has(&["NIK"]) {
            return Self::OtherColumn;
        }
        if let Some(others) = nik_words(&joined, &all) {
            return match others.as_slice() {
                [] => Self::OwnNik,
                others if others.iter().any(|word| EMPLOYERS.contains(word)) => {
                    Self::EmployeeNumber
                }
                others if others.iter().any(|word| OTHER_PEOPLE.contains(word)) => Self::OtherNik,
                others if others.iter().all(|word| is_number(word)) => Self::SecondNik,
                others if others.iter().all(|word| BEARERS.contains(word)) => Self::OwnNik,
                _ => Self::PerhapsNik,
            };
        }
        if has(&["KK", "NKK", "NOKK"]) {
            return Self::FamilyCard;
        }
        if OTHER_COLUMNS.contains(&joined.as_str()) {
            return Self::OtherColumn;
        }
        Self::Unknown
    }

    /// Whether the name speaks of a NIK, whoever bears it.
    pub fn is_nik(self) -> bool {
        matches!(
            self,
            Self::Nik
                | Self::OwnNik
                | Self::PerhapsNik
                | Self::SecondNik
                | Self::OtherNik
                | Self::EmployeeNumber
        )
    }
}

/// Words that say nothing about which number it is.
const FILLERS: [&str; 16] = [
    "NO", "NOMOR", "NOMER", "NUMBER", "NUM", "NR", "KODE", "16", "DIGIT", "DIGITS", "ANGKA", "ID",
    "THE", "SESUAI", "DI", "PADA",
];

/// Words for the person whose row it is.
const BEARERS: [&str; 25] = [
    "KTP",
    "EKTP",
    "E",
    "EL",
    "KTPEL",
    "PESERTA",
    "PENDUDUK",
    "KEPENDUDUKAN",
    "WARGA",
    "ANGGOTA",
    "PENERIMA",
    "PEMILIH",
    "SISWA",
    "MAHASISWA",
    "PELANGGAN",
    "NASABAH",
    "PASIEN",
    "ORANG",
    "SENDIRI",
    "PRIBADI",
    "DUKCAPIL",
    "LENGKAP",
    "NIK",
    "PELAKU",
    "PENGGUNA",
];

const OTHER_PEOPLE: [&str; 38] = [
    "IBU",
    "AYAH",
    "BAPAK",
    "BPK",
    "AYAHIBU",
    "ORTU",
    "ORANGTUA",
    "TUA",
    "WALI",
    "SUAMI",
    "ISTRI",
    "PASANGAN",
    "KEPALA",
    "KK",
    "KEL",
    "KELUARGA",
    "PENANGGUNG",
    "MOTHER",
    "FATHER",
    "SPOUSE",
    "PARENT",
    "AHLI",
    "WARIS",
    "PELAPOR",
    "SAKSI",
    "PENDAMPING",
    "KADER",
    "PETUGAS",
    "KETUA",
    "PENJAMIN",
    "LAMA",
    "LAINNYA",
    "LAIN",
    "OLD",
    "SALAH",
    "KANDUNG",
    "DARURAT",
    "REKAN",
];

const EMPLOYERS: [&str; 9] = [
    "KARYAWAN", "PEGAWAI", "PEKERJA", "EMPLOYEE", "STAF", "STAFF", "KERJA", "GURU", "DOSEN",
];

const FAMILY_CARDS: [&str; 10] = [
    "KK",
    "NOKK",
    "NKK",
    "NOMORKK",
    "NOMERKK",
    "KARTUKELUARGA",
    "NOKARTUKELUARGA",
    "NOMORKARTUKELUARGA",
    "IDKK",
    "NOKELUARGA",
];

/// Words of other columns, by which a heading is told from data.
const OTHER_COLUMNS: [&str; 50] = [
    "NO",
    "NOMOR",
    "NOURUT",
    "URUT",
    "ALAMAT",
    "RT",
    "RW",
    "RTRW",
    "DESA",
    "KELURAHAN",
    "KECAMATAN",
    "KABUPATEN",
    "KOTA",
    "KAB",
    "KEC",
    "PROVINSI",
    "PROPINSI",
    "DUSUN",
    "KODEPOS",
    "JK",
    "LP",
    "JENKEL",
    "KELAMIN",
    "SEX",
    "GENDER",
    "AGAMA",
    "STATUS",
    "PEKERJAAN",
    "PENDIDIKAN",
    "TEMPAT",
    "TTL",
    "TANGGAL",
    "TGL",
    "LAHIR",
    "TGLLHR",
    "TMPLHR",
    "UMUR",
    "USIA",
    "HP",
    "NOHP",
    "TELEPON",
    "TELP",
    "EMAIL",
    "KETERANGAN",
    "KET",
    "GELAR",
    "JABATAN",
    "GOLONGAN",
    "TPS",
    "CATATAN",
];

/// The words beside the one that means NIK; `None` where no word means it.
fn nik_words<'a>(joined: &'a str, words: &[&'a str]) -> Option<Vec<&'a str>> {
    let is_induk = words.contains(&"INDUK")
        && words
            .iter()
            .any(|word| matches!(*word, "KEPENDUDUKAN" | "PENDUDUK"));
    if is_induk {
        let induk = ["INDUK", "KEPENDUDUKAN", "PENDUDUK", "NIK"];
        let others = words.iter().filter(|word| !induk.contains(word));
        return Some(others.copied().collect());
    }
    for name in [
        "NOMORINDUKKEPENDUDUKAN",
        "NOINDUKKEPENDUDUKAN",
        "INDUKKEPENDUDUKAN",
    ] {
        if let Some(rest) = joined.strip_prefix(name) {
            return Some(
                Some(rest)
                    .filter(|rest| !rest.is_empty())
                    .into_iter()
                    .collect(),
            );
        }
    }
    if words.contains(&"NIK") {
        return Some(
            words
                .iter()
                .filter(|word| **word != "NIK")
                .copied()
                .collect(),
        );
    }
    if words
        .iter()
        .any(|word| matches!(*word, "KTP" | "EKTP" | "KTPEL"))
    {
        let others = words.iter().filter(|word| !BEARERS.contains(word));
        return Some(others.copied().collect());
    }
    // NIKIBU, NOKTP, nik2: one word.
    let rest = [
        "NOMORKTP", "NOMERKTP", "NOKTP", "NOEKTP", "IDKTP", "NONIK", "NIK",
    ]
    .into_iter()
    .find_map(|name| joined.strip_prefix(name))?;
    let is_known = |word: &str| {
        is_number(word)
            || [&OTHER_PEOPLE[..], &BEARERS, &EMPLOYERS]
                .iter()
                .any(|list| list.contains(&word))
    };
    match rest {
        "" | "16" | "16DIGIT" => Some(Vec::new()),
        rest if is_known(rest) => Some(vec![rest]),
        _ => None,
    }
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The letters and digits of a name, in words. `N I K` is one word, and so is `NIK`.
fn words(name: &str) -> Vec<String> {
    let name = clean(name);
    let upper = name.to_uppercase();
    let words: Vec<String> = upper
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let is_spaced = words.len() > 1 && words.iter().all(|word| word.chars().count() == 1);
    if is_spaced {
        vec![words.concat()]
    } else {
        words
    }
}

/// The name of a column as it may be shown: without control characters, and without blanks and
/// invisible characters around it.
pub fn clean(name: &str) -> String {
    let mut name = name.trim();
    while let Some(rest) = name.strip_prefix(MOJIBAKE_MARK) {
        name = rest;
    }
    let visible = |character: &char| {
        character.is_whitespace()
            || !matches!(kind(*character), Kind::Separator)
            || matches!(character, '.' | '-' | '/' | '\'')
    };
    let printed = |character: char| {
        if character.is_control() {
            ' '
        } else {
            character
        }
    };
    let name: String = name.chars().filter(visible).map(printed).collect();
    name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''))
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether two names are the same column's.
pub fn same(a: &str, b: &str) -> bool {
    let joined = |name: &str| {
        let words = words(name).concat();
        if words.is_empty() { clean(name) } else { words }
    };
    joined(a) == joined(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_whose_number_a_column_holds() {
        let cases: [(Role, &[&str]); 9] = [
            (
                Role::Nik,
                &[
                    "NIK",
                    "nik",
                    " Nik ",
                    "N I K",
                    "N.I.K",
                    "\u{200b}NIK",
                    "\u{ef}\u{bb}\u{bf}NIK",
                ],
            ),
            (
                Role::OwnNik,
                &[
                    "NO_KTP",
                    "No. KTP",
                    "NOKTP",
                    "No KTP",
                    "NOMOR INDUK KEPENDUDUKAN",
                    "e-KTP",
                    "Nomor Induk Kependudukan (NIK)",
                    "NIK (16 digit)",
                    "nik_ktp",
                    "NIK Peserta",
                    "NIK/No. KTP",
                    "NOMOR NIK",
                    "No NIK",
                    "KTP",
                    "nomor_induk_kependudukan",
                    "Nomor KTP",
                    "NIK KTP-el",
                ],
            ),
            (Role::SecondNik, &["NIK 2", "NIK2", "No KTP 2"]),
            (Role::PerhapsNik, &["NIK Valid", "Status NIK"]),
            (
                Role::OtherNik,
                &[
                    "NIK_IBU",
                    "NIK Ayah",
                    "nik ibu kandung",
                    "NIKIBU",
                    "No KTP Suami",
                    "NIK Kepala Keluarga",
                    "NIK_KK",
                ],
            ),
            (
                Role::FamilyCard,
                &["NO_KK", "No. KK", "KK", "NKK", "Nomor Kartu Keluarga"],
            ),
            (Role::EmployeeNumber, &["NIK Karyawan", "nik_pegawai"]),
            (
                Role::OtherName,
                &["NAMA IBU", "Nama Lengkap", "NAMA_IBU", "Name"],
            ),
            (Role::Unknown, &["", "x", "3201014107909001", "BUDI"]),
        ];
        for (role, names) in cases {
            for name in names {
                assert_eq!(Role::of(name), role, "{name:?}");
            }
        }
        assert_eq!(Role::of("nama"), Role::Name);
        assert_eq!(Role::of("ALAMAT"), Role::OtherColumn);
    }

    #[test]
    fn compares_names_by_their_letters() {
        assert!(same("\u{feff}NIK", "n i k"));
        assert!(same("NO_KK", "no kk"));
        assert!(!same("NIK", "NIK 2"));
        assert!(!same("+", "-"));
    }
}
