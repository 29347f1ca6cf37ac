//! Fails when the widget grows beyond what a reader who pays by the megabyte should pay for it.

import { readFile } from "node:fs/promises";
import { brotliCompressSync, constants } from "node:zlib";

import { packageVersion } from "./package-version.mjs";

const BUDGET = 45_000;

const name = `cek-nik-${await packageVersion()}.html`;
const file = await readFile(new URL(`dist/${name}`, import.meta.url));
const { length } = brotliCompressSync(file, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: file.length,
  },
});
console.log(`${name}: ${length} bytes after brotli, of ${BUDGET}`);
if (length > BUDGET) {
  process.exitCode = 1;
}
