//! Measures how long it takes to read a NIK back in WebAssembly, in the engine of Node. Run
//! `node benches/decode.mjs` after `make build`.

import { readFile } from "node:fs/promises";

import { decode, initSync } from "../www/pkg/cek_nik.js";

const CALLS = 20_000;
const ROUNDS = 9;

/**
 * As it is typed: no digit, some, and all of a number with a short, a long and a faulty reading.
 */
const TEXTS = {
  nothing: "",
  "eight digits": "32010141",
  "Aceh, the first of the names": "1101014107909001",
  "the city of Sorong, the last, formerly in another province": "9271010107109001",
  "sixteen zeros, five warnings": "0000000000000000",
};

initSync({ module: await readFile(new URL("../www/pkg/cek_nik_bg.wasm", import.meta.url)) });
for (const [name, text] of Object.entries(TEXTS)) {
  const rounds = Array.from({ length: ROUNDS }, () => microseconds(text)).sort((a, b) => a - b);
  const [fastest, median, slowest] = [rounds[0], rounds[ROUNDS >> 1], rounds[ROUNDS - 1]].map(
    (time) => time.toFixed(1),
  );
  console.log(`decode, ${name}: ${median} microseconds (${fastest} to ${slowest})`);
}

function microseconds(text) {
  const start = performance.now();
  for (let call = 0; call < CALLS; call += 1) {
    decode(text, 2026, 11, 23);
  }
  return ((performance.now() - start) / CALLS) * 1000;
}
