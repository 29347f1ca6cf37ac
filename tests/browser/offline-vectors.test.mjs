//! The vectors of packs in the page that works without a network, in three engines: what every
//! implementation of docs/FORMAT.md makes of them, readers are told.

import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { addressOf, OfflineWidget, putOffline } from "./support/offline.mjs";
import { Resources } from "./support/resources.mjs";
import { summary } from "./support/widget.mjs";

const VECTORS = new URL("../vectors/", import.meta.url);

/**
 * The page asks for the name wherever a pack says that it is needed: of a client that does not ask,
 * this vector is not about it.
 */
const NOT_OF_A_PAGE = ["pack-name-not-asked.json"];

const resources = new Resources();
after(() => resources.close());

const names = (await readdir(VECTORS)).filter(
  (name) => name.startsWith("pack-") && !NOT_OF_A_PAGE.includes(name),
);
const vectors = await Promise.all(
  names.map(async (vector) => ({
    vector,
    ...JSON.parse(await readFile(new URL(vector, VECTORS), "utf8")),
  })),
);
const directory = await putOffline(resources);

const expected = ({ reason, datasets }) =>
  reason
    ? { page: `unknown: ${reason}` }
    : Object.fromEntries(
        datasets.map(({ id, outcome, reason }) => [id, reason ? `${outcome}: ${reason}` : outcome]),
      );

test("there are some", () => assert.ok(vectors.length > 60, `only ${vectors.length}`));

for (const engine of ["chromium", "firefox", "webkit"]) {
  describe(engine, () => {
    let widget;
    before(async () => {
      widget = new OfflineWidget(await openBrowser(resources, { engine }));
      await widget.visit(addressOf(directory));
    });

    for (const { vector, case: about, pack, expect } of vectors) {
      test(`${vector}: ${about}`, async () => {
        const path = join(directory, `${vector}.cnkpack`);
        await writeFile(path, Buffer.from(pack.file, "hex"));
        const opened = await widget.choose(path);
        const told = opened.state === "ready" ? await widget.check(pack.nik, pack.name) : opened;
        assert.deepEqual(summary(told), expected(expect));
      });
    }
  });
}
