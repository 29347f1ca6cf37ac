//! Measures the time to an answer from a pack of half a gigabyte, and to open a page with 16 MiB of
//! lists inside.

import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { openBrowser } from "./support/browser.mjs";
import { addressOf, OfflineWidget, putOffline, withPack } from "./support/offline.mjs";
import { Pack, writeLargePack } from "./support/pack.mjs";
import { Resources } from "./support/resources.mjs";
import { DEFAULT_ARGON2, makeSite, niks, SHARDED } from "./support/site.mjs";

const RUNS = 5;
/** The most that a page may carry. */
const CARRIED = 16 << 20;

/** When the page reached a state, by its own clock. Runs inside the page. */
function watch() {
  window.reached = {};
  window.clicked = undefined;
  document
    .getElementById("confirm")
    .addEventListener("click", () => (window.clicked = performance.now()));
  document
    .getElementById("file")
    .addEventListener("change", () => (window.clicked = performance.now()), true);
  new MutationObserver(
    () => (window.reached[document.documentElement.dataset.state] = performance.now()),
  ).observe(document.documentElement, {
    attributeFilter: ["data-state"],
  });
}

const resources = new Resources();
const site = await makeSite(resources, { argon2: DEFAULT_ARGON2 });
const [nik] = niks.none;
const directory = await putOffline(resources);
const path = join(directory, "besar.cnkpack");
const { size } = await writeLargePack(path, site, SHARDED, nik);
// A list of noise: opening it reads no shard.
const dataset = { ...site.dataset(SHARDED), prefix_bits: 2, shard_bytes: CARRIED / 4 };
dataset.filter = { ...dataset.filter, bits: (dataset.shard_bytes - 64 - 2 * 32) * 8 };
const catalogue = Buffer.from(JSON.stringify({ ...site.catalogue, datasets: [dataset] }));
const { bytes: carried } = new Pack({ catalogue, shards: [randomBytes(CARRIED)] });
const packed = await putOffline(resources, { page: withPack(carried) });

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1].toFixed(0);

for (const engine of ["chromium", "firefox", "webkit"]) {
  const driver = await openBrowser(resources, { engine });
  const widget = new OfflineWidget(driver);
  const [toOpen, toVerdict, toReady] = [[], [], []];
  for (let run = 0; run < RUNS; run++) {
    await widget.visit(addressOf(directory));
    await driver.executeScript(watch);
    await widget.choose(path);
    toOpen.push(await driver.executeScript("return window.reached.ready - window.clicked"));
    await widget.check(nik);
    toVerdict.push(await driver.executeScript("return window.reached.answered - window.clicked"));
    const started = Date.now();
    const { state } = await widget.visit(addressOf(packed));
    if (state !== "ready") {
      throw new Error(`the page that carries ${carried.length} bytes is ${state}`);
    }
    toReady.push(Date.now() - started);
  }
  console.log(
    `${engine}: pack of ${size} bytes: chosen to ready ${median(toOpen)} ms, click to verdict ${median(toVerdict)} ms; page with ${carried.length} bytes inside: address to ready ${median(toReady)} ms`,
  );
}
await resources.close();
