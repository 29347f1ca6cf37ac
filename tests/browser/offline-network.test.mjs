//! The offline page sends no request, whatever its script tries at any stage; it works without a
//! network; and it leaves nothing behind.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { audit } from "./support/audit.mjs";
import { openBrowser } from "./support/browser.mjs";
import { withoutPolicy, withPermittedScript } from "./support/changed-page.mjs";
import { findFreePort } from "./support/deps.mjs";
import { openPublisher } from "./support/embedding.mjs";
import { inEngines } from "./support/in-engines.mjs";
import { deriveKey } from "./support/key.mjs";
import { remains } from "./support/observed-check.mjs";
import { addressOf, offlinePage, OfflineWidget, putOffline, withPack } from "./support/offline.mjs";
import { packOf } from "./support/pack.mjs";
import { openRecordingProxy } from "./support/recording-proxy.mjs";
import { openRecordingUdp } from "./support/recording-udp.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, NAME, niks, people, SHARDED, WHOLE } from "./support/site.mjs";
import { waitFor } from "./support/wait.mjs";
import { summary } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const ATTEMPTS = readFileSync(new URL("support/attempts.js", import.meta.url), "utf8");

const site = await makeSite(resources, { locked: true });
const pack = packOf(site).bytes;
const trying = withPermittedScript(offlinePage, ATTEMPTS);
const files = { "daftar.cnkpack": pack };
const directories = {
  honest: await putOffline(resources, { files }),
  packed: await putOffline(resources, { page: withPack(pack) }),
  trying: await putOffline(resources, { page: trying, files }),
  open: await putOffline(resources, { page: withoutPolicy(trying), files }),
};
const host = await openPublisher(resources, {
  "/honest": offlinePage,
  "/trying": trying,
  "/afterwards": offlinePage,
  "/at-last": offlinePage,
});

const file = join(directories.honest, "daftar.cnkpack");
const [nik] = niks.both;
const BOTH = { [WHOLE]: "member", [SHARDED]: "member" };
const { answers: NONE, nik: nobody } = people(4)["in no list"];

const PLACES = {
  "from the device": addressOf(directories.trying),
  "from a host": `${host}/trying`,
};

/** Firefox does not prefetch for a page opened as a file, and reports nothing. */
const SAYS_NOTHING = ["prefetch"];

/** How far a reader has come. */
const STAGES = {
  "before a file is chosen": () => {},
  "when a file has been chosen": (widget) => widget.choose(file),
  "when there is an answer": async (widget) => {
    await widget.choose(file);
    assert.deepEqual(summary(await widget.check(nik, NAME.typed)), BOTH);
  },
};

const slug = (name) => name.toLowerCase().replace(/\W+/g, "-").replace(/-$/, "");

inEngines(["chromium", "firefox", "webkit"], (engine) => {
  let proxy;
  let driver;
  let widget;
  before(async () => {
    proxy = await openRecordingProxy(resources);
    driver = await openBrowser(resources, { engine, proxy: proxy.port });
    widget = new OfflineWidget(driver);
  });

  /** Leaves the page twice: what a page sends when it is left arrives before the second request. */
  async function leave() {
    for (const path of ["afterwards", "at-last"]) {
      await driver.get(`${host}/${path}`);
      await waitFor(
        `the request for ${path}`,
        () => proxy.urls,
        (urls) => urls.includes(`GET ${host}/${path}`),
      );
    }
    return [`GET ${host}/afterwards`, `GET ${host}/at-last`];
  }

  const seen = (names) =>
    names.filter((name) =>
      proxy.urls.some((url) => url.includes(`/${slug(name)}.`) || url.includes(` ${slug(name)}.`)),
    );

  async function attemptAll(names) {
    await driver.executeScript(
      "attemptAll(arguments[0], arguments[1])",
      names,
      "http://NAME.example/",
    );
    await waitFor(
      "all attempts to end",
      () => driver.executeScript("return [...unfinished]"),
      (left) => left.every((name) => SAYS_NOTHING.includes(name)),
    );
  }

  for (const [where, address] of Object.entries(PLACES)) {
    for (const [stage, reach] of Object.entries(STAGES)) {
      test(`nothing that its script can try is sent ${stage}, ${where}`, async () => {
        await driver.get("about:blank");
        proxy.forget();
        await widget.visit(address);
        await reach(widget);
        await attemptAll((await driver.executeScript("return attempted")).attempts);
        const after = await leave();
        assert.deepEqual(proxy.urls, [
          ...(address.startsWith("http") ? [`GET ${address}`] : []),
          ...after,
        ]);
      });
    }
  }

  test("without its policy the same attempts are seen", async () => {
    proxy.forget();
    await widget.visit(addressOf(directories.open));
    const names = ["fetch", "XMLHttpRequest", "beacon", "worker that fetches", "image", "script"];
    await driver.executeScript(
      "attemptAll(arguments[0], arguments[1])",
      names,
      "http://NAME.example/",
    );
    await waitFor(
      "all to be sent",
      () => seen(names),
      (found) => found.length === names.length,
    );
  });

  test("a call to another browser is not possible by its name", async () => {
    await widget.visit(addressOf(directories.trying));
    const { port, packets } = await openRecordingUdp(resources);
    assert.equal(
      await driver.executeScript("return callPeer('by the name', arguments[0])", port),
      "ReferenceError",
    );
    assert.deepEqual(packets, []);
  });

  test("a whole visit requests only the page and leaves nothing on the device", async () => {
    await driver.get("about:blank");
    await driver.sendDevToolsCommand?.("Network.clearBrowserCache");
    proxy.forget();
    await widget.visit(`${host}/honest`);
    const before = await driver.executeScript(remains);
    await widget.choose(file);
    assert.deepEqual(summary(await widget.check(nik, NAME.typed)), BOTH);
    assert.deepEqual(
      await driver.executeScript(remains),
      before,
      "something was left on the device",
    );
    const key = deriveKey(site.catalogue, nik, NAME.word);
    const expected = [`GET ${host}/honest`, ...(await leave())];
    assert.deepEqual(audit(proxy, expected, { nik, name: NAME.word, key }), []);
  });

  test("whoever goes back finds neither the number nor the answer", async () => {
    await widget.visit(`${host}/honest`);
    await widget.choose(file);
    await widget.check(nik, NAME.typed);
    await driver.get(`${host}/afterwards`);
    await driver.navigate().back();
    const {
      state,
      nik: left,
      articles,
    } = await widget.until("the page to be there", ({ state }) =>
      ["start", "ready"].includes(state),
    );
    assert.deepEqual([left, articles], ["", []]);
    const html = await driver.executeScript(
      "return document.documentElement.outerHTML.replace(/<script>.*?<.script>/s, '')",
    );
    assert.ok(
      !html.includes(nik.slice(-10)) && !html.includes(NAME.word),
      `something is left in the state ${state}`,
    );
  });

  test("where there is no network, both kinds of page answer from a cold start", async () => {
    // A proxy port where nothing listens: no request can succeed.
    const widget = new OfflineWidget(
      await openBrowser(resources, { engine, proxy: await findFreePort() }),
    );
    await widget.driver.setNetworkConditions?.({
      offline: true,
      latency: 0,
      download_throughput: 0,
      upload_throughput: 0,
    });
    await widget.visit(addressOf(directories.honest));
    await widget.choose(file);
    assert.deepEqual(summary(await widget.check(nik, NAME.typed)), BOTH);
    await widget.visit(addressOf(directories.packed));
    assert.deepEqual(summary(await widget.check(nobody, NAME.typed)), NONE);
  });
});

describe("after five minutes without a touch", () => {
  test("the number and the answer are gone, and the list is still open", async () => {
    const widget = new OfflineWidget(await openBrowser(resources));
    await widget.visit(addressOf(directories.packed));
    await widget.check(nik, NAME.typed);
    await widget.driver.sendAndGetDevToolsCommand("Emulation.setVirtualTimePolicy", {
      policy: "advance",
      budget: 5.2 * 60_000,
    });
    const { nik: left, articles } = await widget.until(
      "the page to forget",
      ({ state }) => state === "ready",
    );
    assert.deepEqual([left, articles, await widget.shows("lists")], ["", [], true]);
  });
});
