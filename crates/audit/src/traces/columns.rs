//! NIKs in longer runs of digits: two side by side, or one between other columns of fixed width.
//!
//! Among many windows of sixteen digits, one reads as a NIK by chance. In a table, the same window of line after line does.

use super::digits::Symbol;
use super::reads_as_nik;
use cek_nik::nik::{DIGITS, Date, Nik};

/// So many lines one after the other are no chance: of random digits, one of three thousand million.
const ENOUGH_LINES: u64 = 3;

/// No table has so many digits without a gap, and in the decimals of pi every window would be looked at.
const LONGEST: usize = 256;

/// A window: how long the run is that it is in, and how many digits of that stand before it.
type Window = (usize, usize);

/// What was seen in the line that is being read, and in those before it.
#[derive(Default)]
pub struct Columns {
    run: Vec<u8>,
    /// Windows of this line that read as NIKs.
    windows: Vec<Window>,
    /// The same of the line before, and for how many lines each has done so.
    streaks: Vec<(Window, u64)>,
    /// The last line that was found.
    told: u64,
}

impl Columns {
    /// Takes the next symbol of a line, and calls for each NIK with the number of its line.
    pub fn take(&mut self, symbol: Symbol, line: u64, today: Date, mut found: impl FnMut(u64)) {
        if let Symbol::Digit(value) = symbol {
            self.run.push(value);
            return;
        }
        if !self.run.is_empty() {
            self.end_run(today, || found(line));
        }
        if symbol == Symbol::LineEnd {
            self.end_line(line, found);
        }
    }

    fn end_run(&mut self, today: Date, mut found: impl FnMut()) {
        let length = self.run.len();
        let reads = |digits: &[u8]| reads_as_nik(&nik(digits), today);
        let (blocks, rest) = self.run.as_chunks::<DIGITS>();
        let is_full = blocks.len() > 1 && rest.is_empty();
        if is_full && blocks.iter().all(|block| reads(block)) {
            blocks.iter().for_each(|_| found());
        } else if (DIGITS + 1..=LONGEST).contains(&length) {
            let windows = self.run.windows(DIGITS).enumerate();
            let read = windows.filter(|(_, window)| reads(window));
            self.windows.extend(read.map(|(start, _)| (length, start)));
        }
        self.run.clear();
    }

    fn end_line(&mut self, line: u64, mut found: impl FnMut(u64)) {
        self.windows.sort_unstable();
        self.windows.dedup();
        let before = std::mem::take(&mut self.streaks);
        for window in self.windows.drain(..) {
            let streak = before.iter().find(|(other, _)| *other == window);
            let lines = streak.map_or(1, |(_, lines)| lines + 1);
            if lines >= ENOUGH_LINES {
                // Windows beside the right one may agree as well, where lines differ in a few digits only.
                let first = self.told.max(line - ENOUGH_LINES) + 1;
                (first..=line).for_each(&mut found);
                self.told = line;
            }
            self.streaks.push((window, lines));
        }
    }
}

fn nik(digits: &[u8]) -> Nik {
    let number = digits
        .iter()
        .fold(0, |number, digit| number * 10 + u64::from(*digit));
    Nik::of_number(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traces::digits::{find, of_text};

    fn lines(text: &str) -> Vec<u64> {
        let mut lines = Vec::new();
        let today = Date::new(2026, 11, 23).unwrap();
        find(of_text(text), today, |line| lines.push(line));
        lines
    }

    #[test]
    fn two_side_by_side_are_found() {
        assert_eq!(lines("a 32010141079090013201014107909002 b").len(), 2);
    }

    #[test]
    fn columns_of_fixed_width_are_found_where_three_lines_agree() {
        for (before, after) in [("0", ""), ("", "19900714"), ("0017", "99999999999")] {
            let line = |serial| format!("{before}320101410790{serial}{after} CONTOH\n");
            let table: String = (9_001..=9_004).map(line).collect();
            assert_eq!(lines(&format!("NIK\n{table}")), [2, 3, 4, 5]);
            assert!(lines(&format!("{}{}", line(9_001), line(9_002))).is_empty());
            let between = format!("{}-\n{}{}", line(9_001), line(9_002), line(9_003));
            assert!(lines(&between).is_empty());
        }
    }

    #[test]
    fn other_long_numbers_are_left_alone() {
        let random = [
            "32010141079090017",
            "28174309554017362",
            "11111111111111111111111111111111",
            "97503021856613240",
            "3201014107909001112345678901234567890",
        ];
        assert!(lines(&random.join("\n")).is_empty());
        let times: String = (0..1_000)
            .map(|second| format!("1795392000{second:03}000000\n"))
            .collect();
        assert!(lines(&times).is_empty());
    }
}
