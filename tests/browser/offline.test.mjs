//! The offline page: with a file and with a pack inside, in three engines.

import assert from "node:assert/strict";
import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { openBrowser } from "./support/browser.mjs";
import { withPermittedScript } from "./support/changed-page.mjs";
import { run } from "./support/command.mjs";
import { openPublisher } from "./support/embedding.mjs";
import { alike, inEngines } from "./support/in-engines.mjs";
import { deriveKey, prefixOf } from "./support/key.mjs";
import { addressOf, offlinePage, OfflineWidget, putOffline, withPack } from "./support/offline.mjs";
import { packOf } from "./support/pack.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, NAME, niks, people, SHARDED, SIZES, TITLES, WHOLE } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";
import { waitFor } from "./support/wait.mjs";
import { summary } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const site = await makeSite(resources);
const pack = packOf(site);
const otherEdition = packOf(await makeSite(resources, { argon2: "m=72,t=1,p=1" }));
const locked = packOf(await makeSite(resources, { locked: true }));
const PEOPLE = people(11);

const files = { "daftar.cnkpack": pack.bytes, "bernama.cnkpack": locked.bytes };
const directory = await putOffline(resources, { files });
const packed = await putOffline(resources, {
  page: withPack(pack.bytes),
  name: "daftar bocor.html",
});
const host = await openPublisher(resources, {
  "/cek-nik-offline.html": offlinePage,
  "/daftar%20bocor.html": withPack(pack.bytes),
});

/** Holds reads of files until they are released. */
const HOLD = `
  const { arrayBuffer } = Blob.prototype;
  globalThis.held = [];
  Blob.prototype.arrayBuffer = function () {
    return new Promise((resolve) => held.push(() => resolve(arrayBuffer.call(this))));
  }`;
const slow = await putOffline(resources, { page: withPermittedScript(offlinePage, HOLD), files });

/** A pack and a page made by the command line. */
const made = { pack: join(directory, "buatan.cnkpack"), page: join(directory, "buatan.html") };
await run(["pack", site.directory, "--out", made.pack]);
await run(["pack", site.directory, "--html", made.page]);

const inDirectory = (name) => join(directory, name);
const { offline } = texts.id;

/** How a reader opens a list, and the name that the page shows. */
const ON_DEVICE = "a file that was chosen, from the device";
const WAYS = {
  [ON_DEVICE]: {
    address: addressOf(directory),
    choose: true,
    name: "daftar.cnkpack",
  },
  "a file that was chosen, from a host": {
    address: `${host}/cek-nik-offline.html`,
    choose: true,
    name: "daftar.cnkpack",
  },
  "a pack in the page, from the device": {
    address: addressOf(packed, "daftar bocor.html"),
    name: "daftar bocor.html",
  },
  "a pack in the page, from a host": {
    address: `${host}/daftar%20bocor.html`,
    name: "daftar bocor.html",
  },
};

test("the command line writes the bytes that docs/FORMAT.md asks for", async () => {
  assert.ok((await readFile(made.pack)).equals(pack.bytes));
  assert.equal(await readFile(made.page, "utf8"), withPack(pack.bytes));
});

inEngines(["chromium", "firefox", "webkit"], (engine) => {
  let widget;
  before(async () => {
    widget = new OfflineWidget(await openBrowser(resources, { engine }));
  });

  for (const [way, { address, choose, name }] of Object.entries(WAYS)) {
    describe(way, () => {
      beforeEach(async () => {
        await widget.visit(address);
        if (choose) {
          await widget.choose(inDirectory("daftar.cnkpack"));
        }
      });

      test("says what was opened, and that there is no network", async () => {
        const lists = await widget.lists();
        for (const part of [
          name,
          ...[WHOLE, SHARDED].map(
            (id) => `${TITLES[id].id}\u00a0· Mei 2021\u00a0· ${SIZES[id]}\u00a0NIK`,
          ),
        ]) {
          assert.ok(lists.includes(part), `${part} is not in: ${lists}`);
        }
        const { state, network } = await widget.snapshot();
        assert.deepEqual([state, network, await widget.shows("network")], ["ready", "cut", true]);
      });

      // The number takes the same path for all people.
      const asked = Object.entries(PEOPLE);
      for (const [who, { nik, answers }] of way === ON_DEVICE ? asked : alike(engine, asked)) {
        test(`finds who is ${who}`, async () => {
          assert.deepEqual(summary(await widget.check(nik)), answers);
        });
      }

      test("the receipt names the file and the bytes that were read, and no address", async () => {
        const [nik] = niks.both;
        await widget.check(nik);
        const receipt = await widget.driver.executeScript(
          "return [...document.querySelectorAll('#receipt li')].map((one) => one.textContent)",
        );
        assert.deepEqual(receipt, expectedReceipt(choose ? name : `${name}#pack`, nik));
        const text = await widget.driver.executeScript(
          "return document.getElementById('receipt').textContent",
        );
        assert.ok(
          text.includes(offline.receipt.nothing) && text.includes(offline.receipt.cut),
          text,
        );
      });

      test("holds no text of a pack in its document", async () => {
        assert.equal(
          await widget.driver.executeScript("return document.getElementById('pack')"),
          null,
        );
      });
    });
  }

  describe("what the command line makes", () => {
    test("a page with lists inside and a pack in the offline page both give answers", async () => {
      for (const nik of [niks.both[7], niks.none[7]]) {
        const expected = Object.values(people(7)).find((one) => one.nik === nik).answers;
        await widget.visit(pathToFileURL(made.page).href);
        assert.deepEqual(summary(await widget.check(nik)), expected);
        await widget.visit(addressOf(directory));
        await widget.choose(made.pack);
        assert.deepEqual(summary(await widget.check(nik)), expected);
      }
    });

    test("can be gone back to after a file that is none", async () => {
      await widget.visit(pathToFileURL(made.page).href);
      await widget.choose(inDirectory("cek-nik-offline.html"));
      assert.equal((await widget.snapshot()).articles[0].reason, "pack_not_a_pack");
      await widget.click("back");
      await widget.settled();
      assert.deepEqual(summary(await widget.check(niks.none[8])), people(8)["in no list"].answers);
    });
  });

  describe("a page that waits for a file", () => {
    beforeEach(() => widget.visit(addressOf(directory)));

    test("shows where to choose one, and no input for a number", async () => {
      const { state, status } = await widget.snapshot();
      assert.deepEqual([state, status], ["start", offline.page.start_status]);
      assert.deepEqual(
        [await widget.shows("choose"), await widget.shows("nik"), await widget.shows("start")],
        [true, false, false],
      );
    });

    test("takes another file in the place of the first, and forgets the number", async () => {
      await widget.choose(inDirectory("daftar.cnkpack"));
      await widget.check(niks.both[0]);
      await widget.click("again");
      await widget.type(niks.both[1]);
      await widget.choose(inDirectory("bernama.cnkpack"));
      const { state, nik, articles } = await widget.snapshot();
      assert.deepEqual([state, nik, articles], ["ready", "", []]);
      assert.deepEqual(summary(await widget.check(niks.both[0], NAME.typed)), {
        [WHOLE]: "member",
        [SHARDED]: "member",
      });
    });

    test("asks for the name where the pack is name-locked", async () => {
      await widget.choose(inDirectory("bernama.cnkpack"));
      assert.deepEqual(summary(await widget.check(niks.both[0], "Sitanggala")), {
        [WHOLE]: "non_member",
        [SHARDED]: "non_member",
      });
    });

    test("takes a good file after a wrong one", async () => {
      const failed = await widget.choose(inDirectory("cek-nik-offline.html"));
      assert.deepEqual(summary(failed), { page: "unknown: pack_not_a_pack" });
      assert.ok(
        failed.articles[0].text.includes(offline.reason.pack_not_a_pack.next),
        failed.articles[0].text,
      );
      await widget.choose(inDirectory("daftar.cnkpack"));
      assert.deepEqual(summary(await widget.check(niks.none[0])), PEOPLE["in no list"].answers);
    });

    test("goes on in English", async () => {
      await widget.choose(inDirectory("daftar.cnkpack"));
      await widget.speak("en");
      assert.ok((await widget.lists()).includes(TITLES[WHOLE].en));
      const { articles } = await widget.check(niks.both[2]);
      assert.ok(
        articles.every(({ text }) => text.includes(texts.en.outcome.member)),
        articles[0].text,
      );
    });
  });

  test("accepts a file dropped anywhere on the page, and nothing else", async () => {
    await widget.visit(addressOf(directory));
    const taken = await widget.driver.executeScript(
      drop,
      pack.bytes.toString("base64"),
      "diseret.cnkpack",
    );
    assert.deepEqual(taken, {
      file: { dragover: true, drop: true },
      text: { dragover: false, drop: false },
    });
    await widget.settled();
    assert.ok((await widget.lists()).includes("diseret.cnkpack"));
    assert.deepEqual(summary(await widget.check(niks.none[5])), PEOPLE["in no list"].answers);
  });

  describe("while a file is being opened", () => {
    const opening = async (name) => {
      await widget.chooseOnly(join(slow, name));
      await widget.until("the file to be opened", ({ state }) => state === "opening");
      return waitFor(
        "its reading",
        () => widget.driver.executeScript("return held.length"),
        Boolean,
      );
    };
    const letGo = () => widget.driver.executeScript("held.splice(0).forEach((one) => one())");
    beforeEach(() => widget.visit(addressOf(slow)));

    test("the reader can stop it, and what comes of it later is not shown", async () => {
      await opening("daftar.cnkpack");
      await widget.click("cancel");
      await letGo();
      // The next read would be held, too.
      await opening("bernama.cnkpack");
      await widget.click("cancel");
      assert.deepEqual(
        [(await widget.snapshot()).state, await widget.shows("nik")],
        ["start", false],
      );
    });

    test("another can be chosen, and only that is opened", async () => {
      await opening("daftar.cnkpack");
      await widget.chooseOnly(join(slow, "bernama.cnkpack"));
      await waitFor(
        "the page to be ready",
        async () => (await letGo(), widget.snapshot()),
        ({ state }) => state === "ready",
      );
      assert.ok((await widget.lists()).includes("bernama.cnkpack"));
      assert.ok(await widget.shows("name"));
    });
  });

  describe("a file that is no longer what it was", () => {
    const CHANGES = {
      removed: { change: (path) => rm(path), reasons: /^unknown: pack_unreadable$/ },
      // WebKit reads zeros if a file has become shorter.
      "cut short": {
        change: (path) => truncate(path, pack.beginning.length + 10),
        reasons: /^unknown: (pack_unreadable|not_a_shard|wrong_dataset)$/,
      },
      // The dangerous case: valid in itself, with the same lists.
      "replaced by the pack of another edition": {
        change: (path) => writeFile(path, otherEdition.bytes),
        reasons: /^unknown: (pack_unreadable|not_a_shard|wrong_dataset|damaged)$/,
      },
      "written anew with zeros": {
        change: (path) => writeFile(path, Buffer.alloc(pack.bytes.length)),
        reasons: /^unknown: (pack_unreadable|not_a_shard)$/,
      },
    };
    for (const [name, { change, reasons }] of Object.entries(CHANGES)) {
      test(`${name} between choosing and checking: could not check`, async () => {
        const directory = await putOffline(resources, { files });
        const path = join(directory, "daftar.cnkpack");
        await widget.visit(addressOf(directory));
        await widget.choose(path);
        await change(path);
        const answers = summary(await widget.check(niks.none[3]));
        assert.deepEqual(Object.keys(answers), [WHOLE, SHARDED]);
        for (const answer of Object.values(answers)) {
          assert.match(answer, reasons);
        }
        await writeFile(path, pack.bytes);
        await widget.choose(path);
        assert.deepEqual(summary(await widget.check(niks.none[3])), PEOPLE["in no list"].answers);
      });
    }
  });

  test("two tabs with two packs do not disturb each other", async () => {
    const { driver } = widget;
    await widget.visit(addressOf(directory));
    await widget.choose(inDirectory("daftar.cnkpack"));
    const first = await driver.getWindowHandle();
    await driver.switchTo().newWindow("tab");
    await widget.visit(addressOf(packed, "daftar bocor.html"));
    await widget.type(niks.sharded[2]);
    const second = await driver.getWindowHandle();
    await driver.switchTo().window(first);
    assert.deepEqual(
      summary(await widget.check(niks.whole[2])),
      PEOPLE["in the whole list"].answers,
    );
    await driver.switchTo().window(second);
    await widget.submit();
    assert.deepEqual(summary(await widget.verdict()), PEOPLE["in the list in pieces"].answers);
    await driver.close();
    await driver.switchTo().window(first);
  });
});

/**
 * Drags a file over the page and drops it, then a text. Gives what the page has accepted. Runs
 * inside the page.
 */
function drop(base64, name) {
  const drag = (fill) => {
    const dataTransfer = new DataTransfer();
    fill(dataTransfer);
    const taken = (sign) =>
      !document.body.dispatchEvent(
        new DragEvent(sign, { dataTransfer, bubbles: true, cancelable: true }),
      );
    return { dragover: taken("dragover"), drop: taken("drop") };
  };
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return {
    file: drag(({ items }) => items.add(new File([bytes], name))),
    text: drag(({ items }) => items.add("text", "text/plain")),
  };
}

/** The receipt by docs/FORMAT.md: one shard of each list, at the offset of the key's prefix. */
function expectedReceipt(name, nik) {
  const key = deriveKey(site.catalogue, nik);
  const start = pack.beginning.length;
  let place = start;
  const pieces = site.catalogue.datasets.map(({ id, prefix_bits: bits, shard_bytes: bytes }) => {
    const prefix = prefixOf(key, bits);
    const first = place + prefix * bytes;
    place += 2 ** bits * bytes;
    return `${name} [${first}–${first + bytes - 1}] ${id}/${prefix.toString(16).padStart(4, "0")}.cnk (${bytes.toLocaleString("id")} byte)`;
  });
  return [
    `${name} [0–${start - 1}] catalogue.json (${start.toLocaleString("id")} byte)`,
    ...pieces,
  ];
}
