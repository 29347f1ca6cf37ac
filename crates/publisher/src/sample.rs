//! Made-up lists: all serial numbers are 9000 or above, which no real NIK has reached.
//!
//! ```
//! use cek_nik_publisher::sample::{self, Format};
//!
//! let mut list = Vec::new();
//! sample::write(&mut list, 2, 1, Format::Lines)?;
//! assert_eq!(list.len(), 2 * 17);
//! # Ok::<(), std::io::Error>(())
//! ```

use std::io::{self, Write};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The format of made-up rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One NIK a line.
    Lines,
    /// Columns `NIK`, `nama` and `tanggal_lahir`.
    Csv,
    /// The thirty columns that the authorities listed for the sample of 2021.
    Bpjs,
}

const BPJS_HEADER: &str = "PSNOKA,PSNOKALAMA,PSNOKALAMA2,NAMA,NMCETAK,JENKEL,AGAMA,TMPLHR,TGLLHR,\
    FLAGTANGGUNGAN,NOHP,NIK,NOKTP,TMT,TAT,NPWP,EMAIL,NOKA,KDHUBKEL,KDSTAWIN,KDNEGARA,KDGOLDARAH,\
    KDSTATUSPST,KDKANTOR,TSINPUT,TSUPDATE,USERINPUT,USERUPDATE,TSSTATUS,DAFTAR";

/// Regencies and cities, by Kemendagri code, from all parts of the country.
const REGENCIES: [u16; 64] = [
    1101, 1171, 1201, 1271, 1301, 1371, 1401, 1471, 1501, 1571, 1601, 1671, 1701, 1771, 1801, 1871,
    1901, 1971, 2101, 2171, 3171, 3172, 3173, 3174, 3175, 3201, 3203, 3204, 3216, 3271, 3273, 3275,
    3302, 3322, 3371, 3374, 3402, 3471, 3507, 3515, 3573, 3578, 3603, 3671, 5103, 5171, 5201, 5301,
    6101, 6171, 6201, 6301, 6371, 6402, 6472, 7171, 7201, 7306, 7371, 7401, 8101, 8201, 9103, 9171,
];

const GIVEN_NAMES: [[&str; 8]; 2] = [
    [
        "BUDI", "AGUS", "DEDI", "EKO", "HENDRA", "JOKO", "WAYAN", "YUSUF",
    ],
    [
        "SITI", "DEWI", "ANI", "RINA", "MARIA", "PUTRI", "NI MADE", "FATIMAH",
    ],
];
const FAMILY_NAMES: [&str; 8] = [
    "CONTOH", "MISAL", "UMPAMA", "REKAAN", "CUPLIKAN", "TIRUAN", "KARANGAN", "PERAGA",
];
const DAYS_IN_MONTH: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

struct Person {
    regency: u16,
    district: u64,
    woman: bool,
    day: u64,
    month: u64,
    year: u64,
    serial: u64,
    name: [&'static str; 2],
}

/// Writes made-up rows, the same ones for the same seed.
///
/// # Errors
///
/// An error of the output.
pub fn write(out: &mut dyn Write, count: u64, seed: u64, format: Format) -> io::Result<()> {
    match format {
        Format::Lines => {}
        Format::Csv => writeln!(out, "NIK,nama,tanggal_lahir")?,
        Format::Bpjs => writeln!(out, "{BPJS_HEADER}")?,
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for number in 0..count {
        let person = Person::draw(&mut random);
        match format {
            Format::Lines => writeln!(out, "{}", person.nik())?,
            Format::Csv => writeln!(
                out,
                "{},{},{}",
                person.nik(),
                person.name.join(" "),
                person.birth()
            )?,
            Format::Bpjs => person.write_bpjs(out, number)?,
        }
    }
    Ok(())
}

impl Person {
    fn draw(random: &mut ChaCha8Rng) -> Self {
        // One random number for each person, split by division. The bias is below 2^-20.
        let mut rest = random.next_u64();
        let mut below = |limit: u64| {
            let value = rest % limit;
            rest /= limit;
            value
        };
        let regency = pick(&REGENCIES, below(REGENCIES.len() as u64));
        let woman = below(2) == 1;
        let month = below(12) + 1;
        let day = below(pick(&DAYS_IN_MONTH, month - 1)) + 1;
        let year = 1940 + below(70);
        let district = below(12) + 1;
        let serial = 9000 + below(1000);
        let given = pick(&GIVEN_NAMES, u64::from(woman));
        Self {
            regency,
            district,
            woman,
            day,
            month,
            year,
            serial,
            name: [pick(&given, below(8)), pick(&FAMILY_NAMES, below(8))],
        }
    }

    fn nik(&self) -> u64 {
        let day = if self.woman { self.day + 40 } else { self.day };
        [
            (self.district, 100),
            (day, 100),
            (self.month, 100),
            (self.year % 100, 100),
            (self.serial, 10_000),
        ]
        .into_iter()
        .fold(u64::from(self.regency), |nik, (part, size)| {
            nik * size + part
        })
    }

    fn birth(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    fn write_bpjs(&self, out: &mut dyn Write, number: u64) -> io::Result<()> {
        let nik = self.nik();
        let name = self.name.join(" ");
        let birth = self.birth();
        let sex = if self.woman { 2 } else { 1 };
        // Card, telephone and tax numbers begin with 9999 to show that they are made up.
        writeln!(
            out,
            "9999{number:09},,,{name},{name},{sex},1,CONTOH,{birth},0,9999{number:08},{nik},{nik},\
             2014-01-01,2099-12-31,9999{number:011},contoh{number}@example.org,9999{number:09},1,1,\
             ID,O,1,0000,2020-01-01 00:00:00,2020-01-01 00:00:00,contoh,contoh,\
             2020-01-01 00:00:00,contoh"
        )
    }
}

/// The item at an index.
fn pick<T: Copy, const N: usize>(items: &[T; N], index: u64) -> T {
    match items.get(index as usize) {
        Some(item) => *item,
        None => unreachable!("indices are drawn below the length"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cek_nik::nik::Nik;

    fn sample(count: u64, seed: u64, format: Format) -> String {
        let mut out = Vec::new();
        write(&mut out, count, seed, format).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn no_number_can_be_anybodys() {
        for line in sample(5_000, 1, Format::Lines).lines() {
            let nik = Nik::parse(line).unwrap();
            assert_eq!(nik.as_bytes()[12], b'9', "{line}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_people_in_every_format() {
        let lines = sample(50, 7, Format::Lines);
        assert_eq!(lines, sample(50, 7, Format::Lines));
        assert_ne!(lines, sample(50, 8, Format::Lines));
        for (format, columns, column) in [(Format::Csv, 3, 0), (Format::Bpjs, 30, 11)] {
            let text = sample(50, 7, format);
            let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
            assert_eq!(header[column], "NIK");
            let niks: Vec<&str> = text
                .lines()
                .skip(1)
                .map(|row| {
                    let fields: Vec<&str> = row.split(',').collect();
                    assert_eq!(fields.len(), columns);
                    fields[column]
                })
                .collect();
            assert_eq!(niks.join("\n") + "\n", lines);
        }
    }
}
