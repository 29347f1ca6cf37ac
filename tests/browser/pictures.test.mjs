//! The pictures of the documents: beside each is a file with the words that it shows. A picture
//! whose words have changed must be taken again: `make screenshots`.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { DEMO_NIKS, serveDemo } from "./support/demo.mjs";
import { Resources } from "./support/resources.mjs";
import { Saving } from "./support/saving.mjs";
import { resize, TAKE, wholePage } from "./support/screenshots.mjs";
import { Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

/** The width in CSS pixels and the pixels for each, as on a phone. */
const SIZE = { width: 360, height: 740 };
const SHARPNESS = 2;

const docs = new URL("../../docs/", import.meta.url);

let address;
let driver;
let widget;
before(async () => {
  address = await serveDemo(resources);
  // Pages that save need a profile.
  driver = await openBrowser(resources, { profile: await resources.directory() });
  widget = new Widget(driver);
});

const PICTURES = {
  page: async () => {
    await widget.open(address);
    await widget.type(DEMO_NIKS.both);
    await widget.until("the reading", ({ state }) => state === "reading");
  },
  answer: async () => {
    await widget.open(address);
    await widget.check(DEMO_NIKS.both);
  },
  offline: async () => {
    await driver.get(`${address}cek-nik-offline.html`);
    await widget.started();
  },
  saving: async () => {
    const saving = new Saving(driver);
    await saving.open(address);
    await saving.lists();
  },
};

/** Sizes change with the code, and the date of an edition is that of its build. */
const lasting = (words) => words.replace(/\d+(?= kB)/g, "…").replace(/(?<=edisi ).+?(?=\))/g, "…");

for (const [name, reach] of Object.entries(PICTURES)) {
  test(`docs/${name}.png shows the words of today's page`, async () => {
    await resize(driver, SIZE, SHARPNESS);
    await reach();
    await driver.executeScript("document.activeElement.blur(); scrollTo(0, 0)");
    const words = lasting(await driver.executeScript("return document.body.innerText"));
    const file = new URL(`${name}.txt`, docs);
    if (TAKE) {
      const full = await driver.executeScript("return document.documentElement.scrollHeight");
      const data = await wholePage(driver, SIZE.width, full);
      await writeFile(new URL(`${name}.png`, docs), data, "base64");
      await writeFile(file, `${words}\n`);
    }
    assert.equal(
      `${words}\n`,
      await readFile(file, "utf8"),
      `docs/${name}.png is out of date: run make screenshots, and look at it`,
    );
  });
}
