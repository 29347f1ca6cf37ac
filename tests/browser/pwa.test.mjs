//! Saved lists: what is stored, what never is, and that a check of them sends nothing.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { deliver } from "./support/hostile-host.mjs";
import { alike, inEngines } from "./support/in-engines.mjs";
import { deriveKey, shardPath } from "./support/key.mjs";
import { openRecordingProxy } from "./support/recording-proxy.mjs";
import { Resources } from "./support/resources.mjs";
import { isShard, openSavingHost, signIn, silentAfter } from "./support/saving-host.mjs";
import { Saving } from "./support/saving.mjs";
import { makeSite, niks, people, PREFIX_BITS, SHARDED, WHOLE } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";
import { waitFor } from "./support/wait.mjs";
import { summary, Widget } from "./support/widget.mjs";

const SHARDS = 2 ** PREFIX_BITS;

const resources = new Resources();
after(() => resources.close());

let site;
let upstream;
/** The same data sets as another edition: all shards and roots differ. */
let successor;
before(async () => {
  site = await makeSite(resources);
  upstream = await site.serve();
  successor = await makeSite(resources, { argon2: "m=72,t=1,p=1" });
});

const openHost = () => openSavingHost(upstream, resources);

/** A fault that publishes the successor in place of the site. */
const succeeded = () => ({
  concerns: (path) => path === "/catalogue.json" || isShard(path),
  async answer(response, honest) {
    const bytes = await successor.read(response.req.url.slice(1)).catch(() => undefined);
    deliver(
      response,
      bytes
        ? { ...honest, status: 200, bytes }
        : { ...honest, status: 404, bytes: Buffer.from("no") },
    );
  },
});

const rootsIn = (urls, { id }) => [
  ...new Set(
    urls.filter((url) => url.includes(`/data/${id}/`)).map((url) => url.split("/").at(-2)),
  ),
];

inEngines(["chromium", "firefox"], (engine) => {
  let driver;
  let saving;
  let widget;
  before(async () => {
    driver = await openBrowser(resources, { engine, profile: await resources.directory() });
    saving = new Saving(driver);
    widget = new Widget(driver);
  });

  async function saveBoth(address) {
    await saving.open(address);
    await saving.start(WHOLE);
    await saving.ended();
    await saving.start(SHARDED);
    return saving.ended();
  }

  async function openOfflinePage(address) {
    await driver.get(`${address}cek-nik-offline.html`);
    return widget.until(
      "the lists to be there",
      ({ state }) => state === "ready" || state === "failed" || state === "start",
    );
  }

  test("before the reader asks, only the page is fetched and nothing is registered", async () => {
    const { address, asked } = await openHost();
    const besides = () =>
      asked
        .filter(
          (path) =>
            !["/manifest.webmanifest", "/apple-touch-icon.png", "/favicon.ico"].includes(path) &&
            !path.startsWith("/icon-"),
        )
        .sort();
    await driver.get(address);
    await saving.until("the section", ({ status }) => status === texts.id.saving.nothing_yet);
    await waitFor("the widget", besides, (paths) => paths.length > 1);
    assert.deepEqual(besides(), ["/", "/cek-nik.html"]);
    await saving.unfold();
    await saving.lists();
    assert.deepEqual(besides(), ["/", "/catalogue.json", "/cek-nik.html"]);
    assert.deepEqual(await saving.inventory(), { caches: {}, scopes: [] });
  });

  test("a reader saves, closes the browser, and checks in an aeroplane", async () => {
    const { host, address } = await openHost();
    const proxy = await openRecordingProxy(resources);
    const profile = await resources.directory();
    const visit = async (act) => {
      const own = new Resources();
      try {
        const driver = await openBrowser(own, { engine, profile, proxy: proxy.port });
        await act(driver, new Saving(driver), new Widget(driver));
      } finally {
        await own.close();
      }
    };

    await visit(async (_, saving) => {
      await saving.open(address);
      await saving.start(SHARDED);
      const { reason, above } = await saving.ended();
      assert.equal(reason, null);
      assert.ok(above.includes(texts.id.saving.check));
      // Proof that the proxy sees requests for shards.
      assert.equal(
        proxy.requests.filter(({ url }) => url.startsWith(address) && isShard(url)).length,
        SHARDS,
      );
      await saving.start(WHOLE);
      await saving.ended();
    });
    host.close();
    proxy.forget();

    await visit(async (driver, saving, widget) => {
      await driver.get(address);
      const { above, frame } = await saving.until(
        "the words about the site that is away",
        ({ above }) => above.includes(texts.id.saving.away),
      );
      assert.ok(above.includes(texts.id.saving.check));
      assert.equal(frame, false);
      await saving.clickOn("#above a");
      await widget.until("the input", ({ state }) => state === "ready");
      // The browser looks for a new service worker, the page for the site and its catalogue, the
      // frame for the widget.
      const toSite = () =>
        proxy.requests
          .filter(({ url }) => url.startsWith(address))
          .map(({ url }) => url.slice(address.length));
      assert.deepEqual(
        toSite().filter((path) => !["catalogue.json", "cek-nik.html", "sw.js"].includes(path)),
        [],
      );
      proxy.forget();
      for (const [who, { nik, answers }] of Object.entries(people(1))) {
        assert.deepEqual(summary(await widget.check(nik)), answers, who);
      }
      // Firefox keeps looking for a new service worker, with or without a check.
      assert.deepEqual(
        toSite().filter((path) => path !== "sw.js"),
        [],
      );
      for (const { nik } of Object.values(people(1))) {
        assert.ok(!proxy.bytes.includes(nik));
      }
    });
  });

  test("a page closed during a download continues it and fetches nothing twice", async () => {
    const { host, address, asked, misbehave } = await openHost();
    const profile = await resources.directory();
    const first = new Resources();
    let unanswered;
    try {
      const saving = new Saving(await openBrowser(first, { engine, profile }));
      misbehave(silentAfter(20, isShard));
      await saving.open(address);
      await saving.start(SHARDED);
      await waitFor(
        "the host to fall silent",
        () => asked.filter(isShard).length,
        (count) => count === 23,
      );
      await waitFor(
        "what was answered to be stored",
        () => saving.shards(),
        (shards) => shards.length === 20,
      );
      assert.equal(await saving.record("saved.json"), null);
      unanswered = asked.filter(isShard).slice(20);
    } finally {
      await first.close();
    }
    misbehave();
    const second = new Resources();
    try {
      const saving = new Saving(await openBrowser(second, { engine, profile }));
      await saving.open(address);
      const { status, progress } = await saving.until(
        "the download to be offered",
        ({ buttons }) => buttons.includes("saving-go-on") && !buttons.includes("saving-lists"),
      );
      assert.equal(status, texts.id.saving.paused);
      assert.match(progress, /\(31 %\)/);
      await saving.click("go-on");
      const { reason } = await saving.ended();
      assert.equal(reason, null);
      assert.equal((await saving.shards()).length, SHARDS);
    } finally {
      await second.close();
      host.close();
    }
    const answered = asked
      .filter(isShard)
      .filter((path, place) => !(unanswered.includes(path) && place < 23));
    assert.equal(answered.length, SHARDS);
    assert.equal(new Set(answered).size, SHARDS);
  });

  test("a second tab leaves a download to the first and can pause it", async () => {
    const { address, asked, misbehave } = await openHost();
    misbehave(silentAfter(20, isShard));
    await saving.open(address);
    await saving.start(SHARDED);
    await waitFor(
      "the host to fall silent",
      () => asked.filter(isShard).length,
      (count) => count === 23,
    );
    const first = await driver.getWindowHandle();
    await driver.switchTo().newWindow("tab");
    await saving.open(address);
    await saving.until("the download to be seen", ({ buttons }) =>
      buttons.includes("saving-go-on"),
    );
    await saving.click("go-on");
    await saving.until(
      "the work of the other tab",
      ({ status }) => status === texts.id.saving.saving_elsewhere,
    );
    assert.equal(asked.filter(isShard).length, 23);
    await saving.click("pause");
    await saving.until("the pause", ({ status }) => status === texts.id.saving.paused);
    misbehave();
    await saving.click("go-on");
    await saving.ended();
    assert.equal((await saving.record("saved.json")).datasets[0], SHARDED);
    await driver.close();
    await driver.switchTo().window(first);
    await saving.until(
      "the first tab to know",
      ({ status }) => status === texts.id.saving.saved_now,
    );
  });

  test("“Hapus” leaves nothing", async () => {
    const { address } = await openHost();
    await saveBoth(address);
    const { caches, scopes } = await saving.inventory();
    assert.deepEqual(Object.keys(caches).sort(), ["cek-nik-saved", "cek-nik-shell"]);
    assert.deepEqual(scopes, [address]);
    await saving.click("remove");
    await saving.until("all to be removed", ({ status }) => status === texts.id.saving.removed);
    assert.deepEqual(await saving.inventory(), { caches: {}, scopes: [] });
    assert.equal((await openOfflinePage(address)).state, "start");
    assert.deepEqual(await saving.inventory(), { caches: {}, scopes: [] });
  });

  const FAILURES = {
    "a shard with one other bit": {
      reason: "damaged",
      answer: (response, honest) => deliver(response, { ...honest, bytes: flipped(honest.bytes) }),
    },
    "a sign-in page in the place of a shard": { reason: "not_a_shard", answer: signIn },
    "an error of the host": {
      reason: "status",
      answer: (response, honest) => deliver(response, { ...honest, status: 500 }),
    },
    "a shard that is not there": {
      reason: "not_found",
      answer: (response, honest) => deliver(response, { ...honest, status: 404 }),
    },
  };
  // The module decides what is wrong with a shard. Engines differ only in what they store.
  for (const [what, { reason: expected, answer }] of alike(engine, Object.entries(FAILURES))) {
    test(`${what} is never kept, and nothing counts as saved`, async () => {
      const { address, misbehave } = await openHost();
      const bad = `/data/${SHARDED}/${site.dataset(SHARDED).root}/0009.cnk`;
      misbehave({ concerns: (path) => path === bad, answer });
      await saving.open(address);
      await saving.start(SHARDED);
      const { reason, text } = await saving.ended();
      assert.equal(reason, expected);
      assert.ok(text.includes(texts.id.saving.code));
      const shards = await saving.shards();
      assert.ok(shards.length < SHARDS && !shards.some((url) => url.endsWith(bad)));
      assert.equal(await saving.record("saved.json"), null);
      assert.equal((await openOfflinePage(address)).state, "start");
      misbehave();
      await saving.open(address);
      await saving.until("the rest to be offered", ({ buttons }) =>
        buttons.includes("saving-go-on"),
      );
      await saving.click("go-on");
      await saving.ended();
      assert.equal((await saving.shards()).length, SHARDS);
    });
  }

  for (const [what, answer] of Object.entries({
    "a sign-in page": signIn,
    "an error page": (response, honest) => deliver(response, { ...honest, status: 500 }),
    "half of it": (response, honest) =>
      deliver(response, { ...honest, bytes: honest.bytes.subarray(0, honest.bytes.length >> 1) }),
    "a redirect to another origin": (response) =>
      response
        .writeHead(302, {
          Location: `${upstream}cek-nik-offline.html`,
          "Access-Control-Allow-Origin": "*",
        })
        .end(),
  })) {
    test(`of a shell in which one file is ${what}, nothing is kept`, async () => {
      const { address, misbehave } = await openHost();
      misbehave({ concerns: (path) => path === "/cek-nik-offline.html", answer });
      await saving.open(address);
      await saving.start(WHOLE);
      assert.equal((await saving.ended()).reason, "shell_damaged");
      const { caches, scopes } = await saving.inventory();
      assert.deepEqual(caches["cek-nik-shell"] ?? [], []);
      assert.deepEqual(scopes, []);
      assert.equal(caches["cek-nik-saved"], undefined);
    });
  }

  test("a new edition is noticed, and replaces the old one whole or not at all", async () => {
    const { address, misbehave } = await openHost();
    await saveBoth(address);
    misbehave(succeeded());
    await saving.open(address);
    await saving.until(
      "the new edition",
      ({ text, buttons }) =>
        text.includes(texts.id.saving.new_edition) && buttons.includes("saving-update"),
    );
    const old = await saving.record("saved.json");
    assert.equal(JSON.parse(old.catalogue).datasets[0].root, site.catalogue.datasets[0].root);
    await openOfflinePage(address);
    assert.deepEqual(summary(await widget.check(niks.both[3])), people(3)["in both lists"].answers);

    await saving.open(address);
    await saving.until("the new edition", ({ buttons }) => buttons.includes("saving-update"));
    await saving.click("update");
    await waitFor(
      "the new edition to be saved",
      () => saving.record("saved.json"),
      (record) => record?.catalogue !== old.catalogue,
    );
    await saving.ended();
    const shards = await saving.shards();
    assert.equal(shards.length, SHARDS + 1);
    for (const dataset of successor.catalogue.datasets) {
      assert.deepEqual(rootsIn(shards, dataset), [dataset.root]);
    }
    await openOfflinePage(address);
    assert.deepEqual(summary(await widget.check(niks.both[4])), people(4)["in both lists"].answers);
  });

  test("an edition replaced during a download is dropped and the new one saved whole", async () => {
    const { address, asked, misbehave } = await openHost();
    const next = succeeded();
    let count = 0;
    misbehave({
      concerns: (path) => (isShard(path) ? ++count > 20 : count > 20) && next.concerns(path),
      answer: next.answer,
    });
    await saving.open(address);
    await saving.start(SHARDED);
    assert.equal((await saving.ended()).reason, "replaced");
    assert.equal(await saving.record("saved.json"), null);
    await saving.until("the new edition to be offered", ({ text }) =>
      text.includes(texts.id.saving.new_while_saving),
    );
    await saving.click("go-on");
    await waitFor("the new edition to be saved", () => saving.record("saved.json"), Boolean);
    await saving.ended();
    const shards = await saving.shards();
    assert.equal(shards.length, SHARDS);
    assert.deepEqual(rootsIn(shards, site.dataset(SHARDED)), [successor.dataset(SHARDED).root]);
    assert.ok(asked.length > SHARDS);
  });

  test("an evicted shard could not be checked, and is the only one saved again", async () => {
    const { address, asked } = await openHost();
    await saveBoth(address);
    const [nik] = niks.sharded;
    const path = shardPath(site.dataset(SHARDED), deriveKey(site.catalogue, nik));
    const gone = await driver.executeAsyncScript(
      async (url, done) => done(await (await caches.open("cek-nik-saved")).delete(url)),
      address + path,
    );
    assert.equal(gone, true);
    await openOfflinePage(address);
    const answer = await widget.check(nik);
    assert.deepEqual(summary(answer), { [WHOLE]: "non_member", [SHARDED]: "unknown: not_found" });
    assert.ok(answer.banner.includes(texts.id.offline.reason.not_found.next), answer.banner);

    asked.length = 0;
    await saving.open(address);
    await saving.until(
      "the loss to be seen",
      ({ text, buttons }) =>
        text.includes(texts.id.saving.lost) && buttons.includes("saving-again"),
    );
    await saving.click("again");
    await saving.until(
      "it to be whole",
      ({ text, buttons }) =>
        !text.includes(texts.id.saving.lost) && buttons.includes("saving-remove"),
    );
    assert.deepEqual(asked.filter(isShard), [`/${path}`]);
  });

  test("the service worker sees pages, but nothing that follows from a number", async () => {
    const copy = await site.copy();
    const worker = (await copy.read("sw.js")).toString();
    await copy.write(
      "sw.js",
      `const seen = []; addEventListener("fetch", ({ request }) => seen.push(request.url)); addEventListener("message", ({ data, ports: [port] }) => data === "seen" && port.postMessage(seen)); ${worker}`,
    );
    const address = await copy.serve();
    await saveBoth(address);
    const seen = () =>
      driver.executeAsyncScript(async (done) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => done(data);
        (await navigator.serviceWorker.ready).active.postMessage("seen", [port2]);
      });
    await driver.get(address);
    await openOfflinePage(address);
    const before = await seen();
    assert.ok(before.includes(address) && before.includes(`${address}cek-nik-offline.html`));
    for (const { nik, answers } of Object.values(people(5))) {
      assert.deepEqual(summary(await widget.check(nik)), answers);
    }
    assert.deepEqual(await seen(), before);

    // The widget fetches shards, and these requests pass the service worker.
    await widget.open(address);
    for (const { nik, answers } of Object.values(people(6))) {
      assert.deepEqual(summary(await widget.check(nik)), answers);
      await widget.click("again");
    }
    const after = (await seen()).slice(before.length);
    assert.ok(after.some(isShard));
    const key = (nik) => deriveKey(site.catalogue, nik).toString("hex");
    for (const { nik } of [...Object.values(people(5)), ...Object.values(people(6))]) {
      assert.ok(
        ![...before, ...after].some((url) => url.includes(nik) || url.includes(key(nik).slice(8))),
      );
    }
  });

  test("an installed page without network and lists says what can be done", async () => {
    const { host, address } = await openHost();
    // The pages' policy lets only their own script register one.
    await driver.get(`${address}embed.js`);
    await driver.executeAsyncScript(async (done) => {
      await navigator.serviceWorker.register("sw.js");
      done((await navigator.serviceWorker.ready).active.state);
    });
    await waitFor(
      "the shell",
      async () => (await saving.inventory()).caches["cek-nik-shell"]?.length,
      (files) => files === 9,
    );
    host.close();
    await driver.get(address);
    const { above, frame } = await saving.until("the words", ({ above }) =>
      above.includes(texts.id.saving.away),
    );
    assert.ok(above.includes("cnkpack"));
    assert.equal(frame, false);
    await saving.clickOn("#above a");
    await widget.until("the choice of a file", ({ state }) => state === "start");
    await host.open();
    await driver.get(address);
    const back = await saving.until("the frame", ({ frame }) => frame);
    assert.equal(back.above, "");
  });

  // Firefox opens no page at such an address.
  test(
    "where the browser allows no saving, the section says so and names the other ways",
    { skip: engine === "firefox" },
    async () => {
      const { address } = await openHost();
      await saving.open(address.replace("127.0.0.1", "0.0.0.0"));
      const { reason, text, buttons } = await saving.snapshot();
      assert.equal(reason, "not_secure");
      assert.ok(text.includes(texts.id.saving.others));
      assert.deepEqual(buttons, []);
    },
  );

  test("a list that does not fit is refused before anything is fetched for it", async () => {
    const { address, asked, misbehave } = await openHost();
    const large = structuredClone(site.catalogue);
    large.datasets.find(({ id }) => id === SHARDED).shard_bytes = 1e12;
    misbehave({
      concerns: (path) => path === "/catalogue.json",
      answer: (response, honest) =>
        deliver(response, { ...honest, bytes: Buffer.from(JSON.stringify(large)) }),
    });
    await saving.open(address);
    await saving.start(SHARDED);
    const { reason, text } = await saving.ended();
    assert.equal(reason, "quota");
    assert.ok(text.includes(texts.id.saving.reason.quota.next));
    assert.deepEqual(
      asked.filter((path) => isShard(path) || path === "/sw.js" || path === "/save.js"),
      [],
    );
  });

  if (engine === "chromium") {
    const limit = (address, quotaSize) =>
      driver.sendDevToolsCommand("Storage.overrideQuotaForOrigin", {
        origin: new URL(address).origin,
        ...(quotaSize && { quotaSize }),
      });

    test("where there is no room for the shell, it says so and keeps nothing", async () => {
      const { address, asked } = await openHost();
      await saving.open(address);
      await limit(address, 1_000);
      await saving.start(SHARDED);
      assert.equal((await saving.ended()).reason, "quota");
      assert.deepEqual(asked.filter(isShard), []);
      await limit(address);
    });

    test("if storage runs out, the page says so and continues once there is more", async () => {
      const { address, misbehave } = await openHost();
      let limited;
      misbehave({
        concerns: (path) => isShard(path) && path.endsWith("/0014.cnk") && !limited,
        async answer(response, honest) {
          limited = limit(address, 1_000);
          await limited;
          deliver(response, honest);
        },
      });
      await saving.open(address);
      await saving.start(SHARDED);
      assert.equal((await saving.ended()).reason, "quota");
      assert.equal(await saving.record("saved.json"), null);
      await limit(address);
      await saving.click("go-on");
      await saving.until("all to be saved", ({ status }) => status === texts.id.saving.saved_now);
      assert.equal((await saving.shards()).length, SHARDS);
    });
  }
});
function flipped(bytes) {
  const copy = Buffer.from(bytes);
  copy[copy.length >> 1] ^= 1;
  return copy;
}
