//! The test vectors of packs in the offline page. Firefox and WebKit run one vector of each answer:
//! the module is the same.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { alike, inEngines } from "./support/in-engines.mjs";
import { addressOf, OfflineWidget, putOffline } from "./support/offline.mjs";
import { Resources } from "./support/resources.mjs";
import { summary } from "./support/widget.mjs";

const VECTORS = new URL("../vectors/", import.meta.url);

/** Vectors for clients that do not ask for the name. The page asks whenever a pack needs it. */
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
const fileOf = ({ vector }) => `${vector}.cnkpack`;
const files = vectors.map((one) => [fileOf(one), Buffer.from(one.pack.file, "hex")]);
const directory = await putOffline(resources, { files: Object.fromEntries(files) });

const expected = ({ reason, datasets }) =>
  reason
    ? { page: `unknown: ${reason}` }
    : Object.fromEntries(
        datasets.map(({ id, outcome, reason }) => [id, reason ? `${outcome}: ${reason}` : outcome]),
      );

test("there are some", () => assert.ok(vectors.length > 60, `only ${vectors.length}`));

inEngines(["chromium", "firefox", "webkit"], (engine) => {
  let widget;
  before(async () => {
    widget = new OfflineWidget(await openBrowser(resources, { engine }));
    await widget.visit(addressOf(directory));
  });

  for (const one of alike(engine, vectors, ({ expect }) => JSON.stringify(expected(expect)))) {
    const { vector, case: about, pack, expect } = one;
    test(`${vector}: ${about}`, async () => {
      const opened = await widget.choose(join(directory, fileOf(one)));
      const told = opened.state === "ready" ? await widget.check(pack.nik, pack.name) : opened;
      assert.deepEqual(summary(told), expected(expect));
    });
  }
});
