//! A site that was taken down: readers who have saved its lists lose them, and every page says so.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { findings } from "./support/accessibility.mjs";
import { consoleMessages, openBrowser } from "./support/browser.mjs";
import { run } from "./support/command.mjs";
import { inEngines } from "./support/in-engines.mjs";
import { Resources } from "./support/resources.mjs";
import { openSavingHost } from "./support/saving-host.mjs";
import { Saving } from "./support/saving.mjs";
import { makeSite, WHOLE } from "./support/site.mjs";
import { waitFor } from "./support/wait.mjs";

const NOTICE = "Daftar ini sudah ditarik";

const resources = new Resources();
after(() => resources.close());

inEngines(["chromium", "firefox"], (engine) => {
  let driver;
  let saving;
  before(async () => {
    driver = await openBrowser(resources, { engine });
    saving = new Saving(driver);
  });

  const heading = () => driver.executeScript("return document.querySelector('h1').innerText");
  const seesNotice = () => waitFor("the notice", heading, (text) => text === NOTICE);

  test("a reader with a saved list comes back, and it is gone", async () => {
    const site = await (await makeSite(resources)).copy();
    const { address } = await openSavingHost(await site.serve(), resources);
    await saving.open(address);
    await saving.start(WHOLE);
    await saving.ended();
    assert.equal((await saving.shards()).length, 1);
    // Another site of the origin, which keeps what it has saved.
    const other = `${address}other/saved.json`;
    await driver.executeAsyncScript(
      `const [url, done] = arguments;
       caches.open("cek-nik-saved").then((c) => c.put(url, new Response("{}"))).then(done)`,
      other,
    );

    const words = [
      "--reason-id",
      "Atas permintaan pengadilan.",
      "--reason-en",
      "A court ordered it.",
    ];
    await run(["withdraw", site.directory, ...words]);
    await driver.get(address);
    await seesNotice();
    const { caches } = await waitFor(
      "nothing to be left of this site",
      () => saving.inventory(),
      ({ scopes }) => !scopes.length,
    );
    assert.deepEqual(caches, { "cek-nik-saved": [other] });

    // What the old page has said, before it was replaced.
    if (engine === "chromium") {
      await consoleMessages(driver);
    }
    await driver.get(address);
    await seesNotice();
    const text = await driver.executeScript("return document.body.innerText");
    for (const part of ["Atas permintaan pengadilan.", "A court ordered it.", "Redaksi contoh"]) {
      assert.ok(text.includes(part), text);
    }
    assert.deepEqual(await findings(driver), []);
    for (const page of ["cek-nik.html", "cek-nik-offline.html"]) {
      await driver.get(address + page);
      await seesNotice();
    }
    if (engine === "chromium") {
      assert.deepEqual(await consoleMessages(driver), []);
    }
  });

  test("without the worker, the page removes what is saved", async () => {
    const site = await (await makeSite(resources)).copy();
    const { address } = await openSavingHost(await site.serve(), resources);
    await saving.open(address);
    await saving.start(WHOLE);
    await saving.ended();
    await driver.executeAsyncScript(
      `const [done] = arguments;
       navigator.serviceWorker.getRegistration().then((r) => r.unregister()).then(done)`,
    );
    await run(["withdraw", site.directory]);
    await driver.get(address);
    await seesNotice();
    await waitFor(
      "nothing to be left",
      () => saving.inventory(),
      ({ caches }) => !Object.keys(caches).length,
    );
  });

  test("an element in an article shows the notice, and no failure", async () => {
    const site = await (await makeSite(resources)).copy();
    const { address } = await openSavingHost(await site.serve(), resources);
    await run(["withdraw", site.directory]);
    await driver.get(`${address}other.html`);
    await driver.executeAsyncScript(
      `const [src, done] = arguments;
       addEventListener("cek-nik:ready", () => done());
       const script = document.createElement("script");
       script.src = src;
       document.body.append(script, document.createElement("cek-nik"));`,
      `${address}embed.js`,
    );
  });
});
