//! OLE compound files, the container of XLS workbooks: a file of sectors with tables that name the
//! next sector of each.

/// The first bytes of a compound file.
pub const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Where the header names its first table sectors.
const TABLES: std::ops::Range<usize> = 76..512;
/// Numbers from here on are no sectors.
const RESERVED: u32 = 0xffff_fffa;

/// Whether sectors follow each other in a circle, which the reader of workbooks would follow until
/// no memory is left. No sound file has such sectors, used or not.
pub fn has_circle(document: &[u8]) -> bool {
    let Some(file) = CompoundFile::of(document) else {
        return false;
    };
    let next = file.table(&file.table_sectors());
    is_circular(&next) || is_circular(&file.table(&file.small_table_sectors(&next)))
}

struct CompoundFile<'a> {
    bytes: &'a [u8],
    sector_bytes: usize,
}

impl<'a> CompoundFile<'a> {
    /// `None` without a header that is known.
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let sector_bytes = match bytes.get(30..32)? {
            [9, 0] => 512,
            [12, 0] => 4096,
            _ => return None,
        };
        bytes.get(TABLES)?;
        Some(Self {
            bytes,
            sector_bytes,
        })
    }

    /// A field of the header.
    fn field(&self, offset: usize) -> u32 {
        let field = self
            .bytes
            .get(offset..)
            .and_then(|rest| numbers(rest).next());
        field.unwrap_or(RESERVED)
    }

    /// A sector; empty beyond the end of the file. The header takes the place of the first one.
    fn sector(&self, number: u32) -> &'a [u8] {
        let start = (number as usize + 1).saturating_mul(self.sector_bytes);
        let rest = self.bytes.get(start..).unwrap_or_default();
        rest.get(..self.sector_bytes).unwrap_or(rest)
    }

    /// More sectors than that are in no file of this length.
    fn most_sectors(&self) -> usize {
        self.bytes.len() / self.sector_bytes + 1
    }

    /// The numbers in several sectors.
    fn table(&self, sectors: &[u32]) -> Vec<u32> {
        let sectors = sectors.iter().map(|number| self.sector(*number));
        sectors.flat_map(numbers).collect()
    }

    /// The sectors of the table of sectors. Those beyond the header are in a list of sectors, of
    /// which each ends with the number of the next.
    fn table_sectors(&self) -> Vec<u32> {
        let tables = self.bytes.get(TABLES).unwrap_or_default();
        let mut sectors: Vec<u32> = numbers(tables).collect();
        let mut list = self.field(68);
        for _ in 0..self.most_sectors() {
            if list >= RESERVED {
                break;
            }
            sectors.extend(numbers(self.sector(list)));
            list = sectors.pop().unwrap_or(RESERVED);
        }
        sectors.retain(|number| *number < RESERVED);
        sectors
    }

    /// The sectors of the table for small streams.
    fn small_table_sectors(&self, next: &[u32]) -> Vec<u32> {
        let first = Some(self.field(60));
        let sectors = std::iter::successors(first, |number| next.get(*number as usize).copied());
        let sectors = sectors.take_while(|number| *number < RESERVED);
        sectors.take(self.most_sectors()).collect()
    }
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let (numbers, _) = bytes.as_chunks();
    numbers.iter().map(|number| u32::from_le_bytes(*number))
}

fn is_circular(next: &[u32]) -> bool {
    const UNSEEN: usize = usize::MAX;
    let mut seen_from = vec![UNSEEN; next.len()];
    (0..next.len()).any(|start| {
        let mut sector = start;
        while let (Some(seen), Some(number)) = (seen_from.get_mut(sector), next.get(sector)) {
            if *seen != UNSEEN {
                return *seen == start;
            }
            *seen = start;
            sector = *number as usize;
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A made-up list, which a package of this crate does not contain.
    fn sheet() -> Vec<u8> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lists/sheet.xls");
        std::fs::read(path).expect("a list of the repository")
    }

    fn with_number(offset: usize, number: u32) -> Vec<u8> {
        let mut document = sheet();
        document[offset..offset + 4].copy_from_slice(&number.to_le_bytes());
        document
    }

    #[test]
    fn a_sound_workbook_has_no_circle() {
        assert!(!has_circle(&sheet()));
    }

    #[test]
    fn a_circle_of_any_length_is_found() {
        let sheet = sheet();
        let file = CompoundFile::of(&sheet).expect("a header");
        let sectors = file.table_sectors();
        let [table] = sectors[..] else {
            panic!("{sectors:?}");
        };
        let offset = |sector: usize| (table as usize + 1) * file.sector_bytes + sector * 4;
        let next = file.table(&sectors);
        let used = next.iter().filter(|number| **number < RESERVED).count();
        assert!(used > 5, "{used}");
        for (last, number) in next.iter().enumerate() {
            if *number == 0xffff_fffe {
                let before = next.iter().position(|number| *number == last as u32);
                assert!(has_circle(&with_number(offset(last), last as u32)));
                if let Some(before) = before {
                    assert!(has_circle(&with_number(offset(last), before as u32)));
                }
            }
        }
    }

    #[test]
    fn lists_of_tables_that_never_end_are_read_once() {
        for list in [0, 1, 1_000_000, RESERVED - 1] {
            has_circle(&with_number(68, list));
        }
        let sheet = sheet();
        for length in 0..sheet.len().min(2_000) {
            has_circle(&sheet[..length]);
        }
    }
}
