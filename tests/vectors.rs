//! Test vectors of docs/FORMAT.md, section 9, natively and, by `make test-wasm`, in WebAssembly.

use cek_nik::catalogue::{Catalogue, CatalogueError, Dataset};
use cek_nik::check::{Answer, Checker, FetchError, Reason, Source};
use cek_nik::edition::Age;
use cek_nik::filter::Bloom;
use cek_nik::identifier::{Identifier, IdentifierKind};
use cek_nik::key::{Argon2Cost, Kdf, KeyDeriver, Salt};
use cek_nik::name::NameWord;
use cek_nik::nik::Nik;
use cek_nik::pack::{Header, Index, ShardOffsets};
use cek_nik::prefix::{Prefix, PrefixBits};
use include_dir::{Dir, include_dir};
use serde_json::{Value, json};

static VECTORS: Dir = include_dir!("$CARGO_MANIFEST_DIR/tests/vectors");

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn every_vector() {
    pollster::block_on(run_all());
}

#[cfg(target_arch = "wasm32")]
#[wasm_bindgen_test::wasm_bindgen_test]
async fn every_vector() {
    run_all().await;
}

async fn run_all() {
    let mut keys = 0;
    let mut checks = 0;
    let mut packs = 0;
    let mut editions = 0;
    let mut signatures = 0;
    for file in VECTORS.files() {
        let name = file.path().display();
        let vector: Value = serde_json::from_slice(file.contents()).expect("a vector is JSON");
        let found = if vector["key"].is_object() {
            keys += 1;
            key(&vector["key"])
        } else if vector["pack"].is_object() {
            packs += 1;
            pack(&vector["pack"]).await
        } else if vector["page"].is_object() {
            // Only the command line takes a pack out of a page:
            // crates/cli/tests/cli/pack_vectors.rs.
            continue;
        } else if vector["signature"].is_object() {
            signatures += 1;
            // In a browser, the page brings the Ed25519 step.
            #[cfg(target_arch = "wasm32")]
            continue;
            #[cfg(not(target_arch = "wasm32"))]
            signature(&vector["signature"])
        } else if vector["edition"].is_object() {
            editions += 1;
            edition(&vector["edition"])
        } else {
            checks += 1;
            check(&vector["check"]).await
        };
        assert_eq!(found, vector["expect"], "{name}: {}", vector["case"]);
    }
    assert!(
        keys >= 10 && checks >= 152 && packs >= 85 && editions >= 29 && signatures >= 48,
        "vectors are missing: {keys} keys, {checks} checks, {packs} packs, {editions} editions, \
         {signatures} signatures"
    );
}

fn key(given: &Value) -> Value {
    let number = |value: &Value| {
        value
            .as_u64()
            .and_then(|n| u32::try_from(n).ok())
            .expect("a number")
    };
    let kdf = match given["kdf"]["name"].as_str() {
        Some("sha256") => Kdf::Sha256,
        Some("argon2id") => Kdf::Argon2id(
            Argon2Cost::new(
                number(&given["kdf"]["memory_kib"]),
                number(&given["kdf"]["iterations"]),
                number(&given["kdf"]["parallelism"]),
            )
            .expect("a cost within the limits"),
        ),
        other => panic!("the vectors name an unknown KDF: {other:?}"),
    };
    let salt = Salt::from_hex(given["salt"].as_str().expect("salt")).expect("salt");
    let identifier = identifier(given["identifier"].as_str().expect("identifier"));
    let mut deriver = KeyDeriver::new(salt, kdf).expect("memory");
    let key = deriver.derive(&identifier).expect("memory");
    let bits = given["bits"].as_u64().expect("bits");
    let bloom = Bloom::new(bits, number(&given["hashes"]) as u8).expect("filter");
    let prefixes: Vec<u32> = (0..=PrefixBits::MAX)
        .filter_map(PrefixBits::new)
        .map(|bits| bits.prefix_of(key.head()).value())
        .collect();
    json!({
        "key": base16ct::lower::encode_string(key.as_bytes()),
        "prefixes": prefixes,
        "places": bloom.places(&key.filter_hash()).collect::<Vec<u64>>(),
    })
}

fn identifier(text: &str) -> Identifier {
    let (kind, known) = text.split_once(':').expect("a tag");
    let (nik, word) = known.split_once('|').unwrap_or((known, ""));
    let kind = IdentifierKind::from_name(kind).expect("a kind");
    let nik = Nik::parse(nik).expect("NIK");
    let name = NameWord::of_decomposed(word.chars()).ok();
    kind.identify(&nik, name.as_ref()).expect("a name")
}

async fn check(given: &Value) -> Value {
    let catalogue = match &given["catalogue"] {
        Value::Null => Err(Reason::CatalogueFetch(FetchError::NotFound)),
        catalogue => {
            let bytes = file_bytes(catalogue, |text| text.as_bytes().to_vec());
            parse(&bytes).map_err(Reason::Catalogue)
        }
    };
    let answered = match catalogue {
        Ok(catalogue) => answers(&catalogue, given, &Files(&given["files"])).await,
        Err(reason) => Err(reason),
    };
    found(answered)
}

#[cfg(not(target_arch = "wasm32"))]
fn signature(given: &Value) -> Value {
    use cek_nik::signature::{PublicKey, SignatureError};
    let text = |name: &str| given[name].as_str().map(str::to_owned);
    let Ok(key) = PublicKey::parse(&text("key").expect("a key")) else {
        return json!({ "reason": "key_invalid" });
    };
    let catalogue = text("catalogue").expect("catalogue");
    let file = text("file").map(|hex| base16ct::lower::decode_vec(hex).expect("hex"));
    let verified = || {
        let file = file.ok_or(Reason::Signature(SignatureError::Missing))?;
        let signature = cek_nik_reader::signed::verify(&file, &key, catalogue.as_bytes());
        let signature = signature.map_err(Reason::Signature)?;
        let catalogue = parse(catalogue.as_bytes()).map_err(Reason::Catalogue)?;
        let checked = signature.check_comment(&catalogue);
        checked.map_err(Reason::Signature)?;
        Ok(signature)
    };
    match verified() {
        Ok(signature) => json!({ "comment": signature.trusted_comment() }),
        Err(reason) => json!({ "reason": Reason::code(reason) }),
    }
}

fn edition(given: &Value) -> Value {
    let today = given["today"].as_str().and_then(|day| day.parse().ok());
    let newest = given["newest"].as_u64().expect("a number");
    let text = given["catalogue"].as_str().expect("catalogue");
    let age = || {
        let catalogue = parse(text.as_bytes()).map_err(Reason::Catalogue)?;
        let age = catalogue.usable_age(today.expect("a day"))?;
        catalogue.refuse_older(newest)?;
        Ok(age)
    };
    match age() {
        Ok(Age::Current) => json!({ "age": "current" }),
        Ok(Age::ClockBehind) => json!({ "age": "clock_behind" }),
        Ok(Age::Expired) => json!({ "age": "expired" }),
        Ok(Age::TooOld) => panic!("no client answers from it"),
        Err(reason) => json!({ "reason": Reason::code(reason) }),
    }
}

async fn pack(given: &Value) -> Value {
    let file = file_bytes(&given["file"], from_hex);
    let answered = match open(&file) {
        Ok((catalogue, offsets)) => answers(&catalogue, given, &Packed(&file, offsets)).await,
        Err(reason) => Err(reason),
    };
    found(answered)
}

fn open(file: &[u8]) -> Result<(Catalogue, ShardOffsets), Reason> {
    let header = Header::read(file).map_err(Reason::Pack)?;
    let index = Index::read(&header, file, file.len() as u64).map_err(Reason::Pack)?;
    let catalogue = parse(index.catalogue()).map_err(Reason::Catalogue)?;
    let offsets = index.offsets(&catalogue).map_err(Reason::Pack)?;
    Ok((catalogue, offsets))
}

async fn answers(
    catalogue: &Catalogue,
    given: &Value,
    source: &impl Source,
) -> Result<Vec<Answer>, Reason> {
    let nik = Nik::parse(given["nik"].as_str().expect("nik")).expect("NIK");
    let name = given["name"].as_str().map(name_word);
    let identifier = catalogue.identifier().identify(&nik, name.as_ref())?;
    let mut checker = Checker::new(catalogue)?;
    Ok(checker.check(&identifier, source).await)
}

fn found(answered: Result<Vec<Answer>, Reason>) -> Value {
    match answered {
        Ok(answers) => {
            json!({ "datasets": answers.into_iter().map(outcome).collect::<Vec<Value>>() })
        }
        Err(reason) => json!({ "reason": reason.code() }),
    }
}

fn outcome(answer: Answer) -> Value {
    let mut value = json!({ "id": answer.dataset, "outcome": answer.outcome.name() });
    if let Some(reason) = answer.outcome.reason() {
        value["reason"] = reason.code().into();
    }
    value
}

/// The word of a name, by this target's Unicode tables.
fn name_word(text: &str) -> NameWord {
    #[cfg(target_arch = "wasm32")]
    {
        let decomposed = js_sys::JsString::from(text).normalize("NFKD");
        return NameWord::of_decomposed(String::from(decomposed).chars()).expect("a word");
    }
    #[cfg(not(target_arch = "wasm32"))]
    return NameWord::parse(text).expect("a word");
}

/// Parses a catalogue with this target's JSON parser, in front of the same core.
fn parse(bytes: &[u8]) -> Result<Catalogue, CatalogueError> {
    #[cfg(target_arch = "wasm32")]
    return cek_nik::wasm::parse(bytes).map(|(_, catalogue)| catalogue);
    #[cfg(not(target_arch = "wasm32"))]
    return cek_nik_reader::catalogue_file::CatalogueFile::parse(bytes)
        .map(|file| file.into_catalogue());
}

/// The bytes of a file: a text, or pairs of a text and how many times it is repeated.
fn file_bytes(given: &Value, decode: impl Fn(&str) -> Vec<u8>) -> Vec<u8> {
    let text = |text: &Value| decode(text.as_str().expect("a text"));
    let Some(pieces) = given.as_array() else {
        return text(given);
    };
    let repeated = |piece: &Value| {
        let times = piece[1].as_u64().expect("a number of times");
        text(&piece[0]).repeat(usize::try_from(times).expect("a length"))
    };
    pieces.iter().flat_map(repeated).collect()
}

fn from_hex(hex: &str) -> Vec<u8> {
    base16ct::lower::decode_vec(hex).expect("files are in hex")
}

/// Site of a vector.
struct Files<'a>(&'a Value);

impl Source for Files<'_> {
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        let file = self.0.get(dataset.shard_path(prefix));
        Ok(file_bytes(file.ok_or(FetchError::NotFound)?, from_hex))
    }
}

/// Pack of a vector.
struct Packed<'a>(&'a [u8], ShardOffsets);

impl Source for Packed<'_> {
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        let Self(file, offsets) = self;
        let offset = offsets.of_shard(dataset, prefix).expect("its own data set") as usize;
        Ok(file[offset..offset + dataset.shard_bytes()].to_vec())
    }
}
