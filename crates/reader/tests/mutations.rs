//! Mutations of shards, catalogues and packs: each gives an answer without a panic, and never a
//! wrong "not in the list".

use std::cell::RefCell;
use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::sync::LazyLock;

use cek_nik::catalogue::Dataset;
use cek_nik::check::{Answer, Checker, FetchError, Outcome, Reason, Source};
use cek_nik::identifier::Identifier;
use cek_nik::name::NameWord;
use cek_nik::nik::Nik;
use cek_nik::pack::{HEADER_BYTES, Header, Index};
use cek_nik::prefix::Prefix;
use cek_nik::signature::PublicKey;
use cek_nik_reader::catalogue_file::CatalogueFile;
use cek_nik_reader::pack_file::Pack;
use cek_nik_reader::signed;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

/// The site of a vector, and a NIK in both of its data sets.
static SITE: LazyLock<Value> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/good-both.json");
    let vector: Value = serde_json::from_slice(&fs::read(path).expect("vector")).expect("JSON");
    vector["check"].clone()
});

/// A pack of the same site.
static PACK: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/pack-both.json");
    let vector: Value = serde_json::from_slice(&fs::read(path).expect("vector")).expect("JSON");
    let hex = vector["pack"]["file"].as_str().expect("a file");
    base16ct::lower::decode_vec(hex).expect("hex")
});

/// The offset of the first shard of [`PACK`].
fn first_shard() -> usize {
    HEADER_BYTES + Header::read(&PACK).expect("a good header").index_bytes()
}

struct Packed(Pack<Cursor<Vec<u8>>>);

impl Source for Packed {
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        self.0.shard(dataset, prefix)
    }
}

/// The answers for the NIK in both data sets; `None` if the whole pack is refused.
fn check_pack(bytes: Vec<u8>) -> Option<Vec<Answer>> {
    let pack = Pack::open(Cursor::new(bytes)).ok()?;
    let catalogue = pack.catalogue_file().to_vec();
    Some(check(&catalogue, &Packed(pack)).expect("the catalogue of a pack that opens is good"))
}

/// Answers with a changed shard, and notes whether it really was changed.
struct Changed<F>(F, RefCell<bool>);

impl<F: Fn(&mut Vec<u8>)> Source for Changed<F> {
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        let hex = SITE["files"][dataset.shard_path(prefix)].as_str();
        let good = base16ct::lower::decode_vec(hex.ok_or(FetchError::NotFound)?).expect("hex");
        let mut bytes = good.clone();
        (self.0)(&mut bytes);
        *self.1.borrow_mut() |= bytes != good;
        Ok(bytes)
    }
}

fn check(catalogue: &[u8], source: &impl Source) -> Option<Vec<Answer>> {
    let catalogue = CatalogueFile::parse(catalogue).ok()?.into_catalogue();
    let nik = Nik::parse(SITE["nik"].as_str().expect("NIK")).expect("NIK");
    let mut checker = Checker::new(&catalogue).ok()?;
    Some(pollster::block_on(
        checker.check(&Identifier::of_nik(&nik), source),
    ))
}

/// Looked up nevertheless, such an identifier would be in no list.
#[test]
fn an_identifier_of_another_kind_is_no_answer() {
    let catalogue = SITE["catalogue"].as_str().expect("catalogue");
    let catalogue = CatalogueFile::parse(catalogue.as_bytes()).expect("a good catalogue");
    let catalogue = catalogue.into_catalogue();
    let nik = Nik::parse(SITE["nik"].as_str().expect("NIK")).expect("NIK");
    let name = NameWord::parse("SITI").expect("a word");
    let identifier = Identifier::of_nik_and_name(&nik, &name);
    let source = Changed(|_: &mut Vec<u8>| {}, RefCell::new(false));
    let mut checker = Checker::new(&catalogue).expect("memory");
    for answer in pollster::block_on(checker.check(&identifier, &source)) {
        assert_eq!(answer.outcome, Outcome::Unknown(Reason::OtherIdentifier));
    }
}

fn with_shards(change: impl Fn(&mut Vec<u8>)) -> (Vec<Answer>, bool) {
    let source = Changed(change, RefCell::new(false));
    let catalogue = SITE["catalogue"].as_str().expect("catalogue");
    let answers = check(catalogue.as_bytes(), &source).expect("a good catalogue");
    (answers, source.1.into_inner())
}

fn refused(answers: &[Answer]) -> bool {
    answers
        .iter()
        .all(|answer| matches!(answer.outcome, Outcome::Unknown(_)))
}

#[test]
fn every_single_bit_of_a_shard_matters() {
    let (answers, changed) = with_shards(|_| {});
    assert!(
        !changed
            && answers
                .iter()
                .all(|answer| answer.outcome == Outcome::Member)
    );
    let longest = SITE["files"].as_object().expect("files").values();
    let bits = longest
        .filter_map(Value::as_str)
        .map(|hex| hex.len() * 4)
        .max();
    for bit in 0..bits.expect("shards") {
        // Beyond the end of the shorter shards nothing is flipped, so each data set is judged by
        // itself.
        let flip = |bytes: &mut Vec<u8>| {
            if let Some(byte) = bytes.get_mut(bit / 8) {
                *byte ^= 1 << (bit % 8);
            }
        };
        let (answers, _) = with_shards(flip);
        assert!(
            answers
                .iter()
                .all(|answer| answer.outcome != Outcome::NonMember),
            "bit {bit}: {answers:?}"
        );
        assert!(
            !answers
                .iter()
                .all(|answer| answer.outcome == Outcome::Member),
            "bit {bit}"
        );
    }
}

#[test]
fn every_single_bit_of_a_pack_matters() {
    let good = check_pack(PACK.clone()).expect("a good pack");
    assert!(good.iter().all(|answer| answer.outcome == Outcome::Member));
    let mut noticed = 0;
    for bit in 0..PACK.len() * 8 {
        let mut bytes = PACK.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let Some(answers) = check_pack(bytes) else {
            noticed += 1;
            continue;
        };
        assert!(bit / 8 >= first_shard(), "bit {bit} of the beginning");
        for answer in &answers {
            assert_ne!(answer.outcome, Outcome::NonMember, "bit {bit}: {answers:?}");
        }
        noticed += usize::from(answers != good);
    }
    // All but those in the three shards of the second data set that are not looked at.
    let shards: Vec<usize> = SITE["files"]
        .as_object()
        .expect("files")
        .values()
        .map(|hex| hex.as_str().expect("hex").len() * 4)
        .collect();
    let unseen = shards.iter().max().expect("shards") * 3;
    assert_eq!(noticed, PACK.len() * 8 - unseen);
}

#[test]
fn no_length_but_its_own_opens_a_pack() {
    for length in 0..PACK.len() {
        assert!(check_pack(PACK[..length].to_vec()).is_none(), "{length}");
    }
}

/// Catalogue, signature and key of the vector of a good signature.
static SIGNED: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/signature-good.json");
    let vector: Value = serde_json::from_slice(&fs::read(path).expect("vector")).expect("JSON");
    let text = |name: &str| vector["signature"][name].as_str().expect("text").to_owned();
    let file = base16ct::lower::decode_vec(text("file")).expect("hex");
    [
        text("catalogue").into_bytes(),
        file,
        text("key").into_bytes(),
    ]
});

fn is_signed([catalogue, signature, key]: &[Vec<u8>; 3]) -> bool {
    let key = str::from_utf8(key).ok().map(PublicKey::parse);
    key.and_then(Result::ok)
        .is_some_and(|key| signed::verify(signature, &key, catalogue).is_ok())
}

#[test]
fn the_signature_that_is_changed_below_is_good() {
    assert!(is_signed(&SIGNED));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes_in_place_of_a_shard(noise in vec(any::<u8>(), 0..600)) {
        let (answers, changed) = with_shards(|bytes| bytes.clone_from(&noise));
        prop_assert!(changed && refused(&answers), "{answers:?}");
    }

    #[test]
    fn bytes_overwritten_removed_or_added(
        places in vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in prop::option::of(any::<prop::sample::Index>()),
        tail in vec(any::<u8>(), 0..40),
    ) {
        let (answers, changed) = with_shards(|bytes| {
            for (place, value) in &places {
                let place = place.index(bytes.len());
                bytes[place] = *value;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            bytes.extend_from_slice(&tail);
        });
        for answer in &answers {
            prop_assert_ne!(answer.outcome, Outcome::NonMember);
        }
        prop_assert!(changed || answers.iter().all(|a| a.outcome == Outcome::Member));
    }

    #[test]
    fn any_bytes_in_place_of_a_pack(noise in vec(any::<u8>(), 0..600), keep in 0..PACK.len()) {
        let header = Header::read(&noise);
        prop_assert!(header.is_err() || noise.starts_with(&PACK[..8]));
        prop_assert!(check_pack(noise.clone()).is_none());
        // With a good beginning, they replace shards.
        let bytes = [&PACK[..keep], &noise].concat();
        let unchanged = bytes == *PACK;
        for answer in check_pack(bytes).unwrap_or_default() {
            prop_assert_ne!(answer.outcome, Outcome::NonMember);
            prop_assert!(unchanged || keep >= first_shard());
        }
    }

    #[test]
    fn any_beginning_behind_a_good_header(
        noise in vec(any::<u8>(), 0..2000),
        pack_bytes in any::<u64>(),
    ) {
        let header = Header::read(&PACK).expect("a good header");
        let beginning = [&PACK[..HEADER_BYTES], &noise].concat();
        prop_assert!(Index::read(&header, &beginning, pack_bytes).is_err());
    }

    #[test]
    fn a_changed_pack(
        places in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in prop::option::of(any::<prop::sample::Index>()),
        tail in vec(any::<u8>(), 0..40),
    ) {
        let mut bytes = PACK.clone();
        for (place, value) in &places {
            let place = place.index(bytes.len());
            bytes[place] = *value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        bytes.extend_from_slice(&tail);
        for answer in check_pack(bytes).unwrap_or_default() {
            prop_assert_ne!(answer.outcome, Outcome::NonMember);
        }
    }

    #[test]
    fn a_changed_catalogue(
        place in any::<prop::sample::Index>(),
        value in any::<u8>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = SITE["catalogue"].as_str().expect("catalogue").as_bytes().to_vec();
        let place = place.index(bytes.len());
        bytes[place] = value;
        if cut {
            bytes.truncate(place);
        }
        // The true shards are there: only a catalogue that still names them can lead to an answer,
        // and then to the right one.
        let source = Changed(|_: &mut Vec<u8>| {}, RefCell::new(false));
        for answer in check(&bytes, &source).unwrap_or_default() {
            prop_assert_ne!(answer.outcome, Outcome::NonMember, "byte {} became {}", place, value);
        }
    }

    #[test]
    fn a_changed_signature_key_or_catalogue(
        part in 0..3_usize,
        place in any::<prop::sample::Index>(),
        value in any::<u8>(),
        cut in any::<bool>(),
    ) {
        let mut parts = SIGNED.clone();
        let bytes = &mut parts[part];
        let place = place.index(bytes.len());
        let before = std::mem::replace(&mut bytes[place], value);
        if cut {
            bytes.truncate(place);
        }
        let is_changed = cut || value != before;
        // The first line means nothing, and a key may end in a line feed.
        let first_line = SIGNED[1].iter().position(|byte| *byte == b'\n').expect("lines");
        let means_nothing = match part {
            1 => place <= first_line || cut && place + 1 == SIGNED[1].len(),
            _ => false,
        };
        if is_changed && !means_nothing {
            prop_assert!(!is_signed(&parts), "byte {} of part {} became {}", place, part, value);
        }
    }

    #[test]
    fn any_bytes_in_place_of_a_signature_or_key(noise in vec(any::<u8>(), 0..400)) {
        let [catalogue, signature, key] = SIGNED.clone();
        prop_assert!(!is_signed(&[catalogue.clone(), noise.clone(), key]));
        prop_assert!(!is_signed(&[catalogue, signature, noise]));
    }

    #[test]
    fn any_text_in_place_of_a_catalogue(text in ".{0,300}") {
        prop_assert!(CatalogueFile::parse(text.as_bytes()).is_err());
    }

    #[test]
    fn any_text_in_place_of_a_nik(text in "\\PC{0,40}") {
        if let Ok(nik) = Nik::parse(&text) {
            prop_assert_eq!(Nik::parse(&nik.digits()), Ok(nik));
        }
    }
}
