//! The states of the offline page that the widget does not have or shows differently: screenshots
//! and accessibility checks.

import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { findings } from "./support/accessibility.mjs";
import { openBrowser } from "./support/browser.mjs";
import { Key } from "./support/deps.mjs";
import { addressOf, OfflineWidget, putOffline, withPack } from "./support/offline.mjs";
import { packOf } from "./support/pack.mjs";
import { Resources } from "./support/resources.mjs";
import { photograph } from "./support/screenshots.mjs";
import { makeSite, niks } from "./support/site.mjs";

const resources = new Resources();
after(() => resources.close());

let driver;
let widget;
let pack;
before(async () => {
  pack = packOf(await makeSite(resources)).bytes;
  driver = await openBrowser(resources);
  widget = new OfflineWidget(driver);
});

const put = () =>
  putOffline(resources, {
    files: { "daftar.cnkpack": pack, "separuh.cnkpack": pack.subarray(0, -100) },
  });

const open = async (language, file) => {
  const directory = await put();
  await widget.visit(addressOf(directory));
  await widget.speak(language);
  if (file) {
    await widget.choose(join(directory, file));
  }
  return directory;
};

const opened = (language) => open(language, "daftar.cnkpack");

const unfold = (id) =>
  driver.executeScript("document.getElementById(arguments[0]).open = true", id);

const STATES = {
  choosing: { state: "start", reach: (language) => open(language) },
  "choosing-by-keyboard": {
    state: "start",
    reach: async (language) => {
      await open(language);
      await driver.executeScript("document.querySelector('#languages button:last-child').focus()");
      await driver.actions().sendKeys(Key.TAB).perform();
      assert.equal((await widget.snapshot()).focused, "file");
    },
  },
  opened: { state: "ready", reach: opened },
  packed: {
    state: "ready",
    reach: async (language) => {
      await widget.visit(addressOf(await putOffline(resources, { page: withPack(pack) })));
      await widget.speak(language);
    },
  },
  reading: {
    state: "reading",
    reach: async (language) => {
      await opened(language);
      await widget.type("3201014107909001");
      await widget.read();
    },
  },
  answered: {
    state: "answered",
    reach: async (language) => {
      await opened(language);
      await widget.check(niks.whole[0]);
      await unfold("receipt");
    },
  },
  why: {
    state: "ready",
    reach: async (language) => {
      await opened(language);
      await unfold("why");
    },
  },
  "half-copied": { state: "failed", reach: (language) => open(language, "separuh.cnkpack") },
  "no-pack": { state: "failed", reach: (language) => open(language, "cek-nik-offline.html") },
  gone: {
    state: "answered",
    reach: async (language) => {
      await rm(join(await opened(language), "daftar.cnkpack"));
      await widget.check(niks.whole[0]);
    },
  },
};

/** In the second language, only states with other text. */
const ENGLISH = ["choosing", "opened", "answered", "why", "half-copied"];

for (const [language, names] of Object.entries({ id: Object.keys(STATES), en: ENGLISH })) {
  for (const name of names) {
    const { state, reach } = STATES[name];
    test(`${name}, ${language}`, async () => {
      await reach(language);
      await widget.until(`the state ${state}`, (seen) => seen.state === state);
      const found = {};
      await photograph(driver, `offline-${name}-${language}`, async (view) => {
        found[view] = await findings(driver);
      });
      assert.deepEqual(Object.values(found).flat(), [], JSON.stringify(found, null, 2));
    });
  }
}
