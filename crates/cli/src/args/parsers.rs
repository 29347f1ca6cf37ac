//! Values of options, parsed by clap. Their errors stand behind the name of the option.

use std::path::Path;

use bytesize::ByteSize;
use cek_nik::prefix::PrefixBits;
use cek_nik::signature::{InvalidPublicKey, PublicKey};
use cek_nik_publisher::config::parse_prefix_bits;
use cek_nik_publisher::input::Column;
use cek_nik_publisher::plan::cost::CoreSpeed;
use cek_nik_reader::regular_file::read_regular;

use crate::output::hints::with_hint;
use crate::output::texts::{Language, Texts};

/// The longest file that is read for a public key.
const MOST_KEY_BYTES: u64 = 4096;

pub fn column(text: &str) -> Result<Column, String> {
    // The errors of clap are English.
    let texts = Texts::new(Language::En);
    Column::parse(text).map_err(|error| with_hint(texts, error.code(), &error.to_string()))
}

pub fn prefix_bits(text: &str) -> Result<PrefixBits, String> {
    let bits = text.parse().map_err(|_| "expected a number from 0 to 14")?;
    parse_prefix_bits(bits).map_err(|error| error.to_string())
}

pub fn size(text: &str) -> Result<ByteSize, &'static str> {
    text.parse()
        .map_err(|_| "expected a size such as 524288, 512KiB or 4MiB")
}

/// The 56 characters of a public key, or the path of a `.pub` file.
pub fn public_key(text: &str) -> Result<PublicKey, String> {
    let of_file = |error: InvalidPublicKey| {
        let bytes = read_regular(Path::new(text), MOST_KEY_BYTES);
        let bytes = bytes.map_err(|_| format!("{error}; and no file has this name"))?;
        let text = String::from_utf8_lossy(&bytes);
        PublicKey::parse(&text).map_err(|_| "the file holds no public key of minisign".to_owned())
    };
    PublicKey::parse(text).or_else(of_file)
}

/// Two speeds in keys a second: with SHA-256 and with Argon2id.
pub fn core_speed(text: &str) -> Result<CoreSpeed, &'static str> {
    let speed = |text: &str| {
        let speed = text.trim().parse().ok();
        speed.filter(|speed: &f64| speed.is_finite() && *speed > 0.0)
    };
    text.split_once(',')
        .and_then(|(sha256, argon2id)| {
            Some(CoreSpeed {
                sha256: speed(sha256)?,
                argon2id: speed(argon2id)?,
            })
        })
        .ok_or("expected two speeds in keys a second, such as 20000000,60")
}
