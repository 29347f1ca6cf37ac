//! The key of a number and the paths of its shards, computed by another implementation than the one
//! under test.

import { argon2id } from "./deps.mjs";

/** `word` is the word of the name, for name-locked catalogues. */
export function deriveKey({ salt, kdf }, nik, word) {
  if (kdf.name !== "argon2id") {
    throw new Error(`these tests make no site with ${kdf.name}`);
  }
  return Buffer.from(
    argon2id(
      Buffer.from(word ? `nik+nama:${nik}|${word}` : `nik:${nik}`),
      Buffer.from(salt, "hex"),
      {
        version: kdf.version,
        m: kdf.memory_kib,
        t: kdf.iterations,
        p: kdf.parallelism,
        dkLen: 32,
      },
    ),
  );
}

/** The first bits of the key, as a number. */
export const prefixOf = (key, bits) => Number(BigInt(key.readUInt32BE(0)) >> BigInt(32 - bits));

export const prefixName = (prefix) => prefix.toString(16).padStart(4, "0");

export function shardPath({ id, root, prefix_bits: bits }, key) {
  return `data/${id}/${root}/${prefixName(prefixOf(key, bits))}.cnk`;
}
