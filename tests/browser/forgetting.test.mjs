//! The next person at the device finds neither the number nor the answer, by going back or by
//! coming later.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { Key } from "./support/deps.mjs";
import { inEngines } from "./support/in-engines.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, NAME, niks } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";
import { waitFor } from "./support/wait.mjs";
import { Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const address = await (await makeSite(resources, { locked: true })).serve();
const [nik] = niks.both;

/**
 * Everything in the document, without its constant code and the notices about clearing. Runs inside
 * the page.
 */
function everything() {
  const copy = document.documentElement.cloneNode(true);
  for (const other of copy.querySelectorAll("script, style, #status, #going")) {
    other.remove();
  }
  // They depend on the scroll position.
  copy.removeAttribute("data-below");
  copy.querySelector("#below").removeAttribute("style");
  const inputs = [...document.querySelectorAll("input")].map(({ value, defaultValue }) => ({
    value,
    defaultValue,
  }));
  return {
    html: copy.outerHTML,
    inputs,
    title: document.title,
    selected: String(getSelection()),
    address: location.href,
    history: history.state,
  };
}

/** How far a reader has come. */
const STAGES = {
  "the first digits of a number, and a name": async (widget) =>
    widget.type(nik.slice(0, 11), NAME.typed),
  "a number that was read back": async (widget) => {
    await widget.type(nik, NAME.typed);
    await widget.read();
  },
  "an answer": async (widget) => {
    await widget.check(nik, NAME.typed);
  },
};

const undo = (widget) =>
  widget.driver.actions().keyDown(Key.CONTROL).sendKeys("z").keyUp(Key.CONTROL).perform();

describe("after five minutes without a touch", () => {
  const MINUTE = 60_000;
  let widget;
  before(async () => {
    widget = new Widget(await openBrowser(resources));
  });
  // A stopped clock belongs to its tab, so each test uses a new one.
  beforeEach(() => widget.driver.switchTo().newWindow("tab"));

  const clock = () => widget.driver.executeScript("return performance.now()");

  /** Advances the browser's virtual clock, which then stands still. */
  async function pass(time) {
    const start = await clock();
    await widget.driver.sendAndGetDevToolsCommand("Emulation.setVirtualTimePolicy", {
      policy: "advance",
      budget: time,
    });
    // The clock counts in fractions of a millisecond.
    await waitFor("the time to pass", clock, (now) => now > start + time - 1);
  }

  const going = () =>
    widget.driver.executeScript("return document.getElementById('going').textContent");

  for (const [stage, reach] of Object.entries(STAGES)) {
    test(`nothing is left of ${stage}; and each touch starts them again`, async () => {
      const { driver } = widget;
      await widget.open(address);
      const before = await driver.executeScript(everything);
      await reach(widget);
      const reached = await driver.executeScript(everything);
      for (const touch of [
        () => driver.actions().sendKeys(Key.SHIFT).perform(),
        () => driver.actions().move({ x: 2, y: 2 }).click().perform(),
      ]) {
        await pass(4.4 * MINUTE);
        assert.equal(await going(), "");
        await pass(0.5 * MINUTE);
        assert.equal(await going(), texts.id.page.going);
        await touch();
        assert.equal(await going(), "");
      }
      await pass(4.9 * MINUTE);
      assert.deepEqual(await driver.executeScript(everything), reached);
      await pass(0.2 * MINUTE);
      assert.deepEqual(await driver.executeScript(everything), before);
      assert.equal((await widget.snapshot()).status, texts.id.page.forgotten);
      assert.equal(await going(), "");
      await undo(widget);
      assert.equal((await widget.snapshot()).nik, "");
    });
  }
});

/** Where the engine keeps a page for going back. Firefox reloads pages with a worker. */
const KEEPS = { chromium: ["alone"], firefox: [], webkit: ["alone", "framed"] };

inEngines(["chromium", "firefox", "webkit"], (engine) => {
  describe("whoever goes back finds nothing of", () => {
    let widget;
    before(async () => {
      widget = new Widget(await openBrowser(resources, { engine }));
    });

    for (const place of ["alone", "framed"]) {
      for (const [stage, reach] of Object.entries(STAGES)) {
        test(`${stage}, ${place}`, async () => {
          const { driver } = widget;
          await driver.switchTo().defaultContent();
          await widget[place === "alone" ? "load" : "loadInFrame"](address);
          // Alone, it starts by itself.
          const reloaded = place === "alone" ? "ready" : "start";
          const before = { [reloaded]: await driver.executeScript(everything) };
          await widget.ready();
          before.ready = await driver.executeScript(everything);
          await driver.executeScript("window.mark = 'kept'");
          await reach(widget);
          await driver.switchTo().defaultContent();
          await driver.get(`${address}embed.js`);
          await driver.navigate().back();
          if (place === "framed") {
            await widget.switchToFrame();
          }
          const { state } = await widget.until(
            "the page to be there",
            ({ state }) => state === "start" || state === "ready",
          );
          const kept = await driver.executeScript("return window.mark === 'kept'");
          assert.ok(
            kept || !KEEPS[engine].includes(place),
            "the page was loaded again, so that this says nothing",
          );
          assert.equal(state, kept ? "ready" : reloaded);
          assert.deepEqual(await driver.executeScript(everything), before[state]);
          if (kept) {
            assert.equal((await widget.snapshot()).status, texts.id.page.forgotten);
            await widget.click("nik");
            await undo(widget);
            assert.equal((await widget.snapshot()).nik, "");
          }
        });
      }
    }
  });
});
