//! Before a number can be typed, the page cuts itself off: from all hosts but that of the lists, or
//! from all. In three engines, the page's script tries what it still could, while everything is
//! recorded.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { withoutPolicy, withPermittedScript } from "./support/changed-page.mjs";
import { openPublisher, page } from "./support/embedding.mjs";
import { inEngines } from "./support/in-engines.mjs";
import { openRecordingProxy } from "./support/recording-proxy.mjs";
import { openRecordingUdp } from "./support/recording-udp.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, niks, SHARDED, WHOLE } from "./support/site.mjs";
import { waitFor } from "./support/wait.mjs";
import { summary, Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const ATTEMPTS = readFileSync(new URL("support/attempts.js", import.meta.url), "utf8");

/**
 * A site with one whole list, and one with a sharded list as well, which needs the network until
 * the answer.
 */
const NETWORKS = {
  cut: { lists: [WHOLE], answers: { [WHOLE]: "member" } },
  narrow: { lists: [WHOLE, SHARDED], answers: { [WHOLE]: "member", [SHARDED]: "non_member" } },
};

const PLACES = ["alone", "framed"];

/** What browsers load only from the page's own host. */
const ONLY_AT_HOME = [
  "worker from an address",
  "shared worker",
  "service worker",
  "part of another drawing",
  "subtitles",
];

/**
 * Attempts that no proxy sees even without a policy: the engine does not know them, delays them, or
 * sends them another way. For these, the tests only show that nothing arrived.
 */
const UNSEEN = {
  chromium: {
    alone: [
      "WebTransport",
      "rules for speculation",
      "manifest",
      "prerender",
      "preconnect",
      "dns-prefetch",
      "report of a policy",
      "the page around it",
    ],
    framed: [
      "WebTransport",
      "rules for speculation",
      "manifest",
      "prerender",
      "preconnect",
      "dns-prefetch",
      "report of a policy",
      "the page around it",
      "fetch of a fresh frame",
      "icon",
      "payment",
      "worker from an address",
      "shared worker",
      "service worker",
      "part of another drawing",
      "subtitles",
    ],
  },
  firefox: {
    alone: [
      "WebTransport",
      "rules for speculation",
      "manifest",
      "prerender",
      "preconnect",
      "dns-prefetch",
      "report of a policy",
      "the page around it",
      "fetch for later",
      "payment",
      "ping of a link",
    ],
    framed: [
      "WebTransport",
      "rules for speculation",
      "manifest",
      "prerender",
      "preconnect",
      "dns-prefetch",
      "report of a policy",
      "the page around it",
      "fetch for later",
      "payment",
      "ping of a link",
      "fetch of a fresh frame",
      "icon",
      "worker from an address",
      "shared worker",
      "service worker",
      "part of another drawing",
      "subtitles",
    ],
  },
  webkit: {
    alone: [
      "WebTransport",
      "rules for speculation",
      "manifest",
      "prerender",
      "preconnect",
      "dns-prefetch",
      "report of a policy",
      "the page around it",
      "fetch for later",
      "payment",
      "icon",
      "prefetch",
    ],
    framed: [
      "WebTransport",
      "rules for speculation",
      "manifest",
      "prerender",
      "preconnect",
      "dns-prefetch",
      "report of a policy",
      "the page around it",
      "fetch for later",
      "payment",
      "icon",
      "prefetch",
      "fetch of a fresh frame",
      "worker from an address",
      "shared worker",
      "service worker",
      "part of another drawing",
    ],
  },
};

/**
 * Navigations, which no policy in the page can stop. In WebKit, a window needs a gesture of the
 * reader.
 */
const LEAVES = {
  chromium: {
    alone: ["its own address", "a link", "an instruction to refresh", "a window"],
    framed: ["its own address", "a link", "an instruction to refresh"],
  },
  firefox: {
    alone: ["its own address", "a link", "an instruction to refresh", "a window"],
    framed: ["its own address", "a link", "an instruction to refresh"],
  },
  webkit: {
    alone: ["its own address", "a link", "an instruction to refresh"],
    framed: ["its own address", "a link", "an instruction to refresh"],
  },
};

/** Results of a WebRTC call. The page uses only the first way; its code has none of the others. */
const CALLS = {
  chromium: { "by the name": "ReferenceError", "kept from before": "calls" },
  firefox: { "by the name": "ReferenceError", "kept from before": "calls" },
  // Built without WebRTC.
  webkit: { "by the name": "ReferenceError", "kept from before": "TypeError" },
};

/**
 * A sandboxed frame and a frame inside it have different origins, so neither can access the other.
 */
const CALLS_OF_A_FRESH_FRAME = {
  chromium: { alone: "calls", framed: "SecurityError" },
  firefox: { alone: "calls", framed: "SecurityError" },
  webkit: { alone: "TypeError", framed: "SecurityError" },
};

const slug = (name) => name.toLowerCase().replace(/\W+/g, "-").replace(/-$/, "");

/** Serves a site in a subdirectory of its host, with a page that also makes attempts. */
async function serveBelow(site, change = (html) => html) {
  const host = await site.copy();
  await cp(site.directory, join(host.directory, "lists"), { recursive: true });
  await host.write(
    "lists/cek-nik.html",
    change(withPermittedScript((await site.read("cek-nik.html")).toString(), ATTEMPTS)),
  );
  return `${await host.serve()}lists/`;
}

const frame = (address) =>
  `<iframe src="${address}cek-nik.html" sandbox="allow-scripts" style="width: 100%; height: 900px"></iframe>`;

const sites = {};
for (const [network, { lists }] of Object.entries(NETWORKS)) {
  sites[network] = await makeSite(resources, { lists });
}
const addresses = {
  cut: await serveBelow(sites.cut),
  narrow: await serveBelow(sites.narrow),
  open: await serveBelow(sites.cut, withoutPolicy),
};
const publisher = await openPublisher(
  resources,
  Object.fromEntries([
    ...Object.entries(addresses).map(([network, address]) => [`/${network}`, page(frame(address))]),
    [
      "/strict",
      {
        html: page(frame(addresses.cut)),
        headers: { "Content-Security-Policy": `frame-src ${addresses.cut}cek-nik.html` },
      },
    ],
  ]),
);

inEngines(["chromium", "firefox", "webkit"], (engine) => {
  let proxy;
  let driver;
  let widget;
  before(async () => {
    proxy = await openRecordingProxy(resources);
    driver = await openBrowser(resources, { engine, proxy: proxy.port });
    widget = new Widget(driver);
  });

  /** Opens the page alone, or in the sandboxed frame of a page without a policy. */
  async function go(network, place) {
    await driver.switchTo().defaultContent();
    if (place === "alone") {
      // Without lists, a page that starts by itself never reaches its lock.
      const lists = network === "open" ? "#catalogue=tidak-ada.json" : "";
      await driver.get(`${addresses[network]}cek-nik.html${lists}`);
    } else {
      await driver.get(`${publisher}/${network}`);
      await widget.switchToFrame();
    }
    await widget.settled();
  }

  /** The names that appear in the record of a run. */
  const seen = (names, run) =>
    names.filter((name) =>
      proxy.urls.some((url) => RegExp(`[/ ]${slug(name)}\\.${run}\\b`).test(url)),
    );
  const attempted = () => driver.executeScript("return attempted");
  const attemptAll = (names, sendTo) =>
    driver.executeScript("attemptAll(arguments[0], arguments[1])", names, sendTo);
  const ended = () =>
    waitFor(
      "all attempts to end",
      () => driver.executeScript("return [...unfinished]"),
      (left) => left.length === 0,
    );

  /** Leaves the page twice: what a page sends when it is left arrives before the second request. */
  async function leave(run) {
    await driver.switchTo().defaultContent();
    for (const path of ["afterwards", "at-last"]) {
      await driver.get(`${publisher}/${path}?${run}`);
    }
  }

  /** Closes other windows: engines delay work of windows behind them. */
  async function closeOthers() {
    const [first, ...others] = await driver.getAllWindowHandles();
    for (const other of others) {
      await driver.switchTo().window(other);
      await driver.close();
    }
    await driver.switchTo().window(first);
  }

  for (const [network, { answers }] of Object.entries(NETWORKS)) {
    for (const place of PLACES) {
      const run = `${network}-${place}`;
      describe(`where the network is ${network}, ${place}`, () => {
        before(async () => {
          await go(network, place);
          await widget.ready();
        });

        test("the page says so, and a check goes by", async () => {
          assert.equal((await widget.snapshot()).network, network);
          const before = proxy.urls.length;
          assert.deepEqual(summary(await widget.check(niks.whole[0])), answers);
          assert.equal(
            proxy.urls.length - before,
            network === "cut" ? 0 : 1,
            proxy.urls.slice(before).join(),
          );
        });

        test("nothing that its script can try is sent", async () => {
          const { attempts } = await attempted();
          const host = new URL(addresses[network]).host;
          // Also on the host of the lists: anywhere if the network is cut, otherwise outside of
          // their directory.
          const beside =
            network === "cut" ? `http://${host}/lists/NAME.${run}` : `http://${host}/NAME.${run}`;
          for (const sendTo of [`http://NAME.${run}.example/`, beside]) {
            await attemptAll(attempts, sendTo);
            await ended();
          }
          await leave(run);
          assert.deepEqual(seen(attempts, run), []);
        });
      });
    }
  }

  for (const place of PLACES) {
    const run = `open-${place}`;
    test(`without a policy the same attempts are seen, ${place}`, async () => {
      await go("open", place);
      const { attempts } = await attempted();
      const unseen = UNSEEN[engine][place];
      const missing = (names) =>
        names.filter((name) => !unseen.includes(name) && !seen([name], run).length);
      // Firefox delays it until a page loads nothing else.
      await attemptAll(["prefetch"], `http://NAME.${run}.example/`);
      await ended();
      await attemptAll(
        attempts.filter((name) => !["prefetch", ...ONLY_AT_HOME].includes(name)),
        `http://NAME.${run}.example/`,
      );
      await attemptAll(ONLY_AT_HOME, `${addresses.open}NAME.${run}`);
      await waitFor(
        "all to be sent",
        () => missing(attempts),
        (names) => names.length === 0,
      );
      if (place === "alone") {
        await driver.executeScript("depart('a form', arguments[0])", `http://NAME.${run}.example/`);
        await waitFor(
          "the form",
          () => seen(["a form"], run),
          ([found]) => found,
        );
      }
    });

    test(`what leaves the page is sent, ${place}: no policy of the page stops it`, async () => {
      await go("cut", place);
      await widget.ready();
      const { departures } = await attempted();
      const run = `leaving-${place}`;
      for (const name of departures) {
        await driver.executeScript(
          "depart(arguments[0], arguments[1])",
          name,
          `http://NAME.${run}.example/`,
        );
        if (LEAVES[engine][place].includes(name)) {
          await waitFor(
            `to leave by ${name}`,
            () => seen([name], run),
            ([found]) => found,
          );
        }
      }
      await leave(run);
      await closeOthers();
      assert.deepEqual(seen(departures, run), LEAVES[engine][place]);
    });
  }

  test("the policy of the page around it stops that too", async () => {
    const run = "strict";
    for (const name of LEAVES[engine].framed) {
      await driver.switchTo().defaultContent();
      await driver.get(`${publisher}/strict`);
      await widget.enterFrame();
      await driver.executeScript(
        "depart(arguments[0], arguments[1])",
        name,
        `http://NAME.${run}.example/`,
      );
    }
    await leave(run);
    assert.deepEqual(seen(LEAVES[engine].framed, run), []);
  });

  for (const place of PLACES) {
    const calls = { ...CALLS[engine], "of a fresh frame": CALLS_OF_A_FRESH_FRAME[engine][place] };
    test(`a call to another browser, ${place}`, async () => {
      await go("cut", place);
      await widget.ready();
      for (const [name, outcome] of Object.entries(calls)) {
        const { port, packets } = await openRecordingUdp(resources);
        assert.equal(
          await driver.executeScript("return callPeer(arguments[0], arguments[1])", name, port),
          outcome,
          name,
        );
        const tunnels = () =>
          proxy.urls.filter((url) => url === `CONNECT 127.0.0.1:${port}`).length;
        if (outcome === "calls") {
          // Firefox sends no packets to this computer, but asks the proxy all the same.
          await waitFor(
            `the call ${name}`,
            () => [packets.length > 0, tunnels() > 0],
            ([direct, proxied]) => proxied && (direct || engine === "firefox"),
          );
        } else {
          assert.deepEqual([packets.length, tunnels()], [0, 0]);
        }
      }
    });
  }

  test("nothing has come later", () => {
    const late = Object.keys(NETWORKS).flatMap((network) =>
      PLACES.flatMap((place) => proxy.urls.filter((url) => url.includes(`.${network}-${place}`))),
    );
    assert.deepEqual(late, []);
  });
});
