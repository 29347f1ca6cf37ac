//! Fills a filter from the lines of a list and writes it to a file, with one thread:
//! `filters fastbloom|xorf ROWS LIST OUT`.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};

use fastbloom::BloomFilter;
use xorf::{BinaryFuse16, DmaSerializable};

const USAGE: &str = "usage: filters fastbloom|xorf ROWS LIST OUT";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, rows, list, out] = &arguments[..] else {
        return Err(USAGE.into());
    };
    let rows = rows.parse()?;
    let lines = BufReader::with_capacity(1 << 20, File::open(list)?);
    let filter = match name.as_str() {
        "fastbloom" => bloom(rows, lines)?,
        "xorf" => binary_fuse(rows, lines)?,
        _ => return Err(USAGE.into()),
    };
    Ok(fs::write(out, filter)?)
}

/// A Bloom filter with false positives of 1 in 1,000.
fn bloom(rows: usize, lines: impl BufRead) -> io::Result<Vec<u8>> {
    // A filter that is read again later needs a seed of its own.
    let mut filter = BloomFilter::with_false_pos(0.001)
        .seed(&1)
        .expected_items(rows);
    for_each_line(lines, |line| {
        filter.insert(line);
    })?;
    Ok(filter.iter().flat_map(u64::to_le_bytes).collect())
}

/// A binary fuse filter with false positives of 1 in 65,536. It hashes integers, which NIKs are.
fn binary_fuse(rows: usize, lines: impl BufRead) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut keys = Vec::with_capacity(rows);
    for_each_line(lines, |line| {
        keys.push(
            line.iter()
                .fold(0, |number, digit| 10 * number + u64::from(digit - b'0')),
        );
    })?;
    // The filter requires distinct keys.
    keys.sort_unstable();
    keys.dedup();
    let filter = BinaryFuse16::try_from(&keys)?;
    let mut bytes = vec![0; BinaryFuse16::DESCRIPTOR_LEN];
    filter.dma_copy_descriptor_to(&mut bytes);
    bytes.extend(filter.dma_fingerprints());
    Ok(bytes)
}

fn for_each_line(mut lines: impl BufRead, mut each: impl FnMut(&[u8])) -> io::Result<()> {
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        each(line.trim_ascii_end());
        line.clear();
    }
    Ok(())
}
