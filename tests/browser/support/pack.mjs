//! A second writer of packs, written from docs/FORMAT.md alone.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

import { deriveKey, prefixOf } from "./key.mjs";

const MAGIC = Buffer.from("8e434e500d0a1a0a", "hex");

/**
 * The parts of a site's pack. Tests may replace them before [`bytes`] joins them. `shards` has all
 * shards of each data set, in the order of the catalogue.
 */
export function packOf(site) {
  const shards = site.catalogue.datasets.map(({ id, root }) => {
    const directory = join(site.directory, "data", id, root);
    return Buffer.concat(
      readdirSync(directory)
        .sort()
        .map((name) => readFileSync(join(directory, name))),
    );
  });
  return new Pack({ catalogue: readFileSync(join(site.directory, "catalogue.json")), shards });
}

export class Pack {
  constructor(parts) {
    Object.assign(this, { magic: MAGIC, version: 1, reserved: Buffer.alloc(16) }, parts);
    this.sizes ??= this.shards.map(({ length }) => length);
    this.datasets ??= this.sizes.length;
    this.catalogueBytes ??= this.catalogue.length;
  }

  /** A copy with other parts. */
  with(parts) {
    return new Pack({ ...this, ...parts });
  }

  /** Everything before the shards. */
  get beginning() {
    const sizes = this.sizes.map((size) => unsigned(size, 8));
    const index = Buffer.concat([...sizes, this.catalogue]);
    const digest = this.digest ?? createHash("sha256").update(index).digest();
    const header = [
      this.magic,
      unsigned(this.version, 2),
      unsigned(this.datasets, 2),
      unsigned(this.catalogueBytes, 4),
      this.reserved,
      digest,
    ];
    return Buffer.concat([...header, index]);
  }

  get bytes() {
    return Buffer.concat([this.beginning, ...this.shards]);
  }
}

function unsigned(value, bytes) {
  const written = Buffer.alloc(8);
  written.writeBigUInt64LE(BigInt(value));
  return written.subarray(0, bytes);
}

const SHARD_HEADER_BYTES = 64;
const HASH_BYTES = 32;
const LARGE = { bits: 10, filterBytes: 500_000 };

/**
 * Writes a pack of half a gigabyte with one list and one shard: that of `nik`, with a filter that
 * contains everybody. The other shards are holes, and the tree has only the hashes that this shard
 * needs. Gives the location of the shard in bytes.
 */
export async function writeLargePack(path, site, id, nik) {
  const { bits, filterBytes } = LARGE;
  const bytes = SHARD_HEADER_BYTES + filterBytes + bits * HASH_BYTES;
  const dataset = site.dataset(id);
  const prefix = prefixOf(deriveKey(site.catalogue, nik), bits);
  const header = Buffer.from(site.shard(dataset, 0).subarray(0, SHARD_HEADER_BYTES));
  header.writeUInt8(bits, 11);
  header.writeUInt32BE(prefix, 12);
  header.writeBigUInt64LE(BigInt(filterBytes) * 8n, 32);
  const filter = Buffer.alloc(filterBytes, 255);
  const siblings = Array.from({ length: bits }, (_, step) => Buffer.alloc(HASH_BYTES, step));
  let node = hash(0, header, filter);
  for (const [step, sibling] of siblings.entries()) {
    node = (prefix >> step) & 1 ? hash(1, sibling, node) : hash(1, node, sibling);
  }
  const changed = {
    ...dataset,
    prefix_bits: bits,
    shard_bytes: bytes,
    root: node.toString("hex"),
    filter: { ...dataset.filter, bits: filterBytes * 8 },
  };
  const catalogue = Buffer.from(JSON.stringify({ ...site.catalogue, datasets: [changed] }));
  const size = 2 ** bits * bytes;
  const { beginning } = new Pack({ catalogue, shards: [], sizes: [size] });
  const first = beginning.length + prefix * bytes;
  const file = await open(path, "w");
  await file.truncate(beginning.length + size);
  await file.write(beginning, 0, beginning.length, 0);
  await file.write(Buffer.concat([header, filter, ...siblings]), 0, bytes, first);
  await file.close();
  return { beginning: beginning.length, first, bytes, size: beginning.length + size };
}

const hash = (kind, ...parts) =>
  createHash("sha256")
    .update(Buffer.concat([Buffer.of(kind), ...parts]))
    .digest();
