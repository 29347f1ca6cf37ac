//! Reads a number from standard input and prints its reading and the report of a check.

import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

import { createChecker } from "cek-nik";
import { register } from "cek-nik/embed";
import { decode, initSync } from "cek-nik/wasm";

const [site] = process.argv.slice(2);
// Nothing happens on a server.
register(site);
initSync({ module: await readFile(new URL(import.meta.resolve("cek-nik/wasm/cek_nik_bg.wasm"))) });
const nik = await text(process.stdin);
const checker = createChecker(`${site}catalogue.json`);
const output = { decoded: decode(nik, 2026, 1, 1), report: await checker.check(nik) };
console.log(JSON.stringify(output));
