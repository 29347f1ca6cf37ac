//! The verification of Ed25519 signatures by the page itself, against the one of Node. Chromium's
//! workers in sandboxed frames and pages from `http:` have no other.

import assert from "node:assert/strict";
import {
  generateKeyPairSync,
  randomBytes,
  randomInt,
  sign,
  verify as verifyByNode,
} from "node:crypto";
import { before, describe, test } from "node:test";

import { source } from "./support/embedding.mjs";

const { verify } = await source("worker/ed25519.ts");
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** RFC 8032, 7.1: public key, message and signature. */
const VECTORS = [
  [
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  [
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
  [
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  ],
];

const bytes = (hex) => new Uint8Array(Buffer.from(hex, "hex"));
const isGood = (key, message, signature) => verify([key, message, signature, message, signature]);

/** A made-up signature. */
function signed(length) {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key = new Uint8Array(publicKey.export({ type: "spki", format: "der" }).subarray(-32));
  const message = new Uint8Array(randomBytes(length));
  const signature = new Uint8Array(sign(undefined, message, privateKey));
  return { key, message, signature, publicKey };
}

function flipped(original) {
  const copy = original.slice();
  copy[randomInt(copy.length)] ^= 1 << randomInt(8);
  return copy;
}

/** The signature with the order of the base point added to its second half: RFC 8032, 5.1.7. */
function withOrder(signature) {
  const half = Buffer.from(signature.subarray(32)).reverse().toString("hex");
  const sum = (BigInt(`0x${half}`) + ORDER).toString(16).padStart(64, "0");
  return Uint8Array.of(...signature.subarray(0, 32), ...Buffer.from(sum, "hex").reverse());
}

for (const [engine, subtle] of [
  ["the engine", crypto.subtle],
  ["the page", undefined],
]) {
  describe(`by ${engine}`, () => {
    before(() => Object.defineProperty(crypto, "subtle", { value: subtle, configurable: true }));

    test("the vectors of RFC 8032 are good", async () => {
      for (const [key, message, signature] of VECTORS) {
        assert.equal(await isGood(bytes(key), bytes(message), bytes(signature)), true);
      }
    });

    test("signatures of messages of any length are good, and damaged ones are as bad as for Node", async () => {
      // What is hashed is longer by 64 bytes: past one block of SHA-512, and some longer ones.
      for (const length of [...Array(70).keys(), 111, 112, 175, 176, 1000]) {
        const { key, message, signature, publicKey } = signed(length);
        assert.equal(await isGood(key, message, signature), true, `${length}`);
        const damaged = flipped(signature);
        const expected = verifyByNode(undefined, message, publicKey, damaged);
        assert.equal(await isGood(key, message, damaged), expected, `${length}`);
        assert.equal(await isGood(flipped(key), message, signature), false, `${length}`);
        if (length) {
          assert.equal(await isGood(key, flipped(message), signature), false, `${length}`);
        }
      }
    });

    test("a second signature made of a good one is bad", async () => {
      const { key, message, signature } = signed(40);
      assert.equal(await isGood(key, message, withOrder(signature)), false);
    });

    test("one good signature of two is bad", async () => {
      const { key, message, signature } = signed(40);
      const bad = flipped(signature);
      assert.equal(await verify([key, message, signature, message, bad]), false);
      assert.equal(await verify([key, message, bad, message, signature]), false);
    });

    test("keys and signatures that are no points are bad", async () => {
      const { message, signature } = signed(40);
      const no = new Uint8Array(32).fill(255);
      for (const key of [no, bytes("02".padEnd(64, "0")), bytes("01".padEnd(62, "0") + "80")]) {
        assert.equal(await isGood(key, message, signature), false);
      }
    });
  });
}
