//! Errors of decoding a list: compression, encoding, or rows of a format other than delimited text.

use std::io;

/// Why the bytes of a list cannot be decoded. It travels inside an [`io::Error`], because decoders
/// are readers.
///
/// Offsets count bytes of the decompressed list from 0, lines count from 1.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// UTF-16 next to UTF-8 or to UTF-16 of the other byte order.
    #[error(
        "the encoding changes at byte {offset} (line {line}), as when files of different encodings \
         are joined: save each part as UTF-8, then join them"
    )]
    MixedEncodings {
        /// The first byte of the other encoding, or a byte near it.
        offset: u64,
        /// The line it is on.
        line: u64,
    },
    /// A run of NUL bytes.
    #[error(
        "there are only zero bytes from byte {offset} (line {line}) on, as after a power cut or an \
         unfinished copy: rows may be missing, so get the list again"
    )]
    ZeroBytes {
        /// The first zero byte.
        offset: u64,
        /// The line it is on.
        line: u64,
    },
    /// UTF-16 that ends within a character.
    #[error(
        "the UTF-16 text ends in the middle of a character at byte {offset}: get the list again"
    )]
    HalfCharacter {
        /// The last byte.
        offset: u64,
    },
    /// Compressed data that is damaged or cut off.
    #[error("the {format} data is damaged or cut off: get the list again")]
    Compressed {
        /// The compression.
        format: &'static str,
        /// The decompressor's error.
        source: io::Error,
    },
    /// A zstd window that would take more memory than zstd grants without being asked.
    #[error(
        "the zstd data needs a window of {} MiB: decompress it first, with zstd -d --long={window_log} FILE",
        1_u64 << (window_log - 20)
    )]
    LongWindow {
        /// Base-2 logarithm of the window in bytes.
        window_log: u32,
    },
}

impl DecodeError {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MixedEncodings { .. } => "mixed_encodings",
            Self::ZeroBytes { .. } => "zero_bytes",
            Self::HalfCharacter { .. } => "half_character",
            Self::Compressed { .. } => "damaged_compression",
            Self::LongWindow { .. } => "long_window",
        }
    }
}

impl From<DecodeError> for io::Error {
    fn from(error: DecodeError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}
