// A second reader of the cek-nik format, written from docs/FORMAT.md alone; § is a section of that
// document. It shares no code with the first, so that an agreement of the two says something about
// the document.

import { createHash, createPublicKey, verify } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// The only dependency lives where the web page keeps its own.
const { resolve } = createRequire(new URL("../../www/package.json", import.meta.url));
const { argon2id } = await import(pathToFileURL(resolve("@noble/hashes/argon2.js")));

const MAGIC = Buffer.from("8e434e4b0d0a1a0a", "hex");
const PACK_MAGIC = Buffer.from("8e434e500d0a1a0a", "hex");
const HEADER_BYTES = 64;
const HASH_BYTES = 32;
const PACK_START = '<template id="pack">';
const PACK_END = "</template>";
const MOST_PAGE_BYTES = 32 * 1024 * 1024;
const MOST_PREFIX_BITS = 14;
const MOST_CATALOGUE_BYTES = 4 * 1024 * 1024;
const MOST_FILTER_BITS = 536870912;
const MOST_CHECK_BYTES = 134217728;

/** Why no answer can be given; its reason is a code of the document. */
class Refusal extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

function must(holds, reason) {
  if (!holds) throw new Refusal(reason);
}

/**
 * The whole check. `catalogue` is the bytes of the file, or undefined if there is none, `nik` 16
 * ASCII digits, `name` a name with a word (§ 2.1), or undefined for a client that asks for none.
 * `getFile(path)` answers with the bytes of a file, with undefined if there is none, or throws an
 * error with a `reason` of § 6.5.
 */
export async function check(catalogue, nik, name, getFile) {
  return answer(nik, name, (asksForNames) => ({
    catalogue: readCatalogue(catalogue, asksForNames),
    getShard: (dataset, prefix) => getFile(shardPath(dataset, prefix)),
  }));
}

/**
 * The whole check with a pack (§ 7) or a page with a pack inside (§ 7.1), of which `file` is the
 * bytes.
 */
export async function checkPack(file, nik, name) {
  return answer(nik, name, (asksForNames) =>
    readPack(beginsAsPack(file) ? file : packInPage(file), asksForNames),
  );
}

async function answer(nik, name, open) {
  // Asking with anything else would end in a false "not in the list".
  if (typeof nik !== "string" || !/^[0-9]{16}$/.test(nik))
    throw new TypeError("a NIK is 16 ASCII digits");
  const { word, error } = name === undefined ? {} : wordOf(name);
  if (error) throw new TypeError("a name has a word");
  let key;
  try {
    const { catalogue, getShard } = open(word !== undefined);
    key = deriveKey(identifierOf(catalogue.identifier, nik, word), catalogue.salt, catalogue.kdf);
    const datasets = [];
    const excess = excessOf(catalogue);
    for (const dataset of catalogue.datasets)
      datasets.push(await checkDataset(catalogue, dataset, key, getShard, excess));
    return { datasets };
  } catch (error) {
    return { reason: reasonOf(error) };
  } finally {
    key?.fill(0); // § 10.2
  }
}

// One data set fails by itself, with the others unaffected (§ 5.1).
async function checkDataset(catalogue, dataset, key, getShard, excess) {
  const { id } = dataset;
  try {
    checkDatasetFields(dataset);
    must(!excess.has(id), "dataset_invalid");
    const prefix = prefixOf(key, dataset.prefix_bits);
    const shard = await getShard(dataset, prefix);
    must(shard !== undefined, "not_found");
    const filter = checkShard(shard, catalogue, dataset, prefix);
    return { id, outcome: isMember(filter, key, dataset.filter) ? "member" : "non_member" };
  } catch (error) {
    return { id, outcome: "unknown", reason: reasonOf(error) };
  }
}

// A mistake of this program is not a reason; it must be seen.
function reasonOf(error) {
  if (typeof error?.reason !== "string") throw error;
  return error.reason;
}

// ---- Identifier (§ 2) ----

function identifierOf(kind, nik, word) {
  return kind === "nik" ? `nik:${nik}` : `nik+nama:${nik}|${word}`;
}

const IGNORED =
  /["'\\`\u02b9-\u02bf\u2018-\u201f\u2032\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const BOUNDARY = "[\\t-\\r (),\\-./;\\u2010-\\u2015\\u2212]";
const MARKS = new RegExp(`${BOUNDARY}?[\\u0300-\\u036f]+`, "g");
const TITLES =
  "HI HJ HJH KH KHR TGK TGH UST PDT ASSOC PROF DR HC DRS DRA DRG DRH IR NS APT BDN RD RR RA RM NGT \
KRT TN NY NN SDR SDRI BPK ALM ALMH".split(" ");

/** The word of a name, or the reason code why there is none (§ 2.1). */
export function wordOf(name) {
  const text = name.normalize("NFKD").replace(IGNORED, "").replace(MARKS, "");
  for (const word of text.split(new RegExp(BOUNDARY))) {
    const [letters] = /^[A-Za-z]*/.exec(word);
    if (letters.length > 60) return { error: "word_too_long" };
    if (letters.length < word.length) return { error: "not_a_letter" };
    const capitals = letters.toUpperCase();
    if (capitals.length > 1 && !TITLES.includes(capitals)) return { word: capitals };
  }
  return { error: "no_word" };
}

// ---- Catalogue (§ 5.1) ----

function readCatalogue(bytes, asksForNames) {
  const catalogue = parseJson(bytes);
  must(
    isObject(catalogue) && catalogue.format === "cek-nik catalogue",
    "catalogue_not_a_catalogue",
  );
  must(isInteger(catalogue.version, 1), "catalogue_not_a_catalogue");
  must(catalogue.version === 1, "catalogue_newer_version");
  const { identifier } = catalogue;
  must(
    identifier === "nik" || (identifier === "nik+nama" && asksForNames),
    "identifier_unsupported",
  );
  must(catalogue.kdf != null, "catalogue_invalid");
  must(isObject(catalogue.kdf) && isSupportedKdf(catalogue.kdf), "kdf_unsupported");
  must(isHex(catalogue.salt, 16), "catalogue_invalid");
  must(
    Array.isArray(catalogue.datasets) &&
      catalogue.datasets.length > 0 &&
      catalogue.datasets.length <= 256 &&
      hasValidUniqueIds(catalogue.datasets),
    "catalogue_invalid",
  );
  must(catalogue.edition == null || isInteger(catalogue.edition, 1), "catalogue_invalid");
  const { published, expires } = catalogue;
  must(
    (published == null && expires == null) ||
      (isDay(published) && isDay(expires) && published < expires),
    "catalogue_invalid",
  );
  return catalogue;
}

// ---- Edition (§ 5.3) ----

/**
 * How old the edition of a catalogue is on a day, `newest` being the newest edition that was seen;
 * or the reason why it is not answered from.
 */
export function ageOf(bytes, today, newest) {
  try {
    const { edition, published, expires } = readCatalogue(bytes, true);
    const age = published == null ? "current" : ageOfPeriod(published, expires, today);
    must(age !== "too old", "edition_too_old");
    must((edition ?? 0) >= newest, "edition_older");
    return { age };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function ageOfPeriod(published, expires, today) {
  const days = (from, to) => (Date.parse(to) - Date.parse(from)) / 86400000;
  if (today < published) return "clock_behind";
  if (today <= expires) return "current";
  return days(expires, today) <= days(published, expires) ? "expired" : "too old";
}

function isDay(text) {
  if (typeof text !== "string" || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const date = new Date(text); // takes 31 February for 3 March, or for no day
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function parseJson(bytes) {
  must(bytes !== undefined, "catalogue_not_found");
  must(bytes.length <= MOST_CATALOGUE_BYTES, "catalogue_not_json");
  let text, value;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes); // skips a byte-order mark
    value = JSON.parse(text);
  } catch {
    throw new Refusal("catalogue_not_json");
  }
  must(hasUniqueNames(text), "catalogue_not_json");
  return value;
}

// JSON.parse silently keeps the last of equal names. In text that it accepts, a string before a
// colon is a name of the innermost open object.
function hasUniqueNames(text) {
  const open = [];
  for (const [token, name] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (name !== undefined) {
      const names = open.at(-1);
      const unescaped = JSON.parse(name);
      if (names.has(unescaped)) return false;
      names.add(unescaped);
    }
  }
  return true;
}

// § 3
function isSupportedKdf(kdf) {
  if (kdf.name === "sha256") return true;
  return (
    kdf.name === "argon2id" &&
    kdf.version === 19 &&
    isInteger(kdf.parallelism, 1, 16) &&
    isInteger(kdf.iterations, 1, 64) &&
    isInteger(kdf.memory_kib, 8 * kdf.parallelism, 65536) &&
    kdf.memory_kib * kdf.iterations <= 524288
  );
}

// § 5: the id becomes part of a path.
function hasValidUniqueIds(datasets) {
  const valid = (d) =>
    isObject(d) && typeof d.id === "string" && /^[a-z0-9][a-z0-9-]{0,63}$/.test(d.id);
  return datasets.every(valid) && new Set(datasets.map((d) => d.id)).size === datasets.length;
}

function checkDatasetFields({
  prefix_bits,
  filter,
  distinct,
  false_positive_rate,
  shard_bytes,
  root,
}) {
  must(isInteger(prefix_bits, 0), "dataset_invalid");
  must(prefix_bits <= MOST_PREFIX_BITS, "prefix_too_long");
  must(filter != null, "dataset_invalid");
  must(isObject(filter) && filter.kind === "bloom", "filter_unsupported");
  // § 6.2
  must(isInteger(filter.bits, 8, MOST_FILTER_BITS) && filter.bits % 8 === 0, "dataset_invalid");
  must(isInteger(filter.hashes, 1, 32), "dataset_invalid");
  must(isInteger(distinct, 0), "dataset_invalid");
  must(typeof false_positive_rate === "number", "dataset_invalid");
  must(false_positive_rate > 0 && false_positive_rate < 1, "dataset_invalid");
  must(isHex(root, HASH_BYTES), "dataset_invalid");
  must(
    shard_bytes === HEADER_BYTES + filter.bits / 8 + HASH_BYTES * prefix_bits,
    "dataset_invalid",
  );
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isInteger(value, least, most = Number.MAX_SAFE_INTEGER) {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}

function isHex(value, bytes) {
  return typeof value === "string" && value.length === 2 * bytes && /^[0-9a-f]*$/.test(value);
}

// ---- Signature (§ 5.4) ----

const MOST_SIGNATURE_BYTES = 16384;
const UNTRUSTED = "untrusted comment: ";
const TRUSTED = "trusted comment: ";

/**
 * The trusted comment of a signed catalogue, or the reason why it is not answered from. `file` is
 * the bytes of the signature file, or undefined, and `keyText` the pinned key.
 */
export function signedComment(bytes, file, keyText) {
  try {
    const key = publicKey(keyText);
    must(file !== undefined, "signature_missing");
    const { algorithm, id, signature, comment, global } = signatureParts(file);
    must(algorithm === "ED", "signature_unsupported");
    must(equal(id, key.id), "signature_other_key");
    const hash = createHash("blake2b512").update(bytes).digest();
    const commented = Buffer.concat([signature, Buffer.from(comment)]);
    must(
      verify(null, hash, key.ed25519, signature) && verify(null, commented, key.ed25519, global),
      "signature_wrong",
    );
    const { edition, expires } = readCatalogue(bytes, true);
    const expiry = expires == null ? "" : `, expires ${expires}`;
    must(
      !comment.startsWith("cek-nik ") || comment === `cek-nik edition ${edition ?? 0}${expiry}`,
      "signature_other_edition",
    );
    return { comment };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function publicKey(text) {
  const lines = text.trimEnd().split(/\r?\n/);
  if (lines[0].startsWith(UNTRUSTED)) lines.shift();
  const bytes = base64(lines[0] ?? "", 42, "key_invalid");
  must(lines.length === 1 && bytes.toString("latin1", 0, 2) === "Ed", "key_invalid");
  const x = bytes.subarray(10).toString("base64url");
  const ed25519 = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return { id: bytes.subarray(2, 10), ed25519 };
}

function signatureParts(file) {
  const reason = "signature_invalid";
  must(file.length <= MOST_SIGNATURE_BYTES, reason);
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(file);
  } catch {
    throw new Refusal(reason);
  }
  const lines = text.replace(/\n$/, "").split("\n");
  must(lines.length === 4, reason);
  const [untrusted, first, trusted, last] = lines.map((line) => line.replace(/\r$/, ""));
  must(untrusted.startsWith(UNTRUSTED) && trusted.startsWith(TRUSTED), reason);
  const bytes = base64(first, 74, reason);
  return {
    algorithm: bytes.toString("latin1", 0, 2),
    id: bytes.subarray(2, 10),
    signature: bytes.subarray(10),
    comment: trusted.slice(TRUSTED.length),
    global: base64(last, 64, reason),
  };
}

function base64(text, length, reason) {
  const bytes = Buffer.from(text, "base64");
  must(bytes.length === length && bytes.toString("base64") === text, reason);
  return bytes;
}

// ---- Key, prefix and path (§ 3 to § 5) ----

export function deriveKey(identifier, saltHex, kdf) {
  const salt = Buffer.from(saltHex, "hex");
  const password = Buffer.from(identifier, "ascii");
  try {
    if (kdf.name === "sha256") return sha256(salt, password);
    const cost = { m: kdf.memory_kib, t: kdf.iterations, p: kdf.parallelism, version: kdf.version };
    return argon2id(password, salt, { ...cost, dkLen: 32 });
  } catch (error) {
    throw error instanceof RangeError ? new Refusal("out_of_memory") : error;
  } finally {
    password.fill(0);
  }
}

export function prefixOf(key, prefixBits) {
  // A shift by 32 would be a shift by 0 here.
  return prefixBits === 0 ? 0 : viewOf(key).getUint32(0, false) >>> (32 - prefixBits);
}

function shardPath({ id, root }, prefix) {
  return `data/${id}/${root}/${prefix.toString(16).padStart(4, "0")}.cnk`;
}

// ---- Shard (§ 6) ----

/**
 * Checks a shard in the order of § 6.4, and returns its filter, which nothing may look at before.
 */
function checkShard(shard, catalogue, dataset, prefix) {
  const { prefix_bits, filter, shard_bytes, root } = dataset;
  const magic = shard.subarray(0, MAGIC.length);
  must(equal(magic, MAGIC.subarray(0, magic.length)), "not_a_shard");

  must(shard.length >= 10, "wrong_length");
  const header = viewOf(shard);
  const version = header.getUint16(8, true);
  must(version !== 0, "not_a_shard");
  must(version === 1, "newer_version");

  must(shard.length === shard_bytes, "wrong_length");
  must(equal(shard.subarray(16, 32), binding(catalogue, dataset.id)), "wrong_dataset");
  must(
    header.getUint8(11) === prefix_bits && header.getUint32(12, false) === prefix,
    "wrong_prefix",
  );

  must(header.getUint8(10) === 0, "wrong_filter");
  must(header.getBigUint64(32, true) === BigInt(filter.bits), "wrong_filter");
  must(header.getUint8(40) === filter.hashes, "wrong_filter");
  must(
    shard.subarray(41, HEADER_BYTES).every((byte) => byte === 0),
    "wrong_filter",
  );

  const pathStart = HEADER_BYTES + filter.bits / 8;
  const leaf = sha256(Uint8Array.of(0), shard.subarray(0, pathStart));
  must(
    equal(merkleRoot(leaf, shard.subarray(pathStart), prefix), Buffer.from(root, "hex")),
    "damaged",
  );
  return shard.subarray(HEADER_BYTES, pathStart);
}

// § 6.1
function binding({ identifier, kdf, salt }, id) {
  const { name, version, memory_kib, iterations, parallelism } = kdf;
  const cost =
    name === "argon2id" ? ` v=${version} m=${memory_kib} t=${iterations} p=${parallelism}` : "";
  const text = `cek-nik binding 1\nidentifier ${identifier}\nkdf ${name}${cost}\nsalt ${salt}\ndataset ${id}\n`;
  return sha256(text).subarray(0, 16);
}

// § 6.3
function merkleRoot(leaf, path, prefix) {
  let node = leaf;
  for (let i = 0; i < path.length / HASH_BYTES; i++) {
    const sibling = path.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);
    const siblingIsLeft = (prefix >> i) & 1;
    node = siblingIsLeft
      ? sha256(Uint8Array.of(1), sibling, node)
      : sha256(Uint8Array.of(1), node, sibling);
  }
  return node;
}

// ---- Pack (§ 7) ----

/** Checks a pack in the order of § 7: its catalogue, and how to get a shard out of it. */
function readPack(file, asksForNames) {
  must(beginsAsPack(file), "pack_not_a_pack");

  must(file.length >= 10, "pack_wrong_length");
  const header = viewOf(file);
  const version = header.getUint16(8, true);
  must(version !== 0, "pack_not_a_pack");
  must(version === 1 || version === 2, "pack_newer_version");

  must(file.length >= HEADER_BYTES, "pack_wrong_length");
  const datasetCount = header.getUint16(10, true);
  const catalogueBytes = header.getUint32(12, true);
  must(catalogueBytes <= MOST_CATALOGUE_BYTES, "pack_damaged");
  const signatureBytes = header.getUint16(16, true);
  must(
    version === 1
      ? signatureBytes === 0
      : signatureBytes > 0 && signatureBytes <= MOST_SIGNATURE_BYTES,
    "pack_damaged",
  );
  must(
    file.subarray(18, 32).every((byte) => byte === 0),
    "pack_damaged",
  );

  const catalogueStart = HEADER_BYTES + 8 * datasetCount;
  const catalogueEnd = catalogueStart + catalogueBytes;
  const shardsStart = catalogueEnd + signatureBytes;
  must(file.length >= shardsStart, "pack_wrong_length");
  must(
    equal(sha256(file.subarray(HEADER_BYTES, shardsStart)), file.subarray(32, HEADER_BYTES)),
    "pack_damaged",
  );

  const sizes = Array.from({ length: datasetCount }, (_, i) =>
    header.getBigUint64(HEADER_BYTES + 8 * i, true),
  );
  const end = sizes.reduce((sum, size) => sum + size, BigInt(shardsStart));
  must(end === BigInt(file.length), "pack_wrong_length");

  const catalogue = readCatalogue(file.subarray(catalogueStart, catalogueEnd), asksForNames);
  must(catalogue.datasets.length === datasetCount, "pack_damaged");
  const starts = new Map();
  const excess = excessOf(catalogue);
  let start = shardsStart;
  catalogue.datasets.forEach((dataset, i) => {
    const all = () => BigInt(2 ** dataset.prefix_bits * dataset.shard_bytes);
    must(!isUsable(dataset, excess) || sizes[i] === all(), "pack_damaged");
    starts.set(dataset.id, start);
    start += Number(sizes[i]);
  });
  const getShard = ({ id, shard_bytes }, prefix) => {
    const place = starts.get(id) + prefix * shard_bytes;
    return file.subarray(place, place + shard_bytes);
  };
  return { catalogue, getShard };
}

function beginsAsPack(file) {
  const magic = file.subarray(0, PACK_MAGIC.length);
  return equal(magic, PACK_MAGIC.subarray(0, magic.length));
}

// § 7.1
function packInPage(page) {
  const tag = page.indexOf(PACK_START);
  must(page.length <= MOST_PAGE_BYTES && tag >= 0, "pack_not_a_pack");
  const start = tag + PACK_START.length;
  const end = page.indexOf(PACK_END, start);
  must(end >= 0, "pack_wrong_length");
  const text = page.toString("latin1", start, end);
  must(text !== "", "pack_not_a_pack");
  const pack = Buffer.from(text, "base64");
  must(pack.toString("base64") === text, "pack_damaged"); // Node skips what is no base64
  return pack;
}

// § 5.1, number 10: ids of the data sets beyond what one check fetches
function excessOf({ datasets }) {
  const excess = new Set();
  let bytes = 0;
  for (const dataset of datasets.filter((one) => isUsable(one, excess))) {
    if (bytes + dataset.shard_bytes > MOST_CHECK_BYTES) excess.add(dataset.id);
    else bytes += dataset.shard_bytes;
  }
  return excess;
}

function isUsable(dataset, excess) {
  try {
    checkDatasetFields(dataset);
    must(!excess.has(dataset.id), "dataset_invalid");
    return true;
  } catch (error) {
    reasonOf(error);
    return false;
  }
}

// ---- Bloom filter (§ 6.2) ----

function isMember(bitArray, key, { bits, hashes }) {
  return places(key, bits, hashes).every((place) => (bitArray[place >> 3] >> (place & 7)) & 1);
}

export function places(key, bits, hashes) {
  let x = viewOf(key).getBigUint64(8, true);
  let y = viewOf(key).getBigUint64(16, true);
  const result = [];
  for (let r = 1n; r <= BigInt(hashes); r++) {
    result.push(Number((mix(x) * BigInt(bits)) >> 64n)); // the product has up to 93 bits
    x = low64(x + y);
    y = low64(y + r);
  }
  return result;
}

function mix(v) {
  v = low64((v ^ (v >> 30n)) * 0xbf58476d1ce4e5b9n);
  v = low64((v ^ (v >> 27n)) * 0x94d049bb133111ebn);
  return v ^ (v >> 31n);
}

// ---- Bytes ----

function low64(v) {
  return BigInt.asUintN(64, v);
}

function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function equal(a, b) {
  return Buffer.compare(a, b) === 0;
}

function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
