//! Number formats for people: the digits that matter, and units, in the language of the output.

use std::time::Duration;

use cek_nik_publisher::plan::number_format;
use indicatif::HumanDuration;

use super::texts::{Language, Texts};

impl Texts {
    /// A number with thousands separators: `5,755,609,500`, in Indonesian `5.755.609.500`.
    pub fn number(&self, number: u64) -> String {
        self.digits(number_format::number(number))
    }

    /// A size in binary units: `88 B`, `1.46 KiB`.
    pub fn bytes(&self, bytes: u64) -> String {
        self.digits(number_format::bytes(bytes))
    }

    /// A number that is written the English way, in the way of the language.
    pub fn digits(&self, english: String) -> String {
        match self.language() {
            Language::En => english,
            Language::Id => english
                .chars()
                .map(|character| match character {
                    '.' => ',',
                    ',' => '.',
                    other => other,
                })
                .collect(),
        }
    }

    fn about(&self, path: &str, english: String) -> String {
        self.fill(path, &[("n", &self.digits(english))])
    }

    /// People, with one decimal below ten. Rounded down, so that a group never looks larger than it
    /// is.
    pub fn people(&self, people: f64) -> String {
        if people < 0.05 {
            self.about("/number/less_than", "0.1".to_owned())
        } else if people < 10.0 {
            self.digits(format!("{people:.1}"))
        } else {
            self.number(people as u64)
        }
    }

    /// A share as `83.2 %`, never rounded to 0 % or 100 %.
    pub fn percent(&self, share: f64) -> String {
        let percent = share * 100.0;
        if percent < 0.01 {
            self.about("/number/less_than", "0.01 %".to_owned())
        } else if percent > 99.99 {
            self.about("/number/more_than", "99.99 %".to_owned())
        } else if !(1.0..99.05).contains(&percent) {
            self.digits(format!("{} %", without_zeros(format!("{percent:.2}"))))
        } else if (percent - percent.round()).abs() < 0.05 {
            self.digits(format!("{percent:.0} %"))
        } else {
            self.digits(format!("{percent:.1} %"))
        }
    }

    /// A rate as `1 in 1,000`, or above 1 in 10 as `30 %`.
    pub fn one_in(&self, rate: f64) -> String {
        if rate > 0.1 {
            self.percent(rate)
        } else {
            let n = number_format::number((1.0 / rate).round() as u64);
            self.about("/number/one_in", n)
        }
    }

    /// Bytes with three digits: `322 KiB`, `1.25 MiB`.
    pub fn size(&self, bytes: u64) -> String {
        self.digits(size(bytes))
    }

    /// Seconds, with one decimal below ten: `<0.1`, `2.6`, `1,395`.
    pub fn seconds(&self, seconds: f64) -> String {
        if seconds < 0.05 {
            self.digits("<0.1".to_owned())
        } else if seconds < 9.95 {
            self.digits(format!("{seconds:.1}"))
        } else {
            self.number(seconds.round() as u64)
        }
    }

    /// Hours in a familiar unit: `90 minutes`, `103 hours`, `11.8 years`.
    pub fn duration(&self, hours: f64) -> String {
        const IN_A_DAY: f64 = 24.0;
        const IN_A_YEAR: f64 = 365.25 * IN_A_DAY;
        let minutes = hours * 60.0;
        if minutes < 1.0 {
            self.text("/number/no_minute").to_owned()
        } else if minutes < 99.5 {
            self.count("minute", minutes.round() as u64)
        } else if hours < 999.5 {
            self.about("/unit/hour/many", format!("{hours:.0}"))
        } else if hours < 2.0 * IN_A_YEAR {
            self.about("/unit/day/many", format!("{:.0}", hours / IN_A_DAY))
        } else if hours < 99.5 * IN_A_YEAR {
            self.about("/unit/year/many", format!("{:.1}", hours / IN_A_YEAR))
        } else {
            let years = number_format::number((hours / IN_A_YEAR).round() as u64);
            self.about("/unit/year/many", years)
        }
    }

    /// The hours of a rented graphics card: `12 minutes`.
    pub fn rent_time(&self, hours: f64) -> String {
        match (hours * 60.0).round() as u64 {
            0 => self.text("/number/seconds").to_owned(),
            1 => self.text("/number/a_minute").to_owned(),
            minutes @ ..100 => self.count("minute", minutes),
            _ => self.about(
                "/unit/hour/many",
                number_format::number(hours.round() as u64),
            ),
        }
    }

    /// The time until the end of a step: `2 hours`.
    pub fn time_left(&self, time: Duration) -> String {
        let english = HumanDuration(time).to_string();
        match (self.language(), english.split_once(' ')) {
            (Language::Id, Some((n, unit))) => {
                let unit = unit.trim_end_matches('s');
                self.fill(&format!("/unit/{unit}/many"), &[("n", n)])
            }
            _ => english,
        }
    }

    /// Keys per second.
    pub fn speed(&self, keys_per_second: f64) -> String {
        if keys_per_second < 100.0 {
            self.digits(format!("{keys_per_second:.1}"))
        } else {
            self.number(keys_per_second as u64)
        }
    }

    /// Hours, with up to three decimals below ten and three significant digits above.
    pub fn hours(&self, hours: f64) -> String {
        if hours < 0.001 {
            self.about("/number/less_than", "0.001".to_owned())
        } else if hours < 0.1 {
            self.digits(format!("{hours:.3}"))
        } else if hours < 10.0 {
            self.digits(format!("{hours:.1}"))
        } else {
            self.number(first_digits(hours, 3))
        }
    }

    /// A rent with two significant digits: `about 120 dollars`.
    pub fn dollars(&self, dollars: f64) -> String {
        if dollars < 1.0 {
            self.text("/number/no_dollar").to_owned()
        } else {
            let n = number_format::number(first_digits(dollars, 2));
            self.about("/number/dollars", n)
        }
    }
}

/// A number without trailing zeros.
fn without_zeros(number: String) -> String {
    if number.contains('.') {
        number
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned()
    } else {
        number
    }
}

fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    let mut unit = "B";
    for larger in ["KiB", "MiB", "GiB"] {
        if value < 999.5 {
            break;
        }
        value /= 1_024.0;
        unit = larger;
    }
    let decimals = match value {
        _ if unit == "B" => 0,
        value if value < 9.995 => 2,
        value if value < 99.95 => 1,
        _ => 0,
    };
    let digits = format!("{value:.decimals$}");
    let digits = digits.trim_end_matches(".00").trim_end_matches(".0");
    format!("{digits} {unit}")
}

/// A number rounded to its first digits.
fn first_digits(number: f64, digits: i32) -> u64 {
    let unit = 10_f64.powi((number.log10().floor() as i32 + 1 - digits).max(0));
    ((number / unit).round() * unit) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english() -> Texts {
        Texts::new(Language::En)
    }

    fn indonesian() -> Texts {
        Texts::new(Language::Id)
    }

    #[test]
    fn a_share_is_neither_nothing_nor_all() {
        for (share, words) in [
            (1e-6, "less than 0.01 %"),
            (0.0049, "0.49 %"),
            (0.83, "83 %"),
            (0.832, "83.2 %"),
            (0.99, "99 %"),
            (0.999, "99.9 %"),
            (0.005, "0.5 %"),
            (0.999_666, "99.97 %"),
            (0.999_999, "more than 99.99 %"),
        ] {
            assert_eq!(english().percent(share), words);
        }
    }

    #[test]
    fn a_rate_is_what_it_says() {
        for (rate, words) in [
            (0.9999, "99.99 %"),
            (0.7, "70 %"),
            (0.3, "30 %"),
            (0.1, "1 in 10"),
            (0.01, "1 in 100"),
        ] {
            assert_eq!(english().one_in(rate), words);
        }
    }

    #[test]
    fn few_people_are_not_nobody() {
        for (number, words) in [
            (0.0003, "less than 0.1"),
            (0.05, "0.1"),
            (1.7, "1.7"),
            (547.8, "547"),
        ] {
            assert_eq!(english().people(number), words);
        }
    }

    #[test]
    fn a_time_has_a_unit_that_people_know() {
        for (hours, words) in [
            (1e-6, "less than a minute"),
            (1.0 / 60.0, "1 minute"),
            (1.5, "90 minutes"),
            (103.4, "103 hours"),
            (2_400.0, "100 days"),
            (103_497.0, "11.8 years"),
            (1e9, "114,077 years"),
        ] {
            assert_eq!(english().duration(hours), words);
        }
    }

    #[test]
    fn a_size_has_three_digits() {
        for (bytes, words) in [
            (88, "88 B"),
            (1_000, "0.98 KiB"),
            (329_769, "322 KiB"),
            (1_310_720, "1.25 MiB"),
            (2_726_298, "2.60 MiB"),
            (20_929_577, "20 MiB"),
            (1 << 30, "1 GiB"),
        ] {
            assert_eq!(english().size(bytes), words);
        }
    }

    #[test]
    fn an_indonesian_number_has_points_for_thousands_and_a_comma_for_decimals() {
        let texts = indonesian();
        for (words, expected) in [
            (texts.number(5_755_609_500), "5.755.609.500"),
            (texts.bytes(1_500), "1,46 KiB"),
            (texts.size(1_310_720), "1,25 MiB"),
            (texts.percent(0.832), "83,2 %"),
            (texts.percent(1e-6), "kurang dari 0,01 %"),
            (texts.percent(0.999_999), "lebih dari 99,99 %"),
            (texts.one_in(0.001), "1 dari 1.000"),
            (texts.people(0.0003), "kurang dari 0,1"),
            (texts.seconds(0.01), "<0,1"),
            (texts.hours(1_290.0), "1.290"),
            (texts.dollars(1_234.0), "sekitar 1.200 dolar"),
            (texts.duration(1e-6), "kurang dari semenit"),
            (texts.duration(103_497.0), "11,8 tahun"),
            (texts.rent_time(119.0), "119 jam"),
            (texts.rent_time(1e-6), "beberapa detik"),
            (texts.time_left(Duration::from_secs(2 * 3600)), "2 jam"),
            (
                texts.time_left(Duration::from_secs(90 * 86_400)),
                "13 minggu",
            ),
            (texts.time_left(Duration::from_secs(7)), "7 detik"),
            (texts.count("row", 1), "1 baris"),
            (texts.count("row", 12_345), "12.345 baris"),
        ] {
            assert_eq!(words, expected);
        }
    }

    #[test]
    fn a_rent_has_the_words_of_the_publisher_s_own_messages() {
        use cek_nik::key::Kdf;
        use cek_nik_publisher::plan::cost::Rent;
        for keys in [1, 1 << 42, 1 << 45, 1 << 50] {
            let rent = Rent::of(keys, Kdf::Sha256);
            assert_eq!(english().rent_time(rent.hours), rent.time());
        }
    }
}
