//! Signed sites. The signatures are written from docs/FORMAT.md alone, so that they can be wrong in
//! every way.

import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

import { WITHOUT_PIECES } from "./failures.mjs";
import { openHostileHost } from "./hostile-host.mjs";

const SIGNATURE = "catalogue.json.minisig";

/** A key pair of minisign, with the 56 characters of the public key. */
export function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const id = randomBytes(8);
  const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
  const text = Buffer.concat([Buffer.from("Ed"), id, raw]).toString("base64");
  return { id, privateKey, text };
}

/** A signature file. `algorithm` and `comment` may be wrong. */
export function signatureOf(
  catalogue,
  key,
  { algorithm = "ED", comment = commentOf(catalogue) } = {},
) {
  const hash = createHash("blake2b512").update(catalogue).digest();
  const signature = sign(undefined, hash, key.privateKey);
  const global = sign(undefined, Buffer.concat([signature, Buffer.from(comment)]), key.privateKey);
  const line = Buffer.concat([Buffer.from(algorithm), key.id, signature]).toString("base64");
  return [
    "untrusted comment: made by a test",
    line,
    `trusted comment: ${comment}`,
    `${global.toString("base64")}\n`,
  ].join("\n");
}

function commentOf(catalogue) {
  const { edition = 0, expires } = JSON.parse(catalogue);
  return `cek-nik edition ${edition}${expires ? `, expires ${expires}` : ""}`;
}

/** Signs a copied site in its place. */
export async function signSite(site, key, options) {
  await site.write(SIGNATURE, signatureOf(await site.read("catalogue.json"), key, options));
}

/** Writes fields of the catalogue of a copied site, which keeps its shards. */
export async function change(site, fields) {
  Object.assign(site.catalogue, fields);
  await site.write("catalogue.json", JSON.stringify(site.catalogue));
}

/**
 * A copy of a site that this key has signed, on a host without the pieces of lists. Its catalogue names
 * a mirror that has them.
 */
export async function openLacking(site, mirror, key, resources) {
  const copy = await site.copy();
  await change(copy, { mirrors: [mirror] });
  await signSite(copy, key);
  const host = await openHostileHost(await copy.serve(), resources);
  host.fault = WITHOUT_PIECES;
  return { copy, address: host.address };
}

export const unsign = (site) => site.remove(SIGNATURE);

/** The day so many days from today, `YYYY-MM-DD`. */
export const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
