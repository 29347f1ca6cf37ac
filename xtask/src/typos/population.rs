//! Model of the population.
//!
//! - Province: by the census of 2020 (BPS), in thousands; in Papua and Papua Barat with the codes
//!   from before 2022, which all who were registered until then keep. Within a province every
//!   regency and city is as likely as any other, and within that every number of a district. (By
//!   districts alone, cities would be too rare: theirs are few and populous.)
//! - Age: equally many people of every age up to 50 years, then linearly fewer up to 85.
//! - Sex: half and half.
//! - Birthday: every day is equally likely. With heaped dates: besides, 3.8 % were born on 1 July,
//!   2.2 % on 31 December, 1.0 % on 1 January (10.3, 5.8 and 2.6 million of 268 million people in
//!   2019).
//! - Serial: 0001 in 60 % of cases, and each further one 0.4 times as likely as the one before; of
//!   people on heaped dates 0001 to 0300, equally likely.

use cek_nik::nik::{Date, Nik, Place, Warning};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

const PROVINCES: [(u8, u64); 34] = [
    (11, 5_275),
    (12, 14_799),
    (13, 5_535),
    (14, 6_394),
    (15, 3_548),
    (16, 8_467),
    (17, 2_011),
    (18, 9_008),
    (19, 1_456),
    (21, 2_065),
    (31, 10_562),
    (32, 48_274),
    (33, 36_516),
    (34, 3_669),
    (35, 40_666),
    (36, 11_905),
    (51, 4_317),
    (52, 5_320),
    (53, 5_326),
    (61, 5_414),
    (62, 2_670),
    (63, 4_074),
    (64, 3_766),
    (65, 702),
    (71, 2_622),
    (72, 2_986),
    (73, 9_074),
    (74, 2_625),
    (75, 1_172),
    (76, 1_419),
    (81, 1_849),
    (82, 1_283),
    (91, 4_304),
    (92, 1_134),
];

/// Heaped birthdays: month, day, and thousandths of the population.
const HEAPED: [(u8, u8, u64); 3] = [(7, 1, 38), (12, 31, 22), (1, 1, 10)];

const FULL_AGES: u64 = 50;
const LAST_AGE: u64 = 85;

/// Codes of the districts of a regency or city.
type Regency = Vec<u32>;

pub struct Population {
    today: Date,
    heaped: bool,
    thousands: u64,
    provinces: Vec<(u64, Vec<Regency>)>,
}

impl Population {
    pub fn new(today: Date, heaped: bool) -> Self {
        let provinces: Vec<_> = PROVINCES
            .iter()
            .map(|&(code, thousands)| (thousands, regencies(code, today)))
            .collect();
        Self {
            today,
            heaped,
            thousands: provinces.iter().map(|(thousands, _)| thousands).sum(),
            provinces,
        }
    }

    pub fn districts(&self) -> usize {
        let regencies = self.provinces.iter().flat_map(|(_, regencies)| regencies);
        regencies.map(Vec::len).sum()
    }

    /// The number of one person, as ASCII digits.
    pub fn draw(&self, random: &mut ChaCha8Rng) -> [u8; 16] {
        let district = self.district(random);
        let (date, heaped) = self.birth(random);
        let woman = below(random, 2) == 1;
        let serial = serial(random, heaped);
        number(district, date, woman, serial)
    }

    fn district(&self, random: &mut ChaCha8Rng) -> u32 {
        let mut rest = below(random, self.thousands);
        for (thousands, regencies) in &self.provinces {
            if rest < *thousands {
                let districts: &Regency = pick(regencies, random);
                return *pick(districts, random);
            }
            rest -= thousands;
        }
        unreachable!("the number is below the sum")
    }

    fn birth(&self, random: &mut ChaCha8Rng) -> (Date, bool) {
        loop {
            let year = self.today.year() - age(random) as u16;
            let (month, day, heaped) = self.day(random);
            match Date::new(year, month, day) {
                Some(date) if date <= self.today => return (date, heaped),
                _ => {}
            }
        }
    }

    /// Month and day, and whether the date was given to a person with an unknown birthday.
    fn day(&self, random: &mut ChaCha8Rng) -> (u8, u8, bool) {
        let mut rest = below(random, 1000);
        let heaped = if self.heaped { HEAPED.as_slice() } else { &[] };
        for &(month, day, share) in heaped {
            if rest < share {
                return (month, day, true);
            }
            rest -= share;
        }
        (
            below(random, 12) as u8 + 1,
            below(random, 31) as u8 + 1,
            false,
        )
    }
}

fn regencies(province: u8, today: Date) -> Vec<Regency> {
    let first = u32::from(province) * 100;
    (first..first + 100)
        .map(|regency| districts(regency, today))
        .filter(|districts| !districts.is_empty())
        .collect()
}

/// All district numbers, past and present, of a regency or city with a name.
fn districts(regency: u32, today: Date) -> Regency {
    let first = regency * 100;
    (first..first + 100)
        .filter(|&code| exists(code, today))
        .collect()
}

fn exists(code: u32, today: Date) -> bool {
    let Ok(nik) = Nik::parse(&format!("{code}0107909001")) else {
        return false;
    };
    let reading = nik.decode(today);
    let named = matches!(reading.place, Place::Region(region) if region.regency_name.is_some());
    named && !reading.warnings.contains(Warning::DistrictUnknown)
}

fn age(random: &mut ChaCha8Rng) -> u64 {
    loop {
        let age = below(random, LAST_AGE);
        let older = age.saturating_sub(FULL_AGES);
        if below(random, LAST_AGE - FULL_AGES) >= older {
            return age;
        }
    }
}

fn serial(random: &mut ChaCha8Rng, heaped: bool) -> u32 {
    if heaped {
        return below(random, 300) as u32 + 1;
    }
    let mut serial = 1;
    while below(random, 10) < 4 {
        serial += 1;
    }
    serial
}

fn number(district: u32, date: Date, woman: bool, serial: u32) -> [u8; 16] {
    let day = date.day() + if woman { 40 } else { 0 };
    let text = format!(
        "{district:06}{day:02}{:02}{:02}{serial:04}",
        date.month(),
        date.year() % 100
    );
    text.as_bytes().try_into().expect("sixteen digits")
}

fn pick<'a, T>(items: &'a [T], random: &mut ChaCha8Rng) -> &'a T {
    &items[below(random, items.len() as u64) as usize]
}

/// Draws a number below a limit. The bias is below 2^-32 for the limits here.
pub fn below(random: &mut ChaCha8Rng, limit: u64) -> u64 {
    random.next_u64() % limit
}
