//! Measures the time of a key in Chromium: the module, in a whole check of one list, against the
//! packages of npm, which make the key alone. They take turns in one worker.
//! `node bench.mjs DIRECTORY`, with the packages below the directory's node_modules.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "../../www/node_modules/esbuild/lib/main.js";

import { openBrowser } from "../../tests/browser/support/browser.mjs";
import { Resources } from "../../tests/browser/support/resources.mjs";
import { DEFAULT_ARGON2, makeSite, niks, WHOLE } from "../../tests/browser/support/site.mjs";
import { servePages } from "../../tests/npm/support/pages.mjs";

const ROUNDS = 15;

const [packages] = process.argv.slice(2);
const resources = new Resources();
try {
  await measure();
} finally {
  await resources.close();
}

async function measure() {
  const pages = await resources.directory();
  await writeFile(join(pages, "index.html"), "<!doctype html>");
  await build({
    entryPoints: [fileURLToPath(new URL("worker.js", import.meta.url))],
    outfile: join(pages, "worker.js"),
    nodePaths: [join(packages, "node_modules")],
    ...{ bundle: true, format: "esm", loader: { ".wasm": "binary" }, logLevel: "error" },
  });
  const site = await makeSite(resources, { argon2: DEFAULT_ARGON2, lists: [WHOLE], few: true });
  const address = `${await site.serve()}catalogue.json`;
  const driver = await openBrowser(resources);
  await driver.get(await servePages(resources, pages, {}));
  await driver.manage().setTimeouts({ script: 600_000 });
  const { times, results } = await driver.executeScript(run, {
    ...{ address, nik: niks.both[0], rounds: ROUNDS },
  });
  const { "cek-nik": answer, ...keys } = results;
  assert.equal(answer, "member", "the site was built natively");
  assert.equal(new Set(Object.values(keys)).size, 1, "all packages make the same key");
  report(times, (await driver.getCapabilities()).getBrowserVersion());
}

function run(request) {
  return new Promise((resolve, reject) => {
    const worker = new Worker("worker.js", { type: "module" });
    worker.onmessage = ({ data }) => (data.error ? reject(data.error) : resolve(data));
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(request);
  });
}

function report(times, version) {
  const medians = times.map(([name, all]) => {
    const sorted = [...all].sort((a, b) => a - b);
    return { name, median: sorted[ROUNDS >> 1], least: sorted[0], most: sorted.at(-1) };
  });
  const ours = medians[0].median;
  console.log(`Argon2id ${DEFAULT_ARGON2}, ${ROUNDS} keys each, in turn:\n`);
  console.log("| package | time (least to most) | × cek-nik |\n|---|---|---|");
  for (const { name, median, least, most } of medians) {
    const time = `${median.toFixed(1)} ms (${least.toFixed(1)} to ${most.toFixed(1)})`;
    console.log(`| \`${name}\` | ${time} | ${(median / ours).toFixed(2)} |`);
  }
  console.log(
    `\nChromium ${version}, ${cpus()[0].model}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}`,
  );
}
