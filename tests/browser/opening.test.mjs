//! When the widget opens the lists by itself, and when it waits for the reader.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { deliver, openHostileHost } from "./support/hostile-host.mjs";
import { inEngines } from "./support/in-engines.mjs";
import { openRecordingProxy } from "./support/recording-proxy.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, niks, SHARDED, WHOLE } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";
import { summary, Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const upstream = await (await makeSite(resources)).serve();

const changed = (change) => ({
  concerns: (path) => path === "/catalogue.json",
  answer: (response, honest) => {
    const catalogue = JSON.parse(honest.bytes);
    change(catalogue.datasets);
    deliver(response, { ...honest, bytes: Buffer.from(JSON.stringify(catalogue)) });
  },
});

/** A catalogue that says that the shards of a list have this many bytes. */
const listOf = (id, bytes) =>
  changed((datasets) => (datasets.find((one) => one.id === id).shard_bytes = bytes));

const wholeList = (bytes) => listOf(WHOLE, bytes);

inEngines(["chromium", "firefox", "webkit"], (engine) => {
  let proxy;
  let widget;
  let host;
  before(async () => {
    proxy = await openRecordingProxy(resources);
    widget = new Widget(await openBrowser(resources, { engine, proxy: proxy.port }));
    host = await openHostileHost(upstream, resources);
  });
  beforeEach(async () => {
    host.fault = undefined;
    await widget.driver.switchTo().defaultContent();
    await widget.driver.get("about:blank");
    proxy.forget();
  });

  const asked = () => proxy.urls.map((url) => new URL(url.split(" ")[1]).pathname);
  const lists = () => asked().filter((path) => path.endsWith(".cnk"));

  test("on the page of its own it opens small lists by itself, and leaves the focus", async () => {
    const { state, focused } = await widget.load(host.address);
    assert.deepEqual([state, focused], ["ready", "body"]);
    assert.deepEqual(asked().slice(0, 2), ["/cek-nik.html", "/catalogue.json"]);
    assert.equal(lists().length, 1);
    assert.deepEqual(Object.values(summary(await widget.check(niks.both[0]))), [
      "member",
      "member",
    ]);
  });

  test("in a frame it waits for the reader", async () => {
    await widget.loadInFrame(host.address);
    assert.deepEqual(
      asked().filter((path) => path === "/catalogue.json"),
      [],
    );
  });

  for (const [bytes, isOffered] of [
    [100_000, false],
    [100_001, true],
  ]) {
    test(`of ${bytes} bytes it ${isOffered ? "says the size first" : "takes them"}`, async () => {
      host.fault = wholeList(bytes);
      const { state, status } = await widget.load(host.address);
      assert.equal(state === "offered", isOffered, state);
      assert.equal(status === texts.id.page.offered.replace("{size}", "101 kB"), isOffered, status);
      assert.equal(
        lists().some((path) => path.includes(SHARDED)),
        false,
      );
      assert.ok(!isOffered || lists().length === 0, "a list was downloaded");
    });
  }

  for (const [bytes, isOffered] of [
    [10_000_000, false],
    [10_000_001, true],
  ]) {
    test(`pieces of ${bytes} bytes it ${isOffered ? "tells before" : "takes"}`, async () => {
      host.fault = listOf(SHARDED, bytes);
      const { state, status } = await widget.load(host.address);
      assert.equal(state, isOffered ? "offered" : "ready");
      assert.ok(!isOffered || status.includes("10,1 MB"), status);
    });
  }

  for (const length of [-1e15, "x", [-1e15], {}, true, null]) {
    test(`a list whose length is ${JSON.stringify(length)} hides no other`, async () => {
      host.fault = changed((datasets) => {
        datasets.find(({ id }) => id === WHOLE).shard_bytes = 100_001;
        const other = { ...datasets[0], id: "lain", shard_bytes: length };
        datasets.unshift(other);
        datasets.push({ ...other, id: "lain-lagi" });
      });
      const { state } = await widget.load(host.address);
      assert.equal(state, "offered");
      assert.equal(lists().length, 0);
    });
  }

  test("after a press on start it takes larger lists, too", async () => {
    host.fault = wholeList(300_000);
    await widget.loadInFrame(host.address);
    assert.notEqual((await widget.ready()).state, "offered");
  });

  if (engine === "chromium") {
    test("it waits where the reader saves data", async () => {
      await widget.saveData();
      const { state } = await widget.load(host.address);
      await widget.saveData(false);
      assert.equal(state, "start");
      assert.deepEqual(asked(), ["/cek-nik.html"]);
    });
  }
});
