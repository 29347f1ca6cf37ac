//! A table of everything that can go wrong between a reader and a site, with the expected reasons.
//! Used for the page and the command line.

import { deliver, drip } from "./hostile-host.mjs";
import { deriveKey, prefixOf, shardPath } from "./key.mjs";
import { niks, SHARDED, WHOLE } from "./site.mjs";

const SIGN_IN_PAGE = Buffer.from(
  "<!doctype html><html><title>Wi-Fi</title><h1>Sign in to go on</h1></html>",
);

/** A failure in the bytes of a file, delivered correctly. It can also occur in a directory. */
const changed = (name, reason, change) => ({
  name,
  reason,
  change,
  answer: (response, honest) => deliver(response, { ...honest, bytes: change(honest.bytes) }),
});

/** A failure of the host. `slow` failures only end by timeout. */
const failing = (name, reason, answer, more) => ({ name, reason, answer, ...more });

const status = (code, reason) =>
  failing(`status ${code}`, reason, (response) => response.writeHead(code, CORS).end("no"));

const CORS = { "Access-Control-Allow-Origin": "*" };

/** Failures of any file. `prefix` is the prefix of their reasons. */
const hostFailures = (prefix) => [
  status(404, `${prefix}not_found`),
  status(410, `${prefix}not_found`),
  status(403, `${prefix}status`),
  status(429, `${prefix}status`),
  status(500, `${prefix}status`),
  status(204, `${prefix}status`),
  failing("connection closed without an answer", `${prefix}unreachable`, (response) =>
    response.destroy(),
  ),
  failing(
    "connection cut in the middle of the file",
    `${prefix}interrupted`,
    (response, { headers, bytes }) => {
      response.writeHead(200, { ...headers, "Content-Length": bytes.length });
      response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
    },
  ),
  failing("no answer, ever", `${prefix}timed_out`, () => {}, { slow: true }),
  failing(
    "silence in the middle of the file",
    `${prefix}timed_out`,
    (response, { headers, bytes }) => {
      response.writeHead(200, { ...headers, "Content-Length": bytes.length });
      response.write(bytes.subarray(0, bytes.length >> 1));
    },
    { slow: true },
  ),
  failing("a byte now and then", `${prefix}timed_out`, drip, { slow: true }),
];

const portal = (reason) => [
  changed("a sign-in page in its place", reason, () => SIGN_IN_PAGE),
  failing("a redirect to a sign-in page", reason, (response, _, host) =>
    response.writeHead(302, { ...CORS, Location: `${host.address}cek-nik.html?sign-in` }).end(),
  ),
];

/** Bits to flip in the header of a shard: see docs/FORMAT.md for the offsets. */
const HEADER_FLIPS = [
  ["magic, first byte", 0, 0x01, "not_a_shard"],
  ["magic, high bit", 0, 0x80, "not_a_shard"],
  ["magic, last byte", 7, 0x01, "not_a_shard"],
  ["version, so that it is 0", 8, 0x01, "not_a_shard"],
  ["version, so that it is newer", 8, 0x02, "newer_version"],
  ["version, high byte", 9, 0x80, "newer_version"],
  ["kind of filter", 10, 0x01, "wrong_filter"],
  ["prefix bits", 11, 0x01, "wrong_prefix"],
  ["prefix, first byte", 12, 0x80, "wrong_prefix"],
  ["prefix, last byte", 15, 0x01, "wrong_prefix"],
  ["binding, first byte", 16, 0x01, "wrong_dataset"],
  ["binding, last byte", 31, 0x80, "wrong_dataset"],
  ["filter bits, first byte", 32, 0x08, "wrong_filter"],
  ["filter bits, last byte", 39, 0x80, "wrong_filter"],
  ["filter hashes", 40, 0x01, "wrong_filter"],
  ["reserved, first byte", 41, 0x01, "wrong_filter"],
  ["reserved, last byte", 63, 0x80, "wrong_filter"],
];

function flip(bytes, place, mask) {
  const copy = Buffer.from(bytes);
  copy[place] ^= mask;
  return copy;
}

const HEADER_BYTES = 64;
const HASH_BYTES = 32;

function shardFailures(site, twin, dataset, key) {
  const path = HASH_BYTES * dataset.prefix_bits;
  const prefix = prefixOf(key, dataset.prefix_bits);
  const [twinDataset] = twin.catalogue.datasets.filter(
    ({ prefix_bits: bits }) => bits === dataset.prefix_bits,
  );
  const inPath = [
    changed("one bit flipped at the start of the Merkle path", "damaged", (bytes) =>
      flip(bytes, bytes.length - path, 0x01),
    ),
    changed("one bit flipped at the end of the Merkle path", "damaged", (bytes) =>
      flip(bytes, bytes.length - 1, 0x80),
    ),
    changed("the shard of another prefix", "wrong_prefix", () => site.shard(dataset, prefix ^ 1)),
  ];
  return [
    ...hostFailures(""),
    ...portal("not_a_shard"),
    changed("truncated by one byte", "wrong_length", (bytes) => bytes.subarray(0, -1)),
    changed("truncated to its header", "wrong_length", (bytes) => bytes.subarray(0, HEADER_BYTES)),
    changed("truncated within its magic", "wrong_length", (bytes) => bytes.subarray(0, 5)),
    changed("nothing in it", "wrong_length", () => Buffer.alloc(0)),
    changed("one byte too long", "wrong_length", (bytes) =>
      Buffer.concat([bytes, Buffer.alloc(1)]),
    ),
    changed("twice in a row", "wrong_length", (bytes) => Buffer.concat([bytes, bytes])),
    failing("a file without end", "wrong_length", (response, honest) =>
      endless(response, honest.bytes),
    ),
    changed("a megabyte of zeros", "not_a_shard", () => Buffer.alloc(1 << 20)),
    ...HEADER_FLIPS.map(([field, place, mask, reason]) =>
      changed(`one bit flipped in the header: ${field}`, reason, (bytes) =>
        flip(bytes, place, mask),
      ),
    ),
    changed("one bit flipped at the start of the filter", "damaged", (bytes) =>
      flip(bytes, HEADER_BYTES, 0x01),
    ),
    changed("one bit flipped at the end of the filter", "damaged", (bytes) =>
      flip(bytes, bytes.length - path - 1, 0x80),
    ),
    changed("a filter with no bit set", "damaged", (bytes) =>
      Buffer.from(bytes).fill(0, HEADER_BYTES, bytes.length - path),
    ),
    changed("a filter with every bit set", "damaged", (bytes) =>
      Buffer.from(bytes).fill(255, HEADER_BYTES, bytes.length - path),
    ),
    changed("the shard of another data set", "wrong_dataset", () =>
      twin.shard(twinDataset, prefix),
    ),
    ...(dataset.prefix_bits > 0 ? inPath : []),
  ].map((failure) => ({ concerns: isShardOf(dataset), scope: "dataset", ...failure }));
}

/** Sends spaces until the connection is closed. */
function endless(response, start) {
  const more = Buffer.alloc(1 << 16, " ");
  const fill = () => {
    while (response.writable && response.write(more));
  };
  response.writeHead(200, CORS).write(start);
  response.on("drain", fill);
  fill();
}

function goneAfterwards(response, honest, host) {
  host.closeAfter(response);
  deliver(response, honest);
}

/** A failure in the JSON of the catalogue. */
const edited = (name, reason, edit, scope = "catalogue") => ({
  ...changed(name, reason, (bytes) => {
    const catalogue = JSON.parse(bytes);
    edit(catalogue);
    return Buffer.from(JSON.stringify(catalogue));
  }),
  scope,
});

function catalogueFailures(dataset) {
  const entry = (catalogue) => catalogue.datasets.find(({ id }) => id === dataset.id);
  const ofEntry = (name, reason, edit) =>
    edited(`entry with ${name}`, reason, (catalogue) => edit(entry(catalogue)), "dataset");
  return [
    ...hostFailures("catalogue_"),
    ...portal("catalogue_not_json"),
    failing("a host that cannot be reached", "catalogue_unreachable", undefined, { closed: true }),
    changed("nothing in it", "catalogue_not_json", () => Buffer.alloc(0)),
    changed("truncated by one byte", "catalogue_not_json", (bytes) =>
      bytes.subarray(0, bytes.lastIndexOf("}")),
    ),
    failing("a file without end", "catalogue_not_json", (response) =>
      endless(response, Buffer.alloc(0)),
    ),
    changed("not UTF-8", "catalogue_not_json", (bytes) =>
      Buffer.from(bytes.toString().replace("Redaksi", "\xff"), "latin1"),
    ),
    changed("JSON of another kind", "catalogue_not_a_catalogue", () =>
      Buffer.from('{"error":"no such site"}'),
    ),
    changed("a JSON list", "catalogue_not_a_catalogue", () => Buffer.from("[]")),
    changed("null", "catalogue_not_a_catalogue", () => Buffer.from("null")),
    edited(
      "another format",
      "catalogue_not_a_catalogue",
      (catalogue) => (catalogue.format = "other"),
    ),
    edited("version 0", "catalogue_not_a_catalogue", (catalogue) => (catalogue.version = 0)),
    edited("a newer version", "catalogue_newer_version", (catalogue) => (catalogue.version += 1)),
    edited("no salt", "catalogue_invalid", (catalogue) => delete catalogue.salt),
    edited(
      "a salt too short",
      "catalogue_invalid",
      (catalogue) => (catalogue.salt = catalogue.salt.slice(2)),
    ),
    edited("no list of data sets", "catalogue_invalid", (catalogue) => delete catalogue.datasets),
    edited("two data sets of the same name", "catalogue_invalid", ({ datasets }) =>
      datasets.push(datasets[0]),
    ),
    edited(
      "a data set whose name is a path",
      "catalogue_invalid",
      ({ datasets }) => (datasets[0].id = "../elsewhere"),
    ),
    edited("no data set", "catalogue_invalid", (catalogue) => (catalogue.datasets = [])),
    edited(
      "another kind of identifier",
      "identifier_unsupported",
      (catalogue) => (catalogue.identifier = "nik+lahir"),
    ),
    edited("another derivation", "kdf_unsupported", ({ kdf }) => (kdf.name = "scrypt")),
    edited("another version of Argon2", "kdf_unsupported", ({ kdf }) => (kdf.version = 16)),
    edited(
      "more memory than a phone has",
      "kdf_unsupported",
      ({ kdf }) => (kdf.memory_kib = 1 << 24),
    ),
    failing("a host that is gone afterwards", "unreachable", goneAfterwards, { scope: "datasets" }),
    edited(
      "another salt",
      "wrong_dataset",
      (catalogue) => (catalogue.salt = "00".repeat(16)),
      "datasets",
    ),
    edited("another memory cost", "wrong_dataset", ({ kdf }) => (kdf.memory_kib *= 2), "datasets"),
    edited(
      "another number of passes",
      "wrong_dataset",
      ({ kdf }) => (kdf.iterations += 1),
      "datasets",
    ),
    edited(
      "another number of lanes",
      "wrong_dataset",
      ({ kdf }) => (kdf.parallelism += 1),
      "datasets",
    ),
    edited(
      "another derivation that exists",
      "wrong_dataset",
      (catalogue) => (catalogue.kdf = { name: "sha256" }),
      "datasets",
    ),
    ofEntry("15 prefix bits", "prefix_too_long", (it) => (it.prefix_bits = 15)),
    ofEntry("256 prefix bits", "prefix_too_long", (it) => (it.prefix_bits = 256)),
    ofEntry("a negative number of prefix bits", "dataset_invalid", (it) => (it.prefix_bits = -1)),
    ofEntry("another kind of filter", "filter_unsupported", (it) => (it.filter.kind = "ribbon")),
    ofEntry("other filter hashes", "wrong_filter", (it) => (it.filter.hashes -= 1)),
    ofEntry("a filter one byte longer", "wrong_length", (it) => {
      it.filter.bits += 8;
      it.shard_bytes += 1;
    }),
    ofEntry("lengths that contradict each other", "dataset_invalid", (it) => (it.filter.bits += 8)),
    ofEntry("no root", "dataset_invalid", (it) => delete it.root),
    ofEntry("the root of another edition", "not_found", (it) => (it.root = "0".repeat(64))),
    ofEntry("another name", "not_found", (it) => (it.id = "daftar-lain")),
  ].map((failure) => ({ concerns: isCatalogue, scope: "catalogue", ...failure }));
}

const isCatalogue = (path) => path === "/catalogue.json";
const isShardOf =
  ({ id }) =>
  (path) =>
    path.startsWith(`/data/${id}/`);

/**
 * The table. `twin` is a site with the same lists under other names. Each entry has `name`,
 * `reason`, `nik` of somebody who is only in the failing data set, `right`, the answers without the
 * failure, and `wrong`, the answers with it.
 */
export function failures(site, twin) {
  return [WHOLE, SHARDED].flatMap((id) => {
    const dataset = site.dataset(id);
    const nik = id === WHOLE ? niks.whole[1] : niks.sharded[1];
    const key = deriveKey(site.catalogue, nik);
    const right = { [WHOLE]: "non_member", [SHARDED]: "non_member", [id]: "member" };
    const file = shardPath(dataset, key);
    const ofShard = shardFailures(site, twin, dataset, key).map((failure) => ({
      file,
      ...failure,
      name: `shard of ${id}: ${failure.name}`,
    }));
    const ofCatalogue = catalogueFailures(dataset).map((failure) => ({
      file: "catalogue.json",
      ...failure,
      name: `catalogue: ${failure.name}`,
    }));
    // Failures that do not depend on the data set are tried with one of them.
    const own = ({ slow, name }) => !slow && !/status (403|410|429)|in the header/.test(name);
    const all = id === SHARDED ? [...ofShard, ...ofCatalogue] : ofShard.filter(own);
    return all.map((failure) => ({
      ...failure,
      nik,
      right,
      wrong: wrongAnswers(failure, right, id),
    }));
  });
}

/** A fault of a host that has no shard of the data set with several. */
export const WITHOUT_PIECES = {
  concerns: (path) => path.startsWith(`/data/${SHARDED}/`),
  answer: (response) => response.writeHead(404, CORS).end(),
};

/** One failure for each file and reason, and all that only end by timeout. */
export function firstOfEach(table) {
  const kind = ({ file, reason, slow, name }) => [file, reason, slow && name].join(" ");
  return [...new Map(table.toReversed().map((one) => [kind(one), one])).values()];
}

/**
 * Whether another host can have the right bytes. Where a catalogue of the right form says something
 * wrong, its lists are nowhere.
 */
export const isMendable = ({ scope, name }) =>
  scope === "catalogue" || (scope === "dataset" && name.startsWith("shard"));

function wrongAnswers({ scope, reason, name }, right, id) {
  const unknown = `unknown: ${reason}`;
  switch (scope) {
    case "catalogue":
      return { page: unknown };
    case "datasets":
      return Object.fromEntries(Object.keys(right).map((each) => [each, unknown]));
    case "dataset": {
      const { [id]: _, ...others } = right;
      return { ...others, [name.endsWith("another name") ? "daftar-lain" : id]: unknown };
    }
  }
}
