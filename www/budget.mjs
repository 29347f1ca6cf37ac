//! Fails if a page or the table of regions grows beyond its budget. Readers pay for mobile data by
//! the megabyte.

import { readFile } from "node:fs/promises";
import { brotliCompressSync, constants } from "node:zlib";

import { packageVersion } from "./package-version.mjs";

const version = await packageVersion();
const widget = `cek-nik-${version}.html`;
const loader = `embed-${version}.js`;
check(widget, await read(`../crates/publisher/pages/${widget}`), 60_000);
const offline = `cek-nik-offline-${version}.html`;
// Larger than the widget: it opens packs and saved lists, and has texts for files.
check(offline, await read(`../crates/publisher/pages/${offline}`), 62_500);
const index = `index-${version}.html`;
check(index, await read(`../crates/publisher/pages/${index}`), 15_000);
const save = `save-${version}.js`;
// It verifies signatures by itself. Only readers who save lists download it.
check(save, await read(`../crates/publisher/pages/${save}`), 30_000);
const serviceWorker = `sw-${version}.js`;
check(serviceWorker, await read(`../crates/publisher/pages/${serviceWorker}`), 1_400);
check(loader, await read(`../crates/publisher/pages/${loader}`), 2_200);
check("the names and districts of the regions in it", await regions(), 4_000);

async function regions() {
  const table = (await read("../src/nik/regions/table.rs")).toString();
  const [, names] = /const NAMES: &str = "\\\n(.*?)";/s.exec(table);
  const [, highest] = /const HIGHEST_DISTRICTS: &\[u8\] = &\[(.*?)\];/s.exec(table);
  return Buffer.concat([Buffer.from(names), Buffer.from(highest.match(/\d+/g).map(Number))]);
}

function read(name) {
  return readFile(new URL(name, import.meta.url));
}

function check(name, bytes, budget) {
  const { length } = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  console.log(`${name}: ${length} bytes after brotli, of ${budget}`);
  if (length > budget) {
    process.exitCode = 1;
  }
}
