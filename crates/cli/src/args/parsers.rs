//! Values of options, parsed by clap. Their errors stand behind the name of the option.

use bytesize::ByteSize;
use cek_nik::prefix::PrefixBits;
use cek_nik_publisher::config::parse_prefix_bits;
use cek_nik_publisher::input::Column;
use cek_nik_publisher::plan::cost::CoreSpeed;

use crate::output::hints::with_hint;

pub fn column(text: &str) -> Result<Column, String> {
    Column::parse(text).map_err(|error| with_hint(error.code(), &error.to_string()))
}

pub fn prefix_bits(text: &str) -> Result<PrefixBits, String> {
    let bits = text.parse().map_err(|_| "expected a number from 0 to 14")?;
    parse_prefix_bits(bits).map_err(|error| error.to_string())
}

pub fn size(text: &str) -> Result<ByteSize, &'static str> {
    text.parse()
        .map_err(|_| "expected a size such as 524288, 512KiB or 4MiB")
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
