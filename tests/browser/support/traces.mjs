//! Looks for a number, or for what follows from it, in bytes that were sent: as they are, and in
//! everything that they may encode.

import { createHash } from "node:crypto";

/** The most encodings inside one another. */
const DEPTH = 3;

/** What people write between digits. Not a colon: an address and its port are not one number. */
const SEPARATORS = "[ \\-._,/'|]{0,3}";

/** The traces found, in words. `name` must be a word that no address contains. */
export function findTraces(bytes, { nik, name, key }) {
  const needles = [
    ...numberNeedles(nik),
    ...(name ? nameNeedles(name.toLowerCase()) : []),
    ...(key ? keyNeedles(key) : []),
  ];
  const found = new Set();
  for (const { text, how } of views(bytes.toString("latin1"), DEPTH)) {
    for (const { name, matches } of needles) {
      if (matches(text)) {
        found.add([name, ...how].join(", in "));
      }
    }
  }
  return [...found];
}

/** The text and everything that parts of it decode to. Each character is one byte. */
function* views(text, depth, how = []) {
  yield { text, how };
  if (depth > 0) {
    for (const [name, decoded] of decodings(text)) {
      yield* views(decoded, depth - 1, [...how, name]);
    }
  }
}

function* decodings(text) {
  if (/%[0-9a-f]{2}/i.test(text)) {
    yield [
      "percent-encoding",
      text.replace(/%([0-9a-f]{2})/gi, (_, digits) => String.fromCharCode(parseInt(digits, 16))),
    ];
  }
  if (text.includes("\0")) {
    yield ["UTF-16", text.replaceAll("\0", "")];
  }
  for (const [run] of text.matchAll(/[0-9a-f]{8,}/gi)) {
    for (const skip of [0, 1]) {
      yield ["hexadecimal", Buffer.from(run.slice(skip), "hex").toString("latin1")];
    }
  }
  // Node decodes both alphabets of base64. If a run begins before the encoded part, one of four
  // offsets is right.
  for (const [run] of text.matchAll(/[\w+/-]{8,}/g)) {
    for (const skip of [0, 1, 2, 3]) {
      yield ["base64", Buffer.from(run.slice(skip), "base64").toString("latin1")];
    }
  }
}

function numberNeedles(nik) {
  const value = BigInt(nik);
  const packed = Buffer.from(nik, "hex");
  const swapped = Buffer.from(nik.replace(/(.)(.)/g, "$2$1"), "hex");
  const big = Buffer.alloc(8);
  big.writeBigUInt64BE(value);
  const float = Buffer.alloc(8);
  float.writeDoubleBE(Number(value));
  return [
    digits("eight or more digits of the number", nik, 8),
    digits("eight or more digits of the number, reversed", reversed(nik), 8),
    digits("the birth date", nik.slice(6, 12), 6),
    word("the number in hexadecimal", value.toString(16)),
    word("the number in base 36", value.toString(36)),
    ...bothOrders("the number as an integer", big.subarray(1)),
    ...bothOrders("the number as a floating-point number", float),
    ...bothOrders("the number as packed decimals", packed),
    ...bothOrders("the number as packed decimals, swapped", swapped),
    ...["sha256", "sha1", "md5"].flatMap((name) =>
      ["", "nik:"].map((tag) =>
        binary(
          `${name} of the number`,
          createHash(name)
            .update(tag + nik)
            .digest()
            .subarray(0, 8),
        ),
      ),
    ),
  ];
}

const nameNeedles = (name) => [word("the name", name), word("the name, reversed", reversed(name))];

function keyNeedles(key) {
  return Array.from({ length: key.length - 3 }, (_, start) =>
    key.subarray(start, start + 4),
  ).flatMap((run) => [
    ...bothOrders("four bytes of the key", run),
    word("four bytes of the key as a decimal number", String(run.readUInt32BE())),
    word("four bytes of the key as a decimal number", String(run.readUInt32LE())),
  ]);
}

/** That many digits in a row, with any separators. */
function digits(name, text, count) {
  const patterns = Array.from({ length: text.length - count + 1 }, (_, start) =>
    [...text.slice(start, start + count)].join(SEPARATORS),
  );
  const pattern = new RegExp(patterns.join("|"));
  return { name, matches: (haystack) => pattern.test(haystack) };
}

const word = (name, text) => ({
  name,
  matches: (haystack) => haystack.toLowerCase().includes(text),
});

function binary(name, bytes) {
  const text = bytes.toString("latin1");
  return { name, matches: (haystack) => haystack.includes(text) };
}

const bothOrders = (name, bytes) => [
  binary(name, bytes),
  binary(`${name}, last byte first`, Buffer.from(bytes).reverse()),
];

const reversed = (text) => [...text].reverse().join("");
