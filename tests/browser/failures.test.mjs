//! Whatever fails, the page says that it could not check, and why; never "not in the list". And nothing of a failure is remembered.

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

/** Longer than the patience of the page, which is 20 seconds. */
const LIMIT = 40_000;

/** Breaks the host of the page that is open, and starts a check. */
async function start(host, { nik, ...fault }) {
  host.fault = fault;
  if (fault.closed) {
    host.close();
  }
  // From one failure to the next the number mostly stays, which saves a third of the time.
  if ((await widget.look()).nik !== nik) {
    await widget.type(nik);
  }
  await widget.click("check");
}

/** Waits for its end, repairs the host, and checks again on the same page. */
async function conclude(host, { wrong, right }) {
  const failed = await widget.verdict(LIMIT);
  assert.deepEqual(summary(failed), wrong);
  assert.ok(failed.articles.every(({ reason, text }) => !reason || text.includes(reason)), "the page does not show the code of its reason");
  host.fault = undefined;
  await host.open();
  await widget.click("check");
  assert.deepEqual(summary(await widget.verdict()), right, "after the repair");
}

describe("the page", () => {
  const quick = table.filter(({ slow }) => !slow);
  const slow = table.filter((failure) => failure.slow);

  // What only patience ends waits in tabs of its own while the others run.
  const waiting = new Map();
  before(async () => {
    for (const failure of slow) {
      const host = await openHostileHost(upstream, resources);
      await driver.switchTo().newWindow("tab");
      await widget.open(host.address);
      await start(host, failure);
      waiting.set(failure, { host, tab: await driver.getWindowHandle() });
    }
  });

  // One page goes through all of these, unless one leaves it in a state that the next must not inherit.
  let host;
  let usable = false;
  before(async () => {
    host = await openHostileHost(upstream, resources);
    await driver.switchTo().newWindow("tab");
  });
  for (const failure of quick) {
    test(failure.name, async () => {
      if (!usable) {
        await host.open();
        host.fault = undefined;
        await widget.open(host.address);
      }
      usable = false;
      await start(host, failure);
      await conclude(host, failure);
      usable = true;
    });
  }

  for (const failure of slow) {
    test(failure.name, async () => {
      const { host, tab } = waiting.get(failure);
      await driver.switchTo().window(tab);
      await conclude(host, failure);
    });
  }
});
