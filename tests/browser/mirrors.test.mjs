//! Mirrors: when the host of a site is down, slow or wrong, the widget asks the same site elsewhere.
//! A host that is skipped never changes an answer, and two hosts learn no more than one.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { audit } from "./support/audit.mjs";
import { openBrowser } from "./support/browser.mjs";
import { enter, LISTENER, loader, openPublisher, page, until } from "./support/embedding.mjs";
import { failures, firstOfEach, isMendable, WITHOUT_PIECES } from "./support/failures.mjs";
import { alike, inEngines } from "./support/in-engines.mjs";
import { deriveKey, shardPath } from "./support/key.mjs";
import { observedCheck, requests } from "./support/observed-check.mjs";
import { openRecordingProxy } from "./support/recording-proxy.mjs";
import { Resources } from "./support/resources.mjs";
import { isShard, openSavingHost } from "./support/saving-host.mjs";
import { change, newKey, openLacking } from "./support/signing.mjs";
import { makeSite, makeTwin, people, SHARDED } from "./support/site.mjs";
import { waitFor } from "./support/wait.mjs";
import { summary, Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const plain = await makeSite(resources);
const key = newKey();
const { nik, answers } = people(15)["in both lists"];

const openHost = (upstream) => openSavingHost(upstream, resources);

/** The host is right again, and has not been asked for anything. */
async function repair({ host, asked, misbehave }) {
  misbehave();
  await host.open();
  asked.length = 0;
}

const isCatalogue = (path) => path === "/catalogue.json";
const isPieceOf = WITHOUT_PIECES.concerns;
const WITHOUT_CATALOGUE = { ...WITHOUT_PIECES, concerns: isCatalogue };

/** Without the headers that let a page of another origin read the file. */
const WITHOUT_CORS = (response, { status, headers, bytes }) => {
  const kept = Object.entries(headers).filter(([name]) => !name.startsWith("access-control"));
  response.writeHead(status, Object.fromEntries(kept)).end(bytes);
};

const SILENT = () => {};

/** Faults after which another host can have the right bytes: one for each file and reason. */
const table = firstOfEach(failures(plain, await makeTwin(resources))).filter(
  (fault) => isMendable(fault) && !fault.slow && !fault.closed,
);

inEngines(["chromium", "firefox", "webkit"], (engine) => {
  let proxy;
  let widget;
  /** The mirror has the same data without naming any mirror. */
  let mirror;
  let first;
  let site;
  before(async () => {
    proxy = await openRecordingProxy(resources);
    widget = new Widget(await openBrowser(resources, { engine, proxy: proxy.port }));
    mirror = await openHost(await plain.serve());
    site = await makeSite(resources, { top: `mirrors = ["${mirror.address}"]` });
    first = await openHost(await site.serve());
  });
  beforeEach(async () => {
    await widget.driver.switchTo().defaultContent();
    await repair(first);
    await repair(mirror);
  });

  /**
   * Opens the page of its own as a reader does who presses the start button. Where the page starts by
   * itself, it asks only its own host, and the reader tries again.
   */
  async function open(address, settings = "") {
    await widget.driver.get("about:blank");
    await widget.saveDataIfPossible();
    await widget.driver.get(`${address}cek-nik.html${settings}`);
    const { state } = await widget.ready();
    if (state === "failed" && engine !== "chromium") {
      await widget.click("retry");
      await widget.ready();
    }
  }

  const policies = () =>
    widget.driver.executeScript(
      "return [...document.querySelectorAll('meta[http-equiv]')].map(({ content }) => content)",
    );

  test("are not asked while the host of the site answers, and the lock names exactly both", async () => {
    await open(first.address);
    assert.deepEqual(summary(await widget.check(nik)), answers);
    assert.deepEqual(mirror.asked, []);
    const [, narrow] = await policies();
    const [allowed] = /connect-src[^;]*/.exec(narrow);
    assert.equal(allowed, `connect-src ${first.address} ${mirror.address}`);
  });

  test("are asked for the catalogue and the lists when the host is gone behind the page", async () => {
    await widget.driver.get("about:blank");
    await widget.saveDataIfPossible();
    await widget.driver.get(`${first.address}cek-nik.html`);
    await widget.settled();
    first.host.close();
    await widget.ready();
    assert.deepEqual(summary(await widget.check(nik)), answers);
    assert.ok(mirror.asked.some(isPieceOf), `${mirror.asked}`);
    assert.equal(mirror.asked.some(isCatalogue), engine === "chromium");
  });

  for (const { name, concerns, answer, nik, right } of alike(engine, table, ({ file }) => file)) {
    test(`skip a host with a fault: ${name}`, async () => {
      first.misbehave({ concerns, answer });
      await open(first.address);
      const seen = summary(await widget.check(nik));
      // A list that a page has downloaded by itself is asked for again by the reader only.
      if (engine !== "chromium" && JSON.stringify(seen).includes("unknown")) {
        await widget.click("retry");
        await widget.verdict();
      }
      assert.deepEqual(summary(await widget.snapshot()), right);
      assert.ok(mirror.asked.length > 0);
    });
  }

  test("skip a host without CORS, and list both in the receipt", async () => {
    first.misbehave({ concerns: isPieceOf, answer: WITHOUT_CORS });
    await widget.openInFrame(first.address);
    assert.deepEqual(summary(await widget.check(nik)), answers);
    const receipt = await widget.driver.executeScript(
      "return document.getElementById('receipt').textContent",
    );
    const path = shardPath(site.dataset(SHARDED), deriveKey(site.catalogue, nik));
    assert.ok(receipt.includes(first.address + path), receipt);
    assert.ok(receipt.includes(mirror.address + path), receipt);
  });

  test("learn nothing that the first host has not learnt", async () => {
    const secrets = { nik, key: deriveKey(site.catalogue, nik) };
    const shards = site.catalogue.datasets.map((dataset) => shardPath(dataset, secrets.key));
    first.misbehave(WITHOUT_PIECES);
    await widget.saveDataIfPossible();
    const seen = await observedCheck({ widget, proxy, address: first.address, nik });
    assert.deepEqual(seen.answers, answers);
    const [, piece] = shards;
    const expected = [
      ...requests(first.address, ["cek-nik.html", "catalogue.json", ...shards]),
      ...requests(mirror.address, [piece]),
      ...requests(first.address, [
        "cek-nik-offline.html?afterwards",
        "cek-nik-offline.html?at-last",
      ]),
    ];
    assert.deepEqual(audit(proxy, expected, secrets), []);
  });

  test("that lie as well change no answer, until one is repaired", async () => {
    for (const host of [first, mirror]) {
      host.misbehave(WITHOUT_PIECES);
    }
    await open(first.address);
    const failed = { ...answers, [SHARDED]: "unknown: not_found" };
    assert.deepEqual(summary(await widget.check(nik)), failed);
    await repair(mirror);
    await widget.click("retry");
    assert.deepEqual(summary(await widget.verdict()), answers);
    assert.ok(mirror.asked.length > 0 && mirror.asked.every(isPieceOf), `${mirror.asked}`);
  });

  test("with an older edition than one of this session are skipped", async () => {
    const copy = await plain.copy();
    await change(copy, { edition: 6 });
    const stale = await openHost(await copy.serve());
    const two = await makeSite(resources, {
      top: `mirrors = ["${stale.address}", "${mirror.address}"]`,
    });
    const host = await openHost(await two.serve());
    host.misbehave(WITHOUT_CATALOGUE);
    await mirrorAtEdition(8);
    await open(host.address, "#edition=7");
    assert.deepEqual(summary(await widget.check(nik)), answers);
    assert.ok(stale.asked.every(isCatalogue) && stale.asked.length === 1, `${stale.asked}`);
  });

  /** The mirror serves its catalogue as this edition. */
  async function mirrorAtEdition(edition) {
    const bytes = Buffer.from(JSON.stringify({ ...plain.catalogue, edition }));
    mirror.misbehave({
      concerns: isCatalogue,
      answer: (response, { headers }) => response.writeHead(200, headers).end(bytes),
    });
  }

  test("of the snippet are asked in a frame, and those in a link are not", async () => {
    const lonely = await openHost(await plain.serve());
    lonely.misbehave(WITHOUT_PIECES);
    const element = `<cek-nik mirrors="${mirror.address}"></cek-nik>`;
    const article = await openPublisher(resources, {
      "/": page(loader(lonely.address) + element, { head: LISTENER }),
    });
    await widget.driver.get(article);
    // A frame that is still loading has no document to look at.
    await until(widget.driver, "the widget", "return heard.some(({ name }) => name === 'ready')");
    await enter(widget.driver);
    await widget.ready();
    assert.deepEqual(summary(await widget.check(nik)), answers);
    await widget.driver.switchTo().defaultContent();
    await repair(mirror);
    await open(lonely.address, `#mirrors=${encodeURIComponent(mirror.address)}`);
    const failed = { ...answers, [SHARDED]: "unknown: not_found" };
    assert.deepEqual(summary(await widget.check(nik)), failed);
    assert.deepEqual(mirror.asked, []);
  });

  test("of the snippet give no list of their own to a page without a key", async () => {
    const lonely = await openHost(await plain.serve());
    const settings = `#catalogue=/nik/none.json&mirrors=${encodeURIComponent(mirror.address)}`;
    const seen = await openFramed(lonely.address, settings);
    assert.deepEqual(summary(seen), { page: "unknown: catalogue_not_found" });
    assert.deepEqual(mirror.asked, []);
  });

  /** Opens the widget in a plain frame on a page of another origin. */
  async function openFramed(address, settings) {
    const frame = `<iframe src="${address}cek-nik.html${settings}" width=600 height=600></iframe>`;
    await widget.driver.get(await openPublisher(resources, { "/": page(frame) }));
    await widget.switchToFrame();
    await waitFor(
      "the widget",
      () => widget.driver.executeScript("return document.documentElement?.dataset.state"),
      (state) => state === "start",
    );
    return widget.ready();
  }

  test("of a catalogue are asked only if a pinned key has signed it", async () => {
    const signed = await openLacking(plain, mirror.address, key, resources);
    await open(signed.address);
    const failed = { ...answers, [SHARDED]: "unknown: not_found" };
    assert.deepEqual(summary(await widget.check(nik)), failed);
    assert.deepEqual(mirror.asked, []);
    const pinned = `#key=${encodeURIComponent(key.text)}`;
    await open(signed.address, pinned);
    assert.deepEqual(summary(await widget.check(nik)), failed, "a link pins the key");
    assert.deepEqual(mirror.asked, []);
    await openFramed(signed.address, pinned);
    assert.deepEqual(summary(await widget.check(nik)), answers);
    assert.ok(mirror.asked.some(isPieceOf));
  });

  if (engine === "chromium") {
    test("are not asked by a page that starts by itself, but once the reader asks", async () => {
      await widget.saveData(false);
      first.misbehave(WITHOUT_CATALOGUE);
      const seen = await widget.load(first.address);
      assert.deepEqual(summary(seen), { page: "unknown: catalogue_not_found" });
      assert.deepEqual(mirror.asked, []);
      await widget.click("retry");
      await widget.ready();
      assert.deepEqual(summary(await widget.check(nik)), answers);
    });

    describe("a silent host", { concurrency: 1 }, () => {
      test("is waited for once", async () => {
        await widget.saveData();
        await widget.driver.get(`${first.address}cek-nik.html`);
        await widget.settled();
        first.misbehave({ concerns: () => true, answer: SILENT });
        first.asked.length = 0;
        await widget.click("start");
        await waitFor(
          "the input",
          () => widget.canType(),
          (can) => can,
          40_000,
        );
        assert.deepEqual(summary(await widget.check(nik)), answers);
        assert.deepEqual(first.asked, ["/catalogue.json"]);
        assert.ok(mirror.asked.some(isShard));
      });
    });
  }
});
