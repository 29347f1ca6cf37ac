//! Signed catalogues under a pinned key, and the age of editions. What cannot be verified is "could
//! not check", before anybody types.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { withPermittedScript } from "./support/changed-page.mjs";
import { enter, LISTENER, loader, openPublisher, page, until } from "./support/embedding.mjs";
import { deliver, openHostileHost } from "./support/hostile-host.mjs";
import { alike, inEngines } from "./support/in-engines.mjs";
import { Resources } from "./support/resources.mjs";
import { change, day, newKey, signSite, unsign } from "./support/signing.mjs";
import { makeSite, people } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";
import { summary, Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const site = await makeSite(resources);
const key = newKey();
const otherKey = newKey();
const PEOPLE = people(9);
const MEMBER = PEOPLE["in both lists"];
const NONE = PEOPLE["in no list"];

/** A signed copy, with what is wrong with it. */
async function copyWith(wrong = () => {}) {
  const copy = await site.copy();
  await signSite(copy, key);
  await wrong(copy);
  return copy;
}

const rewrite = (from, to) => async (copy) =>
  copy.write(
    "catalogue.json.minisig",
    (await copy.read("catalogue.json.minisig")).toString().replace(from, to),
  );

/** What is wrong with a signed site, by the reason. */
const FAULTS = {
  signature_missing: unsign,
  signature_invalid: (copy) => copy.write("catalogue.json.minisig", "<!doctype html>\n"),
  signature_unsupported: (copy) => signSite(copy, key, { algorithm: "Ed" }),
  signature_other_key: (copy) => signSite(copy, otherKey),
  signature_wrong: async (copy) =>
    copy.write("catalogue.json", `${await copy.read("catalogue.json")} `),
  signature_other_edition: (copy) => signSite(copy, key, { comment: "cek-nik edition 9" }),
};

const MORE_FAULTS = {
  "another comment than the signed one": rewrite("cek-nik edition", "cek-nik  edition"),
  "a signature of the catalogue of another key with the id of the pinned one": (copy) =>
    signSite(copy, { ...otherKey, id: key.id }),
};

/** The clock of the worker jumps when a check begins, as if the page had been open for months. */
const MONTHS_LATER = `
  {
    const inWorker = \`
      addEventListener("message", ({ data }) => {
        if (data.kind === "check") Date.prototype.toISOString = () => "2999-12-31T00:00:00.000Z";
      });\`;
    const HonestBlob = Blob;
    Blob = function (parts, options) { return new HonestBlob([inWorker, ...parts], options); };
  }`;

const inUrl = (pinned) => `#key=${encodeURIComponent(pinned)}`;

inEngines(["chromium", "firefox", "webkit"], (engine) => {
  let widget;
  before(async () => {
    widget = new Widget(await openBrowser(resources, { engine }));
  });

  /** Opens the page of its own, with settings behind the #. */
  async function open(address, settings) {
    // Another fragment alone would not load the page again.
    await widget.driver.get("about:blank");
    await widget.driver.get(`${address}cek-nik.html${settings}`);
    return widget.ready();
  }

  /** Opens the page of a newsroom that pins the key, up to the start button of the widget. */
  async function openInNewsroom(address) {
    const element = `<cek-nik key="${key.text}"></cek-nik>`;
    const html = page(loader(address) + element, { head: LISTENER });
    await widget.driver.get(await openPublisher(resources, { "/": html }));
    // A frame that is still loading has no document to look at.
    await until(widget.driver, "the widget", "return heard.some(({ name }) => name === 'ready')");
    await enter(widget.driver);
    await widget.started();
  }

  describe("under the pinned key", () => {
    test("a signed catalogue gives answers, and the receipt names the key and the edition", async () => {
      const address = await (await copyWith()).serve();
      await open(address, inUrl(key.text));
      assert.deepEqual(summary(await widget.check(MEMBER.nik)), MEMBER.answers);
      const receipt = await widget.driver.executeScript(
        "return document.getElementById('receipt').textContent",
      );
      assert.ok(receipt.includes(`${texts.id.receipt.signed} ${key.text}`), receipt);
      assert.ok(receipt.includes(`${texts.id.receipt.edition}: 1`), receipt);
      assert.ok(receipt.includes("catalogue.json.minisig"), receipt);
      assert.deepEqual(summary(await widget.check(NONE.nik)), NONE.answers);
    });

    test("a signed catalogue gives answers in the frame of a newsroom", async () => {
      const address = await (await copyWith()).serve();
      await openInNewsroom(address);
      await widget.ready();
      assert.deepEqual(summary(await widget.check(MEMBER.nik)), MEMBER.answers);
      await widget.driver.switchTo().defaultContent();
    });

    test("a bad signature gives no answer in the frame of a newsroom", async () => {
      const address = await (await copyWith(FAULTS.signature_wrong)).serve();
      await openInNewsroom(address);
      assert.deepEqual(summary(await widget.ready()), { page: "unknown: signature_wrong" });
      await widget.driver.switchTo().defaultContent();
    });

    for (const [reason, wrong] of alike(engine, Object.entries(FAULTS), ([name]) => name)) {
      test(`${reason}: could not check, said before anybody types`, async () => {
        const address = await (await copyWith(wrong)).serve();
        const seen = await open(address, inUrl(key.text));
        assert.deepEqual(summary(seen), { page: `unknown: ${reason}` });
        assert.equal(await widget.canType(), false);
        const { what, next } = texts.id.reason[reason] ?? texts.id.reason.signature_wrong;
        assert.ok(seen.banner.includes(what) && seen.banner.includes(next), seen.banner);
        assert.ok(seen.banner.includes(reason), seen.banner);
      });
    }

    for (const [name, wrong] of alike(engine, Object.entries(MORE_FAULTS))) {
      test(`${name}: could not check`, async () => {
        const address = await (await copyWith(wrong)).serve();
        const seen = await open(address, inUrl(key.text));
        assert.deepEqual(summary(seen), { page: "unknown: signature_wrong" });
      });
    }

    test("once the signature is there, trying again gives an answer", async () => {
      const copy = await copyWith(unsign);
      const address = await copy.serve();
      assert.deepEqual(summary(await open(address, inUrl(key.text))), {
        page: "unknown: signature_missing",
      });
      await signSite(copy, key);
      await widget.click("retry");
      await widget.ready();
      assert.deepEqual(summary(await widget.check(MEMBER.nik)), MEMBER.answers);
    });

    test("a key with a typing error is not as good as none", async () => {
      const address = await (await copyWith()).serve();
      for (const pinned of [key.text.slice(0, -1), `${key.text}A`, "RW", "kunci"]) {
        const seen = await open(address, inUrl(pinned));
        assert.deepEqual(summary(seen), { page: "unknown: signature_other_key" }, pinned);
      }
    });

    test("without a key, nobody asks for a signature", async () => {
      const host = await openHostileHost(await (await copyWith(unsign)).serve(), resources);
      let asked = 0;
      host.fault = {
        concerns: (path) => path.endsWith(".minisig"),
        answer: (response, honest) => {
          asked += 1;
          deliver(response, honest);
        },
      };
      await open(host.address, "");
      assert.deepEqual(summary(await widget.check(MEMBER.nik)), MEMBER.answers);
      assert.equal(asked, 0);
    });
  });

  describe("a page that was built with a key", () => {
    let built;
    before(async () => {
      built = await (await makeSite(resources, { top: `key = "${key.text}"` })).copy();
    });

    test("gives answers from its signed site, and none before it is signed", async () => {
      const copy = await built.copy();
      const address = await copy.serve();
      assert.deepEqual(summary(await open(address, "")), { page: "unknown: signature_missing" });
      await signSite(copy, key);
      await open(address, "");
      assert.deepEqual(summary(await widget.check(MEMBER.nik)), MEMBER.answers);
    });

    test("does not give way to another key in its address", async () => {
      const copy = await built.copy();
      await signSite(copy, otherKey);
      const address = await copy.serve();
      for (const pinned of [inUrl(otherKey.text), ""]) {
        const seen = await open(address, pinned);
        assert.deepEqual(summary(seen), { page: "unknown: signature_other_key" });
      }
      await signSite(copy, key);
      await open(address, inUrl(key.text));
      assert.deepEqual(summary(await widget.check(MEMBER.nik)), MEMBER.answers);
    });

    test("carries its key into the front page and the offline page, with the right fingerprints", async () => {
      const index = (await built.read("index.html")).toString();
      for (const name of ["cek-nik.html", "cek-nik-offline.html"]) {
        const bytes = await built.read(name);
        assert.ok(bytes.includes(`data-key="${key.text}"`), name);
        assert.ok(index.includes(createHash("sha256").update(bytes).digest("hex")), name);
      }
      assert.ok(index.includes(`data-key="${key.text}"`));
    });
  });

  describe("an edition", () => {
    let copy;
    let host;
    before(async () => {
      copy = await site.copy();
      host = await openHostileHost(await copy.serve(), resources);
    });
    const dates = (published, expires) =>
      change(copy, { published: day(published), expires: day(expires) });
    const note = () =>
      texts.id.verdict.expired.slice(0, texts.id.verdict.expired.indexOf("{date}"));
    const isNoted = ({ banner }) => banner.includes(note());

    test("answers without a word up to its expiry", async () => {
      await dates(-30, 1);
      await open(host.address, "");
      const seen = await widget.check(NONE.nik);
      assert.deepEqual(summary(seen), NONE.answers);
      assert.equal(isNoted(seen), false, seen.banner);
    });

    for (const [who, { nik, answers }] of alike(engine, Object.entries(PEOPLE))) {
      test(`says after its expiry that it has expired: ${who}`, async () => {
        await dates(-30, -2);
        await open(host.address, "");
        const seen = await widget.check(nik);
        assert.deepEqual(summary(seen), answers);
        assert.equal(isNoted(seen), true, seen.banner);
        const year = copy.catalogue.expires.slice(0, 4);
        assert.ok(seen.banner.includes(year), seen.banner);
      });
    }

    test("is too old after as many days again: could not check, said before anybody types", async () => {
      await dates(-61, -31);
      const seen = await open(host.address, "");
      assert.deepEqual(summary(seen), { page: "unknown: edition_too_old" });
      assert.equal(await widget.canType(), false);
      assert.ok(seen.banner.includes(texts.id.reason.edition_too_old.next), seen.banner);
    });

    test("is current for a clock that is behind, which concludes nothing", async () => {
      for (const [published, expires] of [
        [3, 33],
        [4000, 4001],
      ]) {
        await dates(published, expires);
        await open(host.address, "");
        const seen = await widget.check(MEMBER.nik);
        assert.deepEqual(summary(seen), MEMBER.answers);
        assert.equal(isNoted(seen), false, seen.banner);
      }
    });

    test("gives no false answer to a clock that is ahead", async () => {
      await dates(-4001, -4000);
      assert.deepEqual(summary(await open(host.address, "")), {
        page: "unknown: edition_too_old",
      });
    });

    test("becomes too old while a page with a number is open: the number stays for another try", async () => {
      await dates(-30, 1);
      const html = (await site.read("cek-nik.html")).toString();
      await copy.write("cek-nik.html", withPermittedScript(html, MONTHS_LATER));
      await open(host.address, "");
      const seen = await widget.check(MEMBER.nik);
      assert.deepEqual(summary(seen), { page: "unknown: edition_too_old" });
      assert.equal(await widget.shows("retry"), true);
      await copy.write("cek-nik.html", html);
    });

    test("that is older than one of the same session is refused", async () => {
      await change(copy, { published: null, expires: null, edition: 5 });
      host.fault = {
        concerns: (path) => path.endsWith(".cnk"),
        answer: () => {},
      };
      await widget.driver.get("about:blank");
      await widget.driver.get(`${host.address}cek-nik.html`);
      await widget.until("the download", ({ state }) => state === "downloading");
      await widget.click("cancel");
      host.fault = undefined;
      await change(copy, { edition: 4 });
      await widget.click("start");
      assert.deepEqual(summary(await widget.ready()), { page: "unknown: edition_older" });
      await change(copy, { edition: 5 });
      await widget.click("retry");
      await widget.ready();
      assert.deepEqual(summary(await widget.check(MEMBER.nik)), MEMBER.answers);
    });

    test("that is older than the one that the embedding page has seen is refused", async () => {
      await change(copy, { edition: 4 });
      assert.deepEqual(summary(await open(host.address, "#edition=5")), {
        page: "unknown: edition_older",
      });
      await open(host.address, "#edition=4");
      assert.deepEqual(summary(await widget.check(MEMBER.nik)), MEMBER.answers);
    });
  });
});
