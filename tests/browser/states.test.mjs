//! All states of the page: screenshots and accessibility checks.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { findings } from "./support/accessibility.mjs";
import { openBrowser } from "./support/browser.mjs";
import { openHostileHost } from "./support/hostile-host.mjs";
import { Resources } from "./support/resources.mjs";
import { photograph } from "./support/screenshots.mjs";
import { makeSite } from "./support/site.mjs";
import { reachState, STATES } from "./support/states.mjs";
import { Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

let hosts;
let driver;
let widget;
before(async () => {
  const open = async (options) =>
    openHostileHost(await (await makeSite(resources, options)).serve(), resources);
  hosts = { open: await open(), locked: await open({ locked: true }) };
  driver = await openBrowser(resources);
  widget = new Widget(driver);
});

/** In the second language, only states with other text. */
const ENGLISH = [
  "start",
  "ready",
  "problem",
  "why",
  "reading-with-warnings",
  "mixed",
  "receipt",
  "unknown",
  "ready-name",
  "problem-name",
  "reading-name",
  "not-in-list-name",
];

async function examine(name) {
  const found = {};
  await photograph(driver, name, async (view) => {
    found[view] = await findings(driver);
  });
  assert.deepEqual(Object.values(found).flat(), [], JSON.stringify(found, null, 2));
}

for (const [language, names] of Object.entries({ id: Object.keys(STATES), en: ENGLISH })) {
  for (const name of names) {
    test(`${name}, ${language}`, async () => {
      await reachState(widget, hosts, name, language);
      await examine(`${name}-${language}`);
    });
  }
}

test("the page for readers", async () => {
  hosts.open.fault = undefined;
  await widget.openInFrame(hosts.open.address);
  await driver.switchTo().defaultContent();
  await examine("index");
});
