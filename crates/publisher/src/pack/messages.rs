//! What is wrong with a site or a pack, for those who make them.

use cek_nik::check::{FetchError, Reason};
use cek_nik::pack::PackError;
use cek_nik::shard::ShardError;

/// What is wrong, and what to do where that is always the same.
pub fn message(reason: Reason) -> &'static str {
    match reason {
        Reason::Pack(PackError::NotAPack) => "it is neither a pack nor a page with a pack inside",
        Reason::Pack(PackError::NewerVersion) => {
            "it is of a newer format: use the newest version of cek-nik"
        }
        Reason::Pack(PackError::WrongLength) => {
            "it is shorter or longer than it says, as after a copy that was cut off: copy or download it again"
        }
        Reason::Pack(PackError::Damaged) => {
            "its beginning is damaged, or contradicts its catalogue: copy or download it again"
        }
        Reason::CatalogueFetch(_) => "it cannot be read: is the name right, and may you read it?",
        Reason::Catalogue(_) => {
            "its catalogue.json is damaged, or of a newer format: build or copy the site again, or use the newest version of cek-nik"
        }
        Reason::Fetch(FetchError::NotFound) => "it is not there",
        Reason::Fetch(FetchError::Unreadable) => "it cannot be read, or is not a regular file",
        Reason::Fetch(_) => "it cannot be read",
        Reason::Shard(ShardError::NotAShard) => "it does not begin as a shard does",
        Reason::Shard(ShardError::NewerVersion) => "it is of a newer format",
        Reason::Shard(ShardError::WrongLength) => "it is shorter or longer than the catalogue says",
        Reason::Shard(ShardError::WrongDataset) => {
            "it belongs to another data set, or to a catalogue with another salt or cost"
        }
        Reason::Shard(ShardError::WrongPrefix) => "it is the shard of another prefix",
        Reason::Shard(ShardError::WrongFilter) => "its filter is not the one of the catalogue",
        Reason::Shard(ShardError::Damaged) => {
            "it is damaged: its bytes do not lead to the root in the catalogue"
        }
        Reason::Dataset(_) | Reason::OtherIdentifier | Reason::OutOfMemory => {
            "it cannot be used by this version of cek-nik: use the newest"
        }
    }
}
