//! Impossible NIKs: a filter that seems to hold one gives a false alarm.

use rand_chacha::rand_core::Rng;

use cek_nik::nik::Nik;

/// Draws a number of sixteen digits with an impossible province, day and month: 00 to 10, 32 to 40
/// or 72 to 99, and 13 to 99. There are 3.5e14 such numbers, so that even a list of errors hardly
/// holds one that is drawn.
pub fn draw(random: &mut impl Rng) -> Nik {
    let mut rest = random.next_u64();
    let mut below = |limit: u64| {
        let value = rest % limit;
        rest /= limit;
        value
    };
    let province = below(11);
    let regency_and_district = below(10_000);
    let day = match below(9 + 28) {
        day @ 0..9 => 32 + day,
        day => 72 + day - 9,
    };
    let month = 13 + below(87);
    let year_and_serial = below(1_000_000);
    let number: u64 = [
        (regency_and_district, 10_000),
        (day, 100),
        (month, 100),
        (year_and_serial, 1_000_000),
    ]
    .into_iter()
    .fold(province, |number, (part, size)| number * size + part);
    Nik::of_number(number)
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;
    use cek_nik::nik::{Date, Warning};

    #[test]
    fn each_breaks_three_rules() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let today = Date::new(2026, 11, 23).unwrap();
        for _ in 0..10_000 {
            let warnings = draw(&mut random).warnings(today);
            for warning in [
                Warning::ProvinceUnknown,
                Warning::DayImpossible,
                Warning::MonthImpossible,
            ] {
                assert!(warnings.contains(warning));
            }
        }
    }
}
