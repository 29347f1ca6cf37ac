//! Meter of a list while it is read: bytes on disk, their checksum, and bytes of text.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Counts of a list while it is read: bytes on disk with their checksum, and bytes of text.
#[derive(Default)]
pub(in crate::input) struct Meter {
    raw: AtomicU64,
    delivered: AtomicU64,
    nuls: AtomicU64,
    checksum: Mutex<crc32fast::Hasher>,
}

impl Meter {
    pub(super) fn arrived(&self, bytes: &[u8]) {
        self.raw.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let mut checksum = self.checksum.lock().unwrap_or_else(PoisonError::into_inner);
        checksum.update(bytes);
    }

    pub(super) fn delivered(&self, bytes: &[u8]) {
        self.delivered
            .fetch_add(bytes.len() as u64, Ordering::Relaxed);
    }

    /// Sets the bytes on disk so far, for a list that is not read in order.
    pub(super) fn set_raw(&self, bytes: u64) {
        self.raw.store(bytes, Ordering::Relaxed);
    }

    /// Counts a stray NUL byte.
    pub(super) fn count_nul(&self) {
        self.nuls.fetch_add(1, Ordering::Relaxed);
    }

    /// Stray NUL bytes so far.
    pub(in crate::input) fn nuls(&self) -> u64 {
        self.nuls.load(Ordering::Relaxed)
    }

    /// CRC-32 of the bytes on disk so far.
    pub(in crate::input) fn checksum(&self) -> u32 {
        let checksum = self.checksum.lock().unwrap_or_else(PoisonError::into_inner);
        checksum.clone().finalize()
    }

    /// Bytes on disk that correspond to so many bytes of text, by the ratio so far.
    pub(in crate::input) fn on_disk(&self, text: u64) -> u64 {
        let ratio = self.raw.load(Ordering::Relaxed) as f64
            / self.delivered.load(Ordering::Relaxed).max(1) as f64;
        (text as f64 * ratio) as u64
    }
}

pub(super) struct Metered<R> {
    inner: R,
    meter: Arc<Meter>,
    note: fn(&Meter, &[u8]),
}

impl<R> Metered<R> {
    pub(super) fn new(inner: R, meter: &Arc<Meter>, note: fn(&Meter, &[u8])) -> Self {
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
        let (bytes, _) = buffer.split_at(read);
        (self.note)(&self.meter, bytes);
        Ok(read)
    }
}
