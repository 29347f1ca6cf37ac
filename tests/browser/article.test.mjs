//! The widget in an article: pictures of its states, a height that no answer changes, and no heading
//! that the edge of the frame cuts.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { DEMO_NIKS, serveDemo } from "./support/demo.mjs";
import { enter, frameOf, until } from "./support/embedding.mjs";
import { openHostileHost } from "./support/hostile-host.mjs";
import { Resources } from "./support/resources.mjs";
import { DESK, PHONE, photographWindow, resize } from "./support/screenshots.mjs";
import { Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

/** The height of the frame before the start, in pixels: at least; and after it. */
const HEIGHT = { before: 420, after: 640 };

let host;
let driver;
let widget;
before(async () => {
  host = await openHostileHost(await serveDemo(resources), resources);
  driver = await openBrowser(resources);
  widget = new Widget(driver);
});

const missing = {
  concerns: (path) => path.includes("pemilih-2023"),
  answer: (response) => response.writeHead(404).end(),
};

const ready = () => widget.ready();
const checked = (nik, fault) => async () => {
  await ready();
  host.fault = fault;
  await widget.check(nik);
};

const STATES = {
  start: () => {},
  ready,
  reading: async () => {
    await ready();
    await widget.type(DEMO_NIKS.both);
    await widget.until("the reading", ({ state }) => state === "reading");
  },
  member: checked(DEMO_NIKS.both),
  "not-in-list": checked(DEMO_NIKS.none),
  unknown: checked(DEMO_NIKS.none, missing),
};

/** The headings that the lower edge of the frame cuts. Runs inside the frame. */
function cut() {
  const edge = document.getElementById("below").getBoundingClientRect().top || innerHeight;
  return [...document.querySelectorAll("h1, h2, h3, summary")]
    .filter((heading) => heading.checkVisibility())
    .filter((heading) => {
      const { top, bottom } = heading.getBoundingClientRect();
      return top < edge - 1 && bottom > edge + 1;
    })
    .map((heading) => heading.textContent);
}

for (const [view, size] of Object.entries({ phone: PHONE, desk: DESK })) {
  for (const [name, reach] of Object.entries(STATES)) {
    test(`${name}, ${view}`, async () => {
      host.fault = undefined;
      await resize(driver, size);
      await driver.get(`${host.address}artikel.html`);
      await enter(driver);
      await widget.started();
      await reach();
      await until(driver, "no heading to be cut", cut, ({ length }) => length === 0);
      await driver.switchTo().defaultContent();
      const height = await driver.executeScript(
        "arguments[0].scrollIntoView(); return arguments[0].offsetHeight",
        await frameOf(driver),
      );
      if (name === "start") {
        assert.ok(height >= HEIGHT.before, `${height} pixels`);
      } else {
        assert.equal(height, HEIGHT.after);
      }
      await photographWindow(driver, `article-${name}-${view}`);
    });
  }
}
