//! The loader as a module, with `integrity`, and without an address of its own.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { packageVersion } from "../../../www/package-version.mjs";
import { openBrowser } from "../support/browser.mjs";
import { frameOf, openPublisher, page, standIn, until } from "../support/embedding.mjs";
import { inEngines } from "../support/in-engines.mjs";
import { Resources } from "../support/resources.mjs";
import { makeSite } from "../support/site.mjs";

const resources = new Resources();
after(() => resources.close());

const copy = await standIn(await makeSite(resources));
const site = await copy.serve();
const named = `embed-${await packageVersion()}.js`;
const code = await copy.read(named);
const hash = createHash("sha384").update(code).digest("base64");
const other = createHash("sha384").update("changed").digest("base64");

const LISTENER = `<script>
  window.errors = [];
  addEventListener("error", ({ message }) => errors.push(message));
</script>`;
const ELEMENT = `${LISTENER}<cek-nik></cek-nik>`;
const withIntegrity = (hash) =>
  `<script src="${site}${named}" integrity="sha384-${hash}" crossorigin></script>`;

const WORKING = {
  "a module script": `<script type="module" src="${site}embed.js"></script>`,
  "an import": `<script type="module">import "${site}embed.js";</script>`,
  "a script with integrity": withIntegrity(hash),
};
const pages = Object.entries(WORKING).map(([, script], at) => [`/${at}`, page(ELEMENT + script)]);
const publisher = await openPublisher(resources, {
  ...Object.fromEntries(pages),
  "/inlined": page(`${ELEMENT}<script>${code}</script>`),
  "/changed": page(ELEMENT + withIntegrity(other)),
});

test("the loader has the same bytes under both names", async () => {
  assert.deepEqual(await copy.read("embed.js"), code);
});

inEngines(["chromium", "firefox", "webkit"], (engine) => {
  let driver;
  before(async () => {
    driver = await openBrowser(resources, { engine });
  });

  for (const [at, what] of Object.keys(WORKING).entries()) {
    test(`${what} shows the widget of the loader's site`, async () => {
      await driver.get(`${publisher}/${at}`);
      const source = await driver.executeScript((frame) => frame.src, await frameOf(driver));
      assert.equal(source, `${site}cek-nik.html#lang=id`);
      assert.deepEqual(await driver.executeScript("return errors"), []);
    });
  }

  test("copied into the page, the loader says what to do", async () => {
    await driver.get(`${publisher}/inlined`);
    const [message] = await until(driver, "the error", "return errors", ({ length }) => length);
    assert.match(message, /embed\.js does not know its address\. Load it by <script src=/);
  });

  test("a loader of another hash does not run", async () => {
    await driver.get(`${publisher}/changed`);
    const defined = await driver.executeScript(
      "return customElements.get('cek-nik') !== undefined",
    );
    assert.equal(defined, false);
  });
});
