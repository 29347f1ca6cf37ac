//! Number formats for people: the digits that matter, and units.

pub use cek_nik_publisher::plan::number_format::{bytes, number};

/// A number of things: `1,234 rows`.
pub fn count(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// People, with one decimal below ten. Rounded down, so that a group never looks larger than it is.
pub fn people(people: f64) -> String {
    if people < 0.05 {
        "less than 0.1".to_owned()
    } else if people < 10.0 {
        format!("{people:.1}")
    } else {
        number(people as u64)
    }
}

/// A share as `83.2 %`, never rounded to 0 % or 100 %.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 0.01 {
        "less than 0.01 %".to_owned()
    } else if percent > 99.99 {
        "more than 99.99 %".to_owned()
    } else if !(1.0..99.05).contains(&percent) {
        format!("{} %", without_zeros(format!("{percent:.2}")))
    } else if (percent - percent.round()).abs() < 0.05 {
        format!("{percent:.0} %")
    } else {
        format!("{percent:.1} %")
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

/// A rate as `1 in 1,000`, or above 1 in 10 as `30 %`.
pub fn one_in(rate: f64) -> String {
    if rate > 0.1 {
        percent(rate)
    } else {
        format!("1 in {}", number((1.0 / rate).round() as u64))
    }
}

/// Bytes with three digits: `322 KiB`, `1.25 MiB`.
pub fn size(bytes: u64) -> String {
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

/// Seconds, with one decimal below ten: `<0.1`, `2.6`, `1,395`.
pub fn seconds(seconds: f64) -> String {
    if seconds < 0.05 {
        "<0.1".to_owned()
    } else if seconds < 9.95 {
        format!("{seconds:.1}")
    } else {
        number(seconds.round() as u64)
    }
}

/// Hours in a familiar unit: `90 minutes`, `103 hours`, `11.8 years`.
pub fn duration(hours: f64) -> String {
    const IN_A_DAY: f64 = 24.0;
    const IN_A_YEAR: f64 = 365.25 * IN_A_DAY;
    let minutes = hours * 60.0;
    if minutes < 1.0 {
        "less than a minute".to_owned()
    } else if minutes < 99.5 {
        count(minutes.round() as u64, "minute", "minutes")
    } else if hours < 999.5 {
        format!("{hours:.0} hours")
    } else if hours < 2.0 * IN_A_YEAR {
        format!("{:.0} days", hours / IN_A_DAY)
    } else if hours < 99.5 * IN_A_YEAR {
        format!("{:.1} years", hours / IN_A_YEAR)
    } else {
        format!("{} years", number((hours / IN_A_YEAR).round() as u64))
    }
}

/// Keys per second.
pub fn speed(keys_per_second: f64) -> String {
    if keys_per_second < 100.0 {
        format!("{keys_per_second:.1}")
    } else {
        number(keys_per_second as u64)
    }
}

/// Hours, with up to three decimals below ten and three significant digits above.
pub fn hours(hours: f64) -> String {
    if hours < 0.001 {
        "less than 0.001".to_owned()
    } else if hours < 0.1 {
        format!("{hours:.3}")
    } else if hours < 10.0 {
        format!("{hours:.1}")
    } else {
        number(first_digits(hours, 3))
    }
}

/// A number rounded to its first digits.
fn first_digits(number: f64, digits: i32) -> u64 {
    let unit = 10_f64.powi((number.log10().floor() as i32 + 1 - digits).max(0));
    ((number / unit).round() * unit) as u64
}

/// A rent with two significant digits: `about 120 dollars`.
pub fn dollars(dollars: f64) -> String {
    if dollars < 1.0 {
        "less than a dollar".to_owned()
    } else {
        format!("about {} dollars", number(first_digits(dollars, 2)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(percent(share), words);
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
            assert_eq!(one_in(rate), words);
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
            assert_eq!(people(number), words);
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
            assert_eq!(duration(hours), words);
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
            assert_eq!(size(bytes), words);
        }
    }
}
