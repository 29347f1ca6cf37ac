//! Study of typing errors: how many the warnings catch (`make typos`).
//!
//! It draws people from a model of the population, mistypes the number of each in three ways, and
//! counts how many results draw a warning. The numbers of the model may be real: they are never
//! printed or stored. `docs/NIK.md` shows the results.

use cek_nik::nik::{Date, Nik, Reading, Warning};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

mod mistakes;
mod population;

use mistakes::TYPOS;
use population::Population;

const PEOPLE: u32 = 400_000;
const SEED: u64 = 1;
const TODAY: (u16, u8, u8) = (2026, 11, 23);

type Catches = fn(&Reading) -> bool;

/// The rows of the table. Each adds a check to those above it, except the last, which is what
/// cek-nik warns of.
const ROWS: [(&str, Catches); 5] = [
    ("the date exists and is past", date),
    ("and the regency or city is known", |reading| {
        date(reading) || regency(reading)
    }),
    ("and the district is not beyond the highest", place_and_date),
    ("and the serial is 0001 to 0099", |reading| {
        place_and_date(reading) || !(1..100).contains(&reading.serial)
    }),
    ("the same, silent on heaped dates", |reading| {
        place_and_date(reading) || draws(reading, &[Warning::SerialZero, Warning::SerialHigh])
    }),
];

fn date(reading: &Reading) -> bool {
    reading.birth.dates().next().is_none()
}

fn regency(reading: &Reading) -> bool {
    draws(
        reading,
        &[Warning::ProvinceUnknown, Warning::RegencyUnknown],
    )
}

fn place_and_date(reading: &Reading) -> bool {
    date(reading) || regency(reading) || draws(reading, &[Warning::DistrictUnknown])
}

fn draws(reading: &Reading, warnings: &[Warning]) -> bool {
    warnings
        .iter()
        .any(|&warning| reading.warnings.contains(warning))
}

pub fn run() -> anyhow::Result<()> {
    let (year, month, day) = TODAY;
    let today = Date::new(year, month, day).ok_or_else(|| anyhow::anyhow!("no such day"))?;
    for (name, heaped) in [
        ("every birthday equally likely", false),
        ("with heaped dates", true),
    ] {
        let population = Population::new(today, heaped);
        println!(
            "# {PEOPLE} people, {name}, {} districts, {today}\n",
            population.districts()
        );
        typos_caught(&population, today);
        by_position(&population, today);
        without_typos(&population, today);
    }
    Ok(())
}

fn typos_caught(population: &Population, today: Date) {
    println!("Typing errors caught, per cent");
    for (name, catches) in ROWS {
        let rates: Vec<String> = TYPOS
            .iter()
            .map(|typo| {
                let caught = share(population, today, typo.make, catches);
                format!("{caught:5.1} {}", typo.name)
            })
            .collect();
        println!("  {name:<44} {}", rates.join("  "));
    }
}

fn by_position(population: &Population, today: Date) {
    println!("\nOne wrong digit caught by what cek-nik warns of, per cent, by position");
    let (_, catches) = ROWS[ROWS.len() - 1];
    for position in 0..16 {
        let typo = |digits: &mut _, random: &mut _| mistakes::replace(digits, position, random);
        let caught = share(population, today, typo, catches);
        print!("  {}: {caught:.1}", position + 1);
    }
    println!();
}

/// The warnings that correct numbers draw: the cost of the warnings.
fn without_typos(population: &Population, today: Date) {
    println!("\nWithout a typing error, per cent of numbers that draw a warning");
    for warning in Warning::ALL {
        let drawn = share(
            population,
            today,
            |_, _| {},
            |reading| draws(reading, &[warning]),
        );
        if drawn > 0.0 {
            println!("  {:<20} {drawn:6.2}", warning.code());
        }
    }
    println!();
}

/// The percentage of the numbers that is caught after a typing error.
fn share(
    population: &Population,
    today: Date,
    typo: impl Fn(&mut [u8; 16], &mut ChaCha8Rng),
    catches: impl Fn(&Reading) -> bool,
) -> f64 {
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut caught = 0;
    for _ in 0..PEOPLE {
        let mut digits = population.draw(&mut random);
        typo(&mut digits, &mut random);
        let nik = Nik::from_plain(&digits).expect("sixteen digits");
        caught += u32::from(catches(&nik.decode(today)));
    }
    f64::from(caught) / f64::from(PEOPLE) * 100.0
}
