//! Plain lines: whole blocks are handed on, and the threads that make keys search for the line
//! ends.

use std::io::{self, Read};

use super::reject_reason::RejectReason;
use super::{InputError, Rows, SourceInfo};

/// A line longer than this, in bytes, holds no NIK: it is counted and skipped, not kept in memory.
const LONGEST_LINE: usize = 1 << 20;

pub(super) fn read<E: From<InputError>>(
    text: &mut dyn Read,
    above: u64,
    batch_bytes: usize,
    io_error: impl Fn(io::Error) -> InputError,
    hand_on: &mut dyn FnMut(Rows, u64) -> Result<(), E>,
) -> Result<SourceInfo, E> {
    let mut block: Vec<u8> = Vec::with_capacity(2 * batch_bytes);
    let mut line = 1;
    let mut overlong = false;
    let mut skipped = 0;
    loop {
        let read = text
            .take(batch_bytes as u64)
            .read_to_end(&mut block)
            .map_err(&io_error)?;
        let end = match memchr::memrchr(b'\n', &block) {
            _ if read == 0 => block.len(),
            Some(end) => end + 1,
            None if block.len() > LONGEST_LINE => {
                skipped += block.len() as u64;
                block.clear();
                overlong = true;
                continue;
            }
            None => continue,
        };
        let rest = block.split_off(end);
        let mut start = 0;
        if overlong {
            let rejected = vec![(RejectReason::TooManyDigits.into(), line)];
            let (text, ends) = (Vec::new(), Vec::new());
            hand_on(
                Rows::Fields {
                    text,
                    ends,
                    rejected,
                },
                skipped,
            )?;
            overlong = false;
            skipped = 0;
            start = after_first_line(&block);
            line += 1;
        }
        while line <= above && start < block.len() {
            let (_, below) = block.split_at(start);
            start += after_first_line(below);
            line += 1;
        }
        block.drain(..start);
        if !block.is_empty() {
            let lines = memchr::memchr_iter(b'\n', &block).count() as u64;
            let bytes = block.len() as u64;
            let text = std::mem::replace(&mut block, Vec::with_capacity(2 * batch_bytes));
            hand_on(Rows::Lines { first: line, text }, bytes)?;
            line += lines;
        }
        if read == 0 {
            return Ok(SourceInfo::default());
        }
        block.extend_from_slice(&rest);
    }
}

fn after_first_line(block: &[u8]) -> usize {
    memchr::memchr(b'\n', block).map_or(block.len(), |end| end + 1)
}
