//! Failures on the page: it says that it could not check, and why; never "not in the list". It
//! remembers no failure.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { failures } from "./support/failures.mjs";
import { openHostileHost } from "./support/hostile-host.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, makeTwin } from "./support/site.mjs";
import { summary, Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const site = await makeSite(resources);
const table = failures(site, await makeTwin(resources));
const upstream = await site.serve();
const driver = await openBrowser(resources);
const widget = new Widget(driver);

/** Longer than the timeout of the page, which is 20 seconds. */
const LIMIT = 40_000;

/** Opens the page up to its start button: a page for readers who save data does not start itself. */
async function load(host) {
  await widget.saveData();
  await widget.load(host.address);
}

/** Breaks the host of the open page and starts the page. */
async function start(host, fault) {
  host.fault = fault;
  if (fault.closed) {
    host.close();
  }
  await widget.click("start");
}

/** Waits for the start to end, and submits the number if there is an input. */
async function submit(nik) {
  await widget.until(
    "the start to end",
    ({ state }) => ["ready", "answered", "failed"].includes(state),
    LIMIT,
  );
  if (await widget.canType()) {
    await widget.paste(nik);
    await widget.submit();
  }
}

/**
 * Waits for the failure, repairs the host, and checks again: on the same page, unless the catalogue
 * was wrong.
 */
async function conclude(host, { nik, wrong, right, file }) {
  await submit(nik);
  const failed = await widget.verdict(LIMIT);
  assert.deepEqual(summary(failed), wrong);
  assert.ok(
    failed.articles.every(({ reason, text }) => !reason || text.includes(reason)),
    "the page does not show the code of its reason",
  );
  host.fault = undefined;
  await host.open();
  await again({ nik, file, host });
  assert.deepEqual(summary(await widget.verdict()), right, "after the repair");
}

async function again({ nik, file, host }) {
  const { state } = await widget.snapshot();
  if (!(await widget.shows("again"))) {
    assert.equal(state, "failed");
    await widget.click("retry");
    await submit(nik);
  } else if (file === "catalogue.json") {
    await widget.open(host.address);
    await submit(nik);
  } else {
    await widget.click("retry");
  }
}

describe("the page", () => {
  const quick = table.filter(({ slow }) => !slow);
  const slow = table.filter((failure) => failure.slow);

  // Failures that end by timeout wait in tabs of their own while the others run.
  const waiting = new Map();
  before(async () => {
    for (const failure of slow) {
      const host = await openHostileHost(upstream, resources);
      await driver.switchTo().newWindow("tab");
      await load(host);
      await start(host, failure);
      if (failure.file !== "catalogue.json") {
        await submit(failure.nik);
      }
      waiting.set(failure, { host, tab: await driver.getWindowHandle() });
    }
  });
  for (const failure of slow) {
    test(failure.name, async () => {
      const { host, tab } = waiting.get(failure);
      await driver.switchTo().window(tab);
      await conclude(host, failure);
    });
  }

  let host;
  before(async () => {
    host = await openHostileHost(upstream, resources);
  });
  for (const failure of quick) {
    test(failure.name, async () => {
      await host.open();
      host.fault = undefined;
      await load(host);
      await start(host, failure);
      await conclude(host, failure);
    });
  }

  test("a good catalogue, but of another host", async () => {
    await host.open();
    host.fault = undefined;
    await load(host);
    const other = host.address.replace("127.0.0.1", "localhost") + "catalogue.json?other";
    host.fault = {
      concerns: (path) => path === "/catalogue.json",
      answer: (response) =>
        response.writeHead(302, { "Access-Control-Allow-Origin": "*", Location: other }).end(),
    };
    assert.deepEqual(summary(await widget.ready()), { page: "unknown: catalogue_unreachable" });
  });
});
