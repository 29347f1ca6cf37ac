//! Number formats for messages and reports.

/// A number with thousands separators: `5,755,609,500`.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A size in binary units, with two decimals from 1 KiB on: `88 B`, `1.46 KiB`.
pub fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut value = bytes as f64;
    let mut unit = None;
    for larger in UNITS {
        if value < 1_024.0 {
            break;
        }
        value /= 1_024.0;
        unit = Some(larger);
    }
    match unit {
        None => format!("{bytes} B"),
        Some(unit) => format!("{value:.2} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_a_comma_before_every_three_digits() {
        for (value, words) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345, "12,345"),
            (5_755_609_500, "5,755,609,500"),
            (u64::MAX, "18,446,744,073,709,551,615"),
        ] {
            assert_eq!(number(value), words);
        }
    }

    #[test]
    fn bytes_have_the_largest_unit_that_leaves_one_or_more() {
        for (value, words) in [
            (0, "0 B"),
            (1_023, "1023 B"),
            (1_024, "1.00 KiB"),
            (1_500, "1.46 KiB"),
            ((1 << 20) - 1, "1024.00 KiB"),
            (512 << 10, "512.00 KiB"),
            (64 << 20, "64.00 MiB"),
            (u64::MAX, "16.00 EiB"),
        ] {
            assert_eq!(bytes(value), words);
        }
    }
}
