//! A check of a pack of half a gigabyte reads its beginning and one shard, so the memory of the
//! page grows by no more.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { withPermittedScript } from "./support/changed-page.mjs";
import { inEngines } from "./support/in-engines.mjs";
import { addressOf, offlinePage, OfflineWidget, putOffline } from "./support/offline.mjs";
import { writeLargePack } from "./support/pack.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, niks, SHARDED } from "./support/site.mjs";
import { summary } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

/** Records every read of a file, by any method. Whole files are from 0 to `undefined`. */
const ACCOUNT = `
  globalThis.readings = [];
  const { slice } = Blob.prototype;
  Blob.prototype.slice = function (first, end) {
    const part = slice.call(this, first, end);
    part.place = [first, end];
    return part;
  };
  for (const way of ["arrayBuffer", "text", "stream", "bytes"]) {
    const read = Blob.prototype[way];
    Blob.prototype[way] = function () {
      readings.push(this.place ?? [0]);
      return read.call(this);
    };
  }`;

const site = await makeSite(resources);
const [nik] = niks.none;
const directory = await putOffline(resources, { page: withPermittedScript(offlinePage, ACCOUNT) });
const path = join(directory, "besar.cnkpack");
const large = await writeLargePack(path, site, SHARDED, nik);

inEngines(["chromium", "firefox", "webkit"], (engine) => {
  test("a check reads the beginning and one shard", async () => {
    assert.ok(large.size > 500e6, `the pack has ${large.size} bytes`);
    const widget = new OfflineWidget(await openBrowser(resources, { engine }));
    await widget.visit(addressOf(directory));
    await widget.choose(path);
    assert.deepEqual(summary(await widget.check(nik)), { [SHARDED]: "member" });
    const readings = await widget.driver.executeScript("return readings");
    const { beginning, first, bytes } = large;
    assert.deepEqual(readings, [
      [0, 64],
      [0, beginning],
      [first, first + bytes],
    ]);
  });
});
