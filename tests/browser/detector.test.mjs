//! The detector of leak.test.mjs finds what it is made to find.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { niks } from "./support/site.mjs";
import { findTraces } from "./support/traces.mjs";

const [nik] = niks.none;
const key = createHash("sha256").update("a key, for this test").digest();
const name = "Rumondang";
const value = BigInt(nik);

const grouped = (separator) => [nik.slice(0, 6), nik.slice(6, 12), nik.slice(12)].join(separator);
const percent = (text) => text.replace(/./g, (digit) => `%${digit.charCodeAt(0).toString(16)}`);
const integer = Buffer.alloc(8);
integer.writeBigUInt64LE(value);

const LEAKS = {
  plain: nik,
  "with spaces": grouped(" "),
  "with dots": grouped("."),
  "with hyphens": grouped("-"),
  "with plus signs for spaces, percent-encoded": grouped("%20"),
  "digit by digit": [...nik].join(","),
  reversed: [...nik].reverse().join(""),
  "percent-encoded": percent(nik),
  "percent-encoded twice": percent(percent(nik)),
  "base64, first alignment": Buffer.from(nik).toString("base64"),
  "base64, second alignment": Buffer.from(`x${nik}`).toString("base64"),
  "base64, third alignment": Buffer.from(`xx${nik}`).toString("base64"),
  "base64url of JSON": Buffer.from(JSON.stringify({ visitor: nik })).toString("base64url"),
  "base64 of base64": Buffer.from(Buffer.from(nik).toString("base64")).toString("base64"),
  "hexadecimal of ASCII": Buffer.from(nik).toString("hex"),
  "UTF-16, little-endian": Buffer.from(nik, "utf16le"),
  "UTF-16, big-endian": Buffer.from(nik, "utf16le").swap16(),
  "value in hexadecimal": value.toString(16).toUpperCase(),
  "value in base 36": value.toString(36),
  "value as little-endian bytes": integer,
  "value as big-endian bytes": Buffer.from(integer).reverse(),
  "value as big-endian bytes in base64": Buffer.from(integer).reverse().toString("base64"),
  "packed decimals": Buffer.from(nik, "hex"),
  "packed decimals in base64url": Buffer.from(nik, "hex").toString("base64url"),
  "birth date": nik.slice(6, 12),
  "birth date in base64": Buffer.from(`born=${nik.slice(6, 12)}`).toString("base64"),
  "first eight digits": nik.slice(0, 8),
  "last eight digits": nik.slice(8),
  "unsalted SHA-256": createHash("sha256").update(nik).digest("hex"),
  "key in hexadecimal": key.toString("hex"),
  "key in base64": key.toString("base64"),
  "key as bytes": key,
  "four bytes of the key in hexadecimal": key.subarray(11, 15).toString("hex"),
  name,
  "name in capitals, reversed": [...name.toUpperCase()].reverse().join(""),
  "name in base64": Buffer.from(`visitor=${name}`).toString("base64"),
  "name in hexadecimal": Buffer.from(name).toString("hex"),
  "four bytes of the key as a number": String(key.readUInt32BE(8)),
};

for (const [what, leak] of Object.entries(LEAKS)) {
  test(`finds: ${what}`, () => {
    const request = Buffer.concat([
      Buffer.from("GET http://127.0.0.1:8080/a?q="),
      Buffer.from(leak),
      Buffer.from(" HTTP/1.1\r\n\r\n"),
    ]);
    assert.notDeepEqual(findTraces(request, { nik, name, key }), [], `${what} was not found`);
  });
}

test("finds nothing where another number is", () => {
  const request = Buffer.from(
    `GET http://127.0.0.1:8080/${niks.none[1]}?${createHash("sha256").update("another").digest("hex")} HTTP/1.1\r\n\r\n`,
  );
  assert.deepEqual(findTraces(request, { nik, name, key }), []);
});
