//! Saved lists under interference: another tab, a new version, a browser that forbids storage, a
//! silent host.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";

import { openBrowser } from "./support/browser.mjs";
import { By } from "./support/deps.mjs";
import { deliver, drip } from "./support/hostile-host.mjs";
import { inEngines } from "./support/in-engines.mjs";
import { deriveKey, shardPath } from "./support/key.mjs";
import { Resources } from "./support/resources.mjs";
import { edited, heldAfter, isShard, openSavingHost, silentAfter } from "./support/saving-host.mjs";
import { Saving } from "./support/saving.mjs";
import { makeSite, niks, people, PREFIX_BITS, SHARDED, TITLES, WHOLE } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";
import { waitFor } from "./support/wait.mjs";
import { summary, Widget } from "./support/widget.mjs";

const SHARDS = 2 ** PREFIX_BITS;
/** The number of files of the shell. */
const SHELL_FILES = 9;
const words = texts.id.saving;

const resources = new Resources();
after(() => resources.close());

let site;
let upstream;
before(async () => {
  site = await makeSite(resources);
  upstream = await site.serve();
});
const openHost = () => openSavingHost(upstream, resources);

const withoutWhole = edited((path, text) => {
  if (path !== "/catalogue.json") {
    return undefined;
  }
  const catalogue = text && JSON.parse(text);
  return (
    text &&
    JSON.stringify({ ...catalogue, datasets: catalogue.datasets.filter(({ id }) => id !== WHOLE) })
  );
});

inEngines(["chromium", "firefox"], (engine) => {
  let driver;
  let saving;
  let widget;
  before(async () => {
    driver = await openBrowser(resources, { engine, profile: await resources.directory() });
    saving = new Saving(driver);
    widget = new Widget(driver);
  });

  async function save(address, ...ids) {
    await saving.open(address);
    for (const id of ids) {
      await saving.start(id);
      const { reason } = await saving.ended();
      assert.equal(reason, null);
    }
  }
  const shell = async () => (await saving.inventory()).caches["cek-nik-shell"] ?? [];
  /** Acts in another tab and returns. */
  async function inAnotherTab(act) {
    const first = await driver.getWindowHandle();
    await driver.switchTo().newWindow("tab");
    await act();
    await driver.close();
    await driver.switchTo().window(first);
  }

  test("saving again after removing everything stores the offline page again", async () => {
    const { address } = await openHost();
    await save(address, WHOLE);
    // The page now comes from the service worker.
    await saving.open(address);
    await saving.click("remove");
    await saving.until("all to be removed", ({ status }) => status === words.removed);
    await saving.start(WHOLE);
    assert.equal((await saving.ended()).reason, null);
    assert.equal((await shell()).length, SHELL_FILES);
  });

  test("lists do not count as saved if another tab removed the shell meanwhile", async () => {
    const { address, asked, misbehave } = await openHost();
    const held = heldAfter(20, isShard);
    misbehave(held);
    await saving.open(address);
    await saving.start(SHARDED);
    await waitFor(
      "the host to fall silent",
      () => asked.filter(isShard).length,
      (count) => count === 23,
    );
    await driver.executeAsyncScript((done) => caches.delete("cek-nik-shell").then(done));
    held.open();
    const { reason, status } = await saving.ended();
    assert.deepEqual([reason, status], [null, words.saved_now]);
    assert.equal((await shell()).length, SHELL_FILES);
  });

  test("“Hapus” in another tab ends the saving, and leaves nothing", async () => {
    const { address, asked, misbehave } = await openHost();
    misbehave(silentAfter(20, isShard));
    await saving.open(address);
    await saving.start(SHARDED);
    await waitFor(
      "the host to fall silent",
      () => asked.filter(isShard).length,
      (count) => count === 23,
    );
    // The first tab reads the cache while the other one deletes it.
    await driver.executeScript(() => {
      const { has } = CacheStorage.prototype;
      CacheStorage.prototype.has = async function (name) {
        const found = await has.call(this, name);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        return found;
      };
    });
    await inAnotherTab(async () => {
      await saving.open(address);
      await saving.until("the button", ({ buttons }) => buttons.includes("saving-remove"));
      await saving.click("remove");
      await saving.until("all to be removed", ({ status }) => status === words.removed);
    });
    await saving.until("the first tab to know", ({ status }) => status === words.removed);
    assert.deepEqual(await saving.inventory(), { caches: {}, scopes: [] });
  });

  test("a pause that is asked for before the worker can hear it is kept", async () => {
    const { address, asked } = await openHost();
    await saving.open(address);
    await saving.lists();
    await driver.executeAsyncScript((id, done) => {
      const clickAsSoonAsItIsThere = (_, observer) => {
        const pause = document.getElementById("saving-pause");
        if (pause) {
          observer.disconnect();
          pause.click();
          done();
        }
      };
      new MutationObserver(clickAsSoonAsItIsThere).observe(document.getElementById("saving-body"), {
        childList: true,
      });
      document.getElementById(`saving-save-${id}`).click();
    }, SHARDED);
    await saving.ended();
    assert.deepEqual(
      [asked.filter(isShard), await saving.shards(), await saving.record("saved.json")],
      [[], [], null],
    );
  });

  test("“Hapus” in another tab calls off what is being prepared", async () => {
    const { address, asked, misbehave } = await openHost();
    await save(address, WHOLE);
    const held = heldAfter(0, (path) => path === "/catalogue.json");
    misbehave(held);
    await saving.click(`save-${SHARDED}`);
    await waitFor(
      "the question",
      () => asked.filter((path) => path === "/catalogue.json").length > 0,
      Boolean,
    );
    await inAnotherTab(async () => {
      await saving.open(address);
      await saving.until("the button", ({ buttons }) => buttons.includes("saving-remove"));
      await saving.click("remove");
      await saving.until("all to be removed", ({ status }) => status === words.removed);
    });
    held.open();
    await saving.until(
      "the first tab to know",
      ({ status, activity }) => activity === "idle" && status === words.removed,
    );
    assert.deepEqual(
      [asked.filter(isShard).length, await saving.inventory()],
      [1, { caches: {}, scopes: [] }],
    );
  });

  test("what another tab has saved meanwhile stays saved", async () => {
    const { address } = await openHost();
    await saving.open(address);
    await saving.lists();
    await inAnotherTab(() => save(address, WHOLE));
    // This tab may not have heard of it yet.
    await saving.until(
      "the button",
      ({ buttons, activity }) => activity === "idle" && buttons.includes(`saving-save-${SHARDED}`),
    );
    await saving.click(`save-${SHARDED}`);
    await waitFor(
      "both to be saved",
      () => saving.record("saved.json"),
      (record) => record?.datasets.length === 2,
    );
    assert.equal((await saving.shards()).length, 1 + SHARDS);
  });

  test("a tab that watches another one save takes over when that is closed", async () => {
    const { address, asked, misbehave } = await openHost();
    await saving.open(address);
    await saving.lists();
    const watching = await driver.getWindowHandle();
    await driver.switchTo().newWindow("tab");
    misbehave(silentAfter(20, isShard));
    await saving.open(address);
    await saving.start(SHARDED);
    await waitFor(
      "the host to fall silent",
      () => asked.filter(isShard).length,
      (count) => count === 23,
    );
    const working = await driver.getWindowHandle();
    await driver.switchTo().window(watching);
    await saving.until(
      "the work of the other tab",
      ({ status }) => status === words.saving_elsewhere,
    );
    await driver.switchTo().window(working);
    await driver.close();
    await driver.switchTo().window(watching);
    await saving.until(
      "the rest to be offered",
      ({ status, buttons }) => status === words.paused && buttons.includes("saving-go-on"),
    );
    misbehave();
    await saving.click("go-on");
    await saving.ended();
    assert.equal((await saving.shards()).length, SHARDS);
  });

  test("giving up a download keeps what was saved before", async () => {
    const { address, asked, misbehave } = await openHost();
    await save(address, WHOLE);
    misbehave(silentAfter(20, isShard));
    await saving.start(SHARDED);
    await waitFor(
      "the host to fall silent",
      () => asked.filter(isShard).length,
      (count) => count === 1 + 23,
    );
    await saving.click("pause");
    await saving.until("the pause", ({ buttons }) => buttons.includes("saving-give-up"));
    await saving.click("give-up");
    await saving.until("the list to be offered again", ({ buttons }) =>
      buttons.includes(`saving-save-${SHARDED}`),
    );
    assert.equal((await saving.shards()).length, 1);
    assert.equal(await saving.record("saving.json"), null);
    assert.deepEqual((await saving.record("saved.json")).datasets, [WHOLE]);
  });

  test("a list that the site publishes no more is named before it is lost", async () => {
    const { address, misbehave } = await openHost();
    await save(address, WHOLE, SHARDED);
    misbehave(withoutWhole);
    await saving.open(address);
    const expected = words.withdrawn_some.replace("{titles}", TITLES[WHOLE].id);
    const { buttons } = await saving.until("the words", ({ text }) => text.includes(expected));
    // The other list is unchanged, so there is no new edition of it.
    assert.ok(!buttons.includes("saving-update"));
    await driver.get(`${address}cek-nik-offline.html`);
    await widget.until("the input", ({ state }) => state === "ready");
    assert.deepEqual(
      summary(await widget.check(niks.whole[6])),
      people(6)["in the whole list"].answers,
    );
  });

  test("of two lists, one of which is saved, the answer says that there are two", async () => {
    const { address } = await openHost();
    await save(address, WHOLE);
    await driver.get(`${address}cek-nik-offline.html`);
    await widget.until("the input", ({ state }) => state === "ready");
    await widget.check(niks.whole[7]);
    const shown = await driver.findElement(By.id("answers")).getText();
    assert.ok(
      shown.includes(texts.id.offline.page.left_out.replace("{all}", "2").replace("{some}", "1")),
      shown,
    );
  });

  test("a reader with saved lists is led to them, and online only on request", async () => {
    const { address } = await openHost();
    await save(address, WHOLE);
    const { frame, buttons } = await saving.until("the words above", ({ above }) =>
      above.includes(words.check),
    );
    assert.deepEqual([frame, buttons.includes("saving-online")], [false, true]);
    await saving.click("online");
    const { above } = await saving.until("the frame", ({ frame }) => frame);
    assert.ok(above.includes(words.online_below));
  });

  test("a list with a damaged shard is removed whole: saving it again reveals nothing", async () => {
    const { address, asked } = await openHost();
    await save(address, WHOLE, SHARDED);
    const [nik] = niks.sharded;
    const url = address + shardPath(site.dataset(SHARDED), deriveKey(site.catalogue, nik));
    await driver.executeAsyncScript(async (url, done) => {
      const cache = await caches.open("cek-nik-saved");
      const bytes = new Uint8Array(await (await cache.match(url)).arrayBuffer());
      bytes[bytes.length >> 1] ^= 1;
      await cache.put(url, new Response(bytes));
      done();
    }, url);
    await driver.get(`${address}cek-nik-offline.html`);
    await widget.until("the input", ({ state }) => state === "ready");
    const answer = await widget.check(nik);
    assert.deepEqual(summary(answer), {
      [WHOLE]: "non_member",
      [SHARDED]: "unknown: saved_damaged",
    });
    assert.ok(answer.banner.includes(texts.id.offline.reason.saved_damaged.next), answer.banner);
    await waitFor(
      "the list to be thrown away",
      () => saving.shards(),
      (shards) => shards.length === 1,
    );
    asked.length = 0;
    await saving.open(address);
    await saving.until("the loss to be seen", ({ buttons }) => buttons.includes("saving-again"));
    await saving.click("again");
    await saving.until("it to be whole", ({ status }) => status === words.saved_now);
    assert.equal(asked.filter(isShard).length, SHARDS);
  });

  test("the button says what is left to download, not what there is", async () => {
    const { address } = await openHost();
    await save(address, SHARDED);
    const [url] = await saving.shards();
    await driver.executeAsyncScript(
      (url, done) =>
        caches
          .open("cek-nik-saved")
          .then((cache) => cache.delete(url))
          .then(done),
      url,
    );
    await saving.open(address);
    const shard = Math.ceil(site.dataset(SHARDED).shard_bytes / 1000);
    const button = words.again.replace("{size}", `${shard} kB`);
    await saving.until(
      "the button",
      ({ text, buttons }) => buttons.includes("saving-again") && text.includes(button),
    );
  });

  test("a new version of the page waits, is announced, and replaces the old one", async () => {
    const { address, misbehave } = await openHost();
    await save(address, WHOLE);
    const old = await shell();
    const index = (await site.read("index.html")).toString();
    const newer = index.replace("</main>", "<p id=newer>newer</p></main>");
    const [was, is] = [index, newer].map((text) => createHash("sha256").update(text).digest("hex"));
    misbehave(
      edited(
        (path, text) =>
          ({ "/": newer, "/index.html": newer, "/sw.js": text.replace(was, is) })[path],
      ),
    );
    await saving.open(address);
    await saving.until("the new version to wait", ({ text }) => text.includes(words.newer), 30_000);
    assert.equal((await driver.findElements(By.id("newer"))).length, 0);
    // The old version is used until the browser notices that no page uses it. Opening a page too
    // early uses it again.
    let patience = 500;
    const reopened = async () => {
      const old = await driver.getWindowHandle();
      await driver.switchTo().newWindow("tab");
      const fresh = await driver.getWindowHandle();
      await driver.switchTo().window(old);
      await driver.close();
      await driver.switchTo().window(fresh);
      await setTimeout((patience += 500));
      await driver.get(address);
      return driver.findElements(By.id("newer"));
    };
    await waitFor("the new version", reopened, (found) => found.length === 1, 40_000);
    const kept = await waitFor(
      "the old files to be gone",
      shell,
      (files) => files.length === SHELL_FILES,
    );
    assert.equal(kept.filter((url) => !old.includes(url)).length, 1);
    assert.ok(!kept.some((url) => url.endsWith(was)));
    assert.equal((await saving.shards()).length, 1);
  });

  test("the page keeps itself when it is installed", async () => {
    const { address } = await openHost();
    await saving.open(address);
    await driver.executeScript("dispatchEvent(new Event('appinstalled'))");
    await waitFor("the shell", shell, (files) => files.length === SHELL_FILES);
    // The shell can be removed although no list is saved.
    await saving.until("the button", ({ buttons }) => buttons.includes("saving-remove"));
  });

  test("two sites on one origin leave each other's lists alone", async () => {
    const { address, misbehave } = await openHost();
    const upstreams = { a: upstream, b: await (await site.copy()).serve() };
    misbehave({
      concerns: (path) => /^\/[ab]\//.test(path),
      async answer(response) {
        const [, name, path] = /^\/(.)\/(.*)$/.exec(response.req.url);
        const answer = await fetch(upstreams[name] + path);
        const headers = Object.fromEntries(
          ["content-type", "cache-control"].map((name) => [name, answer.headers.get(name) ?? ""]),
        );
        deliver(response, {
          status: answer.status,
          headers,
          bytes: Buffer.from(await answer.arrayBuffer()),
        });
      },
    });
    await save(`${address}a/`, WHOLE);
    await save(`${address}b/`, WHOLE);
    await saving.click("remove");
    await saving.until("all of the second to be removed", ({ status }) => status === words.removed);
    const { caches, scopes } = await saving.inventory();
    assert.deepEqual(scopes, [`${address}a/`]);
    assert.deepEqual(
      new Set(
        Object.values(caches)
          .flat()
          .map((url) => url.slice(0, `${address}a/`.length)),
      ),
      new Set([`${address}a/`]),
    );
    await driver.get(`${address}a/cek-nik-offline.html`);
    await widget.until("the input", ({ state }) => state === "ready");
    assert.equal(summary(await widget.check(niks.whole[8]))[WHOLE], "member");
  });

  for (const [name, answer] of [
    ["says nothing", () => {}],
    ["sends a byte now and then", drip],
  ]) {
    test(`a host that ${name} to the question for the lists is given up, in words`, async () => {
      const { address, misbehave } = await openHost();
      misbehave({ concerns: (path) => path === "/catalogue.json", answer });
      await saving.open(address);
      const { reason } = await saving.until("the end", ({ reason }) => reason !== null, 40_000);
      assert.equal(reason, "catalogue_timed_out");
    });
  }

  test("if a browser lets no site store anything, the page says so and checks online", async () => {
    const { address } = await openHost();
    const own = new Resources();
    try {
      const driver = await openBrowser(own, {
        engine,
        profile: await own.directory(),
        storage: false,
      });
      const saving = new Saving(driver);
      await saving.open(address);
      const { reason, text, frame } = await saving.until(
        "the words",
        ({ reason }) => reason !== null,
      );
      assert.ok(["storage_failed", "browser_too_old"].includes(reason), reason);
      assert.ok(text.includes(words.others));
      assert.equal(frame, true);
    } finally {
      await own.close();
    }
  });
});
