//! Numbers of sixteen digits in scientific notation, as programs write large numbers that they take for measurements.

/// How many digits stand behind the point of a number of sixteen.
const DECIMALS: usize = 15;

/// All numbers in scientific notation that have sixteen digits before the point, written out, one a line; `None` where there are none.
pub fn written_out(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut numbers = Vec::new();
    for place in memchr::memchr2_iter(b'e', b'E', bytes) {
        let (before, after) = (bytes.get(..place), bytes.get(place + 1..));
        if let (Some(before), Some(after)) = (before, after)
            && is_fifteen(after)
        {
            append(before, &mut numbers);
        }
    }
    (!numbers.is_empty()).then_some(numbers)
}

fn is_fifteen(exponent: &[u8]) -> bool {
    let digits = exponent.strip_prefix(b"+").unwrap_or(exponent);
    let digits = digits.strip_prefix(b"0").unwrap_or(digits);
    digits.starts_with(b"15") && !digits.get(2).is_some_and(u8::is_ascii_digit)
}

/// Appends the number whose first digits bytes end with, if they do. Zeros at its end are left out in this notation.
fn append(before: &[u8], numbers: &mut Vec<u8>) {
    let digits = before.iter().rev().take(DECIMALS + 1);
    let count = digits.take_while(|byte| byte.is_ascii_digit()).count();
    let (rest, decimals) = before.split_at(before.len() - count);
    if let [others @ .., first, b'.' | b','] = rest
        && count <= DECIMALS
        && first.is_ascii_digit()
        && !others.last().is_some_and(u8::is_ascii_digit)
    {
        numbers.push(*first);
        numbers.extend(decimals);
        numbers.extend(std::iter::repeat_n(b'0', DECIMALS - count));
        numbers.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_out() {
        for text in [
            "x = 3.201014107909e15;",
            "3.201014107909E+15",
            "3,201014107909000e+015 -",
        ] {
            let numbers = written_out(text.as_bytes());
            assert_eq!(
                numbers.as_deref(),
                Some(&b"3201014107909000\n"[..]),
                "{text}"
            );
        }
        for text in [
            "3.2e16",
            "3.2e150",
            "13.2e15",
            "3.2010141079090011e15",
            "e15",
            ".e15",
            "3.2e",
        ] {
            assert_eq!(written_out(text.as_bytes()), None, "{text}");
        }
    }
}
