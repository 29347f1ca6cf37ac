//! The states of the saving section: screenshots and accessibility checks.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { findings } from "./support/accessibility.mjs";
import { openBrowser } from "./support/browser.mjs";
import { deliver, openHostileHost } from "./support/hostile-host.mjs";
import { Resources } from "./support/resources.mjs";
import { Saving } from "./support/saving.mjs";
import { photograph } from "./support/screenshots.mjs";
import { makeSite, SHARDED, WHOLE } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";

const resources = new Resources();
after(() => resources.close());

let host;
let driver;
let saving;
before(async () => {
  host = await openHostileHost(await (await makeSite(resources)).serve(), resources);
  driver = await openBrowser(resources);
  saving = new Saving(driver);
});

const silent = { concerns: (path) => /00[2-9a-f].\.cnk$/.test(path), answer() {} };
const signIn = {
  concerns: (path) => path.endsWith("0030.cnk"),
  answer: (response, honest) =>
    deliver(response, { ...honest, bytes: Buffer.from("<h1>Wi-Fi</h1>") }),
};
const edited = {
  concerns: (path) => path === "/catalogue.json",
  answer: (response, honest) =>
    deliver(response, {
      ...honest,
      bytes: Buffer.from(honest.bytes.toString().replaceAll("buatan", "yang diperbaiki")),
    }),
};

/** Each continues from the one before. */
const STATES = {
  closed: async () => {
    await driver.get(host.address);
    await saving.until("the section", ({ status }) => status === texts.id.saving.nothing_yet);
  },
  lists: async () => {
    await saving.unfold();
    await saving.lists();
  },
  saving: async () => {
    host.fault = silent;
    await saving.click(`save-${SHARDED}`);
    await saving.until("half of it", ({ progress }) => progress.includes("(50 %)"));
  },
  paused: async () => {
    await saving.click("pause");
    await saving.until("the pause", ({ status }) => status === texts.id.saving.paused);
  },
  failed: async () => {
    host.fault = signIn;
    await saving.click("go-on");
    await saving.until("the failure", ({ reason }) => reason === "not_a_shard");
  },
  saved: async () => {
    host.fault = undefined;
    await saving.click("go-on");
    await saving.ended();
    await saving.click(`save-${WHOLE}`);
    await saving.until("the end", ({ status }) => status === texts.id.saving.saved_now);
  },
  "new-edition": async () => {
    host.fault = edited;
    await saving.open(host.address);
    await saving.until("the new edition", ({ buttons }) => buttons.includes("saving-update"));
  },
  away: async () => {
    host.close();
    await saving.open(host.address);
    await saving.until("the words", ({ above }) => above.includes(texts.id.saving.away));
  },
};

for (const [name, reach] of Object.entries(STATES)) {
  test(name, async () => {
    await reach();
    const found = {};
    await photograph(driver, `saving-${name}`, async (view) => {
      found[view] = await findings(driver);
    });
    assert.deepEqual(Object.values(found).flat(), [], JSON.stringify(found, null, 2));
  });
}
