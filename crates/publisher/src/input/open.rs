//! Opening a list: compression and encoding are undone.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Opens a list and undoes compression and UTF-16, by what the file begins with.
pub(super) fn open(path: &Path, meter: &Arc<Meter>) -> io::Result<Box<dyn Read + Send>> {
    let raw: Box<dyn Read + Send> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path)?)
    };
    let mut raw = BufReader::with_capacity(256 << 10, Metered::new(raw, meter, Meter::arrived));
    let unpacked: Box<dyn Read + Send> = match raw.fill_buf()? {
        [0x1f, 0x8b, ..] => Box::new(flate2::bufread::MultiGzDecoder::new(raw)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Box::new(zstd::Decoder::with_buffer(raw)?),
        _ => Box::new(raw),
    };
    let unpacked = Metered::new(unpacked, meter, Meter::unpacked);
    let mut unpacked = BufReader::with_capacity(256 << 10, unpacked);
    Ok(match unpacked.fill_buf()? {
        [0xef, 0xbb, 0xbf, ..] => {
            unpacked.consume(3);
            Box::new(unpacked)
        }
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            Box::new(encoding_rs_io::DecodeReaderBytes::new(unpacked))
        }
        _ => Box::new(unpacked),
    })
}

/// Bytes that have arrived from the disk, and what they were unpacked to.
#[derive(Default)]
pub(super) struct Meter {
    raw: AtomicU64,
    unpacked: AtomicU64,
    checksum: Mutex<crc32fast::Hasher>,
}

impl Meter {
    fn arrived(&self, bytes: &[u8]) {
        self.raw.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let mut checksum = self.checksum.lock().unwrap_or_else(PoisonError::into_inner);
        checksum.update(bytes);
    }

    fn unpacked(&self, bytes: &[u8]) {
        self.unpacked
            .fetch_add(bytes.len() as u64, Ordering::Relaxed);
    }

    pub(super) fn checksum(&self) -> u32 {
        let checksum = self.checksum.lock().unwrap_or_else(PoisonError::into_inner);
        checksum.clone().finalize()
    }

    /// Bytes on disk that correspond to so many unpacked bytes, by the ratio so far.
    pub(super) fn on_disk(&self, unpacked: u64) -> u64 {
        let ratio = self.raw.load(Ordering::Relaxed) as f64
            / self.unpacked.load(Ordering::Relaxed).max(1) as f64;
        (unpacked as f64 * ratio) as u64
    }
}

struct Metered<R> {
    inner: R,
    meter: Arc<Meter>,
    note: fn(&Meter, &[u8]),
}

impl<R> Metered<R> {
    fn new(inner: R, meter: &Arc<Meter>, note: fn(&Meter, &[u8])) -> Self {
        Self {
            inner,
            meter: meter.clone(),
            note,
        }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        (self.note)(&self.meter, buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}
