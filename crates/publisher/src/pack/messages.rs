//! Messages about sites and packs for publishers.

use cek_nik::check::{FetchError, Reason};
use cek_nik::pack::PackError;
use cek_nik::shard::ShardError;
use cek_nik::signature::SignatureError;

/// What is wrong, and what to do if that is always the same.
pub fn message(reason: Reason) -> &'static str {
    match reason {
        Reason::Pack(PackError::NotAPack) => "it is neither a pack nor a page with a pack inside",
        Reason::Pack(PackError::NewerVersion) => {
            "it has a newer format: use the newest version of cek-nik"
        }
        Reason::Pack(PackError::WrongLength) => {
            "it is shorter or longer than it says, for example after an interrupted copy: copy or \
             download it again"
        }
        Reason::Pack(PackError::Damaged) => {
            "its beginning is damaged or contradicts its catalogue: copy or download it again"
        }
        Reason::CatalogueFetch(_) => "it cannot be read: check its name and permissions",
        Reason::Catalogue(_) => {
            "its catalogue.json is damaged or has a newer format: build or copy the site again, or \
             use the newest version of cek-nik"
        }
        Reason::Signature(SignatureError::Missing) => "its catalogue is not signed",
        Reason::Signature(SignatureError::OtherKey) => {
            "its catalogue was signed with another key: give the key of its publisher"
        }
        Reason::Signature(_) => {
            "the signature does not fit its catalogue: sign or copy the site again"
        }
        Reason::Edition(_) => "its edition is too old: build the site again",
        Reason::Fetch(FetchError::NotFound) => "it is not there",
        Reason::Fetch(FetchError::Unreadable) => "it cannot be read, or is not a regular file",
        Reason::Fetch(_) => "it cannot be read",
        Reason::Shard(ShardError::NotAShard) => "it does not begin as a shard does",
        Reason::Shard(ShardError::NewerVersion) => "it has a newer format",
        Reason::Shard(ShardError::WrongLength) => "it is shorter or longer than the catalogue says",
        Reason::Shard(ShardError::WrongDataset) => {
            "it belongs to another data set, or to a catalogue with another salt or cost"
        }
        Reason::Shard(ShardError::WrongPrefix) => "it is the shard of another prefix",
        Reason::Shard(ShardError::WrongFilter) => "its filter is not that of the catalogue",
        Reason::Shard(ShardError::Damaged) => {
            "it is damaged: its checksum differs from the one in the catalogue"
        }
        Reason::Dataset(_) | Reason::OtherIdentifier | Reason::OutOfMemory => {
            "this version of cek-nik cannot use it: use the newest one"
        }
    }
}
