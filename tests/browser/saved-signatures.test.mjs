//! Signatures and editions of packs and of saved lists: in the offline page and the front page.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { run } from "./support/command.mjs";
import { deliver } from "./support/hostile-host.mjs";
import { inEngines } from "./support/in-engines.mjs";
import { addressOf, OfflineWidget, putOffline } from "./support/offline.mjs";
import { Resources } from "./support/resources.mjs";
import { openSavingHost } from "./support/saving-host.mjs";
import { Saving } from "./support/saving.mjs";
import { change, day, newKey, signSite } from "./support/signing.mjs";
import { makeSite, people, WHOLE } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";
import { summary, Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const site = await makeSite(resources);
const key = newKey();
const otherKey = newKey();
const MEMBER = people(13)["in both lists"];
const pinned = `#key=${encodeURIComponent(key.text)}`;

const directory = await putOffline(resources);
const inDirectory = (name) => join(directory, name);

/** Writes a pack of a copy of the site that `prepare` has changed. */
async function pack(name, prepare) {
  const copy = await site.copy();
  await prepare(copy);
  await run(["pack", copy.directory, "--out", inDirectory(name)]);
}

before(async () => {
  await pack("good.cnkpack", (copy) => signSite(copy, key));
  await pack("unsigned.cnkpack", () => {});
  await pack("other.cnkpack", (copy) => signSite(copy, otherKey));
  await pack("old.cnkpack", (copy) => change(copy, { edition: 3 }));
  await pack("new.cnkpack", (copy) => change(copy, { edition: 4 }));
  await pack("expired.cnkpack", (copy) => change(copy, { published: day(-9), expires: day(-3) }));
  await pack("too-old.cnkpack", (copy) => change(copy, { published: day(-9), expires: day(-5) }));
});

inEngines(["chromium", "firefox", "webkit"], (engine) => {
  let widget;
  before(async () => {
    widget = new OfflineWidget(await openBrowser(resources, { engine }));
  });

  async function choose(name, settings = "") {
    await widget.driver.get("about:blank");
    await widget.visit(addressOf(directory) + settings);
    return widget.choose(inDirectory(name));
  }

  test("a pack with the signature of the pinned key gives answers, from the device", async () => {
    await choose("good.cnkpack", pinned);
    const maker = texts.id.offline.page.maker.slice(0, 40);
    assert.ok(!(await widget.lists()).includes(maker));
    assert.deepEqual(summary(await widget.check(MEMBER.nik)), MEMBER.answers);
    const receipt = await widget.driver.executeScript(
      "return document.getElementById('receipt').textContent",
    );
    assert.ok(receipt.includes(key.text), receipt);
  });

  test("without a pinned key, the page says that it cannot know the maker", async () => {
    await choose("good.cnkpack");
    const maker = texts.id.offline.page.maker.slice(0, 40);
    assert.ok((await widget.lists()).includes(maker), await widget.lists());
  });

  for (const [name, reason] of Object.entries({
    "unsigned.cnkpack": "signature_missing",
    "other.cnkpack": "signature_other_key",
  })) {
    test(`${name} under the pinned key: ${reason}`, async () => {
      assert.deepEqual(summary(await choose(name, pinned)), { page: `unknown: ${reason}` });
      assert.equal(await widget.canType(), false);
    });
  }

  test("packs say that they have expired, and are refused when they are too old", async () => {
    await choose("expired.cnkpack");
    const { banner, ...seen } = await widget.check(MEMBER.nik);
    assert.deepEqual(summary(seen), MEMBER.answers);
    assert.match(banner, /berlaku sampai/);
    assert.deepEqual(summary(await choose("too-old.cnkpack")), {
      page: "unknown: edition_too_old",
    });
  });

  test("an older edition of a site is refused behind a newer one, until the page is loaded again", async () => {
    await choose("new.cnkpack");
    const refused = await widget.choose(inDirectory("old.cnkpack"));
    assert.deepEqual(summary(refused), { page: "unknown: edition_older" });
    await widget.choose(inDirectory("new.cnkpack"));
    assert.deepEqual(summary(await widget.check(MEMBER.nik)), MEMBER.answers);
    await choose("old.cnkpack");
    assert.deepEqual(summary(await widget.check(MEMBER.nik)), MEMBER.answers);
  });
});

describe("saved lists", () => {
  let driver;
  let saving;
  let widget;
  before(async () => {
    driver = await openBrowser(resources, { profile: await resources.directory() });
    saving = new Saving(driver);
    widget = new Widget(driver);
  });

  async function save(address) {
    await saving.open(address);
    await saving.lists();
    await saving.click(`save-${WHOLE}`);
    return saving.ended();
  }

  async function openOfflinePage(address) {
    await driver.get(`${address}cek-nik-offline.html`);
    return widget.until("the lists", ({ state }) => ["ready", "failed", "start"].includes(state));
  }

  const answer = { [WHOLE]: "member" };

  test("an older edition neither replaces the saved one nor answers in the widget", async () => {
    const copy = await site.copy();
    await change(copy, { edition: 7 });
    const { address } = await openSavingHost(await copy.serve(), resources);
    await save(address);
    assert.equal(JSON.parse((await saving.record("saved.json")).catalogue).edition, 7);
    await change(copy, { edition: 6 });
    await driver.get("about:blank");
    await saving.open(address);
    await saving.until("the reason", ({ reason }) => reason === "edition_older");
    await saving.click("online");
    await saving.until("the frame", ({ frame }) => frame);
    await widget.switchToFrame();
    await widget.started();
    await widget.click("start");
    const seen = await widget.until("the end", ({ state }) => state === "failed");
    assert.deepEqual(summary(seen), { page: "unknown: edition_older" });
    await driver.switchTo().defaultContent();
    assert.equal(JSON.parse((await saving.record("saved.json")).catalogue).edition, 7);
    await openOfflinePage(address);
    assert.deepEqual(summary(await widget.check(MEMBER.nik)), answer);
  });

  test("saved lists become too old", async () => {
    const copy = await site.copy();
    await change(copy, { published: day(-5), expires: day(5) });
    const { address } = await openSavingHost(await copy.serve(), resources);
    await save(address);
    await openOfflinePage(address);
    assert.deepEqual(summary(await widget.check(MEMBER.nik)), answer);
    // What the browser has, as it would be in a year.
    const record = await saving.record("saved.json");
    const catalogue = JSON.parse(record.catalogue);
    Object.assign(catalogue, { published: day(-9), expires: day(-5) });
    const body = JSON.stringify({ ...record, catalogue: JSON.stringify(catalogue) });
    await driver.executeAsyncScript(async (body, done) => {
      const cache = await caches.open("cek-nik-saved");
      await cache.put(new URL("saved.json", location.href).href, new Response(body));
      done();
    }, body);
    assert.deepEqual(summary(await openOfflinePage(address)), {
      page: "unknown: edition_too_old",
    });
  });

  describe("of a site whose pages pin a key", () => {
    let built;
    before(async () => {
      built = await makeSite(resources, { top: `key = "${key.text}"` });
    });

    test("are saved with the signature, and checked with it", async () => {
      const copy = await built.copy();
      await signSite(copy, key);
      const { address, asked } = await openSavingHost(await copy.serve(), resources);
      await save(address);
      assert.ok(asked.includes("/catalogue.json.minisig"));
      const record = await saving.record("saved.json");
      assert.equal(record.signature, (await copy.read("catalogue.json.minisig")).toString());
      await openOfflinePage(address);
      assert.deepEqual(summary(await widget.check(MEMBER.nik)), answer);
    });

    for (const [reason, wrong] of Object.entries({
      signature_missing: () => {},
      signature_other_key: (copy) => signSite(copy, otherKey),
      signature_wrong: async (copy) => {
        await signSite(copy, key);
        await change(copy, { edition: 2 });
      },
    })) {
      test(`are not saved: ${reason}`, async () => {
        const copy = await built.copy();
        await wrong(copy);
        const { address } = await openSavingHost(await copy.serve(), resources);
        const seen = await save(address);
        assert.equal(seen.reason, reason);
        assert.equal(await saving.record("saved.json"), null);
      });
    }

    test("a host that is down under the signature is a failure of the host", async () => {
      const copy = await built.copy();
      await signSite(copy, key);
      const { address, misbehave } = await openSavingHost(await copy.serve(), resources);
      misbehave({
        concerns: (path) => path.endsWith(".minisig"),
        answer: (response, honest) => deliver(response, { ...honest, status: 503 }),
      });
      assert.equal((await save(address)).reason, "catalogue_status");
    });
  });
});
