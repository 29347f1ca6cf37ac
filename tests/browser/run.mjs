//! Runs the browser tests: several files in parallel, the longest first, on shared sites. `node
//! run.mjs NAME ...` runs only the files whose path contains one of the names.

import { rmSync } from "node:fs";
import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

/** The files mostly wait: for a browser, or for a timeout of the page. */
const FILES_AT_ONCE = 4;

/** A long file that starts last would run alone. */
const LONGEST_FIRST = [
  "pwa",
  "failures",
  "pwa-faults",
  "states",
  "offline",
  "offline-network",
  "answers",
  "lock",
  "leak",
  "patience",
];

const here = fileURLToPath(new URL("./", import.meta.url));
const names = process.argv.slice(2);
const files = (await readdir(here, { recursive: true }))
  .filter((file) => file.endsWith(".test.mjs"))
  .filter((file) => !names.length || names.some((name) => file.includes(name)))
  .sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));

const sites = await mkdtemp(join(tmpdir(), "cek-nik-sites-"));
process.on("exit", () => rmSync(sites, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => process.exit(1));
}
process.env.CEK_NIK_SITES = sites;

const paths = files.map((file) => join(here, file));
const results = run({ files: paths, concurrency: FILES_AT_ONCE });
results.on("test:fail", ({ todo }) => {
  process.exitCode = todo ? process.exitCode : 1;
});
results.compose(new spec()).pipe(process.stdout);

function rank(file) {
  const index = LONGEST_FIRST.indexOf(file.replace(".test.mjs", ""));
  return index < 0 ? LONGEST_FIRST.length : index;
}
