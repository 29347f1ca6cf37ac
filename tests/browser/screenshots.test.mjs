//! Takes a picture of every state of the page, and sees that none is wider than the window.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { openHostileHost } from "./support/hostile-host.mjs";
import { Resources } from "./support/resources.mjs";
import { photograph } from "./support/screenshots.mjs";
import { makeSite, niks, SHARDED, WHOLE } from "./support/site.mjs";
import { summary, Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

let host;
let driver;
let widget;
before(async () => {
  host = await openHostileHost(await (await makeSite(resources)).serve(), resources);
  driver = await openBrowser(resources);
  widget = new Widget(driver);
});

const concerns = {
  catalogue: (path) => path === "/catalogue.json",
  whole: (path) => path.includes(WHOLE),
  sharded: (path) => path.includes(SHARDED),
};

/** Sends half of the file and then nothing more, as over a slow network. */
function half(response, { headers, bytes }) {
  response.writeHead(200, { ...headers, "Content-Length": bytes.length });
  response.write(bytes.subarray(0, bytes.length >> 1));
}

const missing = (response) => response.writeHead(404).end();

const start = () => widget.click("start");

const check = (nik) => async () => {
  await widget.ready();
  await widget.type(nik);
  await widget.ask();
};

const read = (nik) => async () => {
  await widget.ready();
  await widget.type(nik);
  await widget.click("check");
};

const STATES = {
  start: { state: "start", reach: () => {} },
  ready: { state: "ready", reach: () => widget.ready() },
  problem: { state: "ready", reach: read(niks.none[0].slice(1)), seen: ({ problem }) => problem },
  opening: { state: "opening", fault: { concerns: concerns.catalogue, answer: () => {} }, reach: start },
  downloading: {
    state: "downloading",
    fault: { concerns: concerns.whole, answer: half },
    reach: start,
    seen: () => driver.executeScript("return document.getElementById('progress').value > 0"),
  },
  reading: { state: "reading", reach: read("3201014107909001") },
  "reading-old-papua": { state: "reading", reach: read("9109010107109001") },
  "reading-with-warnings": { state: "reading", reach: read("3219014113900100") },
  checking: { state: "checking", fault: { concerns: concerns.sharded, answer: () => {} }, reach: check(niks.none[0]) },
  "checking-download": {
    state: "checking",
    fault: { concerns: concerns.sharded, answer: half },
    reach: check(niks.none[0]),
    seen: () => driver.executeScript("return document.getElementById('progress').value > 0"),
  },
  cancelled: {
    state: "ready",
    fault: { concerns: concerns.sharded, answer: () => {} },
    reach: async () => {
      await check(niks.none[0])();
      await widget.click("cancel");
    },
  },
  member: { state: "answered", reach: check(niks.both[0]), answers: ["member", "member"] },
  "not-in-list": { state: "answered", reach: check(niks.none[0]), answers: ["non_member", "non_member"] },
  mixed: { state: "answered", reach: check(niks.whole[0]), answers: ["member", "non_member"] },
  receipt: {
    state: "answered",
    reach: async () => {
      await check(niks.whole[0])();
      await widget.verdict();
      await driver.executeScript("document.getElementById('receipt').open = true; document.querySelectorAll('article').forEach((one) => one.remove())");
    },
  },
  "one-unknown": {
    state: "answered",
    fault: { concerns: concerns.sharded, answer: missing },
    reach: check(niks.whole[0]),
    answers: ["member", "unknown: not_found"],
  },
  unknown: {
    state: "failed",
    fault: { concerns: concerns.catalogue, answer: missing },
    reach: start,
    answers: ["unknown: catalogue_not_found"],
  },
};

/** In the second language only what differs in its words. */
const ENGLISH = ["start", "ready", "problem", "reading-with-warnings", "mixed", "receipt", "unknown"];

for (const [language, names] of Object.entries({ id: Object.keys(STATES), en: ENGLISH })) {
  for (const [name, { state, fault, reach, seen, answers = [] }] of names.map((name) => [name, STATES[name]])) {
    test(`${name}, ${language}`, async () => {
      host.fault = undefined;
      await widget.load(host.address);
      await widget.speak(language);
      host.fault = fault;
      await reach();
      const shown = await widget.until(`the state ${state}`, (look) => look.state === state);
      if (seen) {
        await widget.until(`${name} to show`, (look) => seen(look));
      }
      if (answers.length) {
        assert.deepEqual(Object.values(summary(shown)), answers);
      }
      assert.deepEqual(await photograph(driver, `${name}-${language}`), []);
    });
  }
}

test("the page for readers", async () => {
  host.fault = undefined;
  await widget.openInFrame(host.address);
  await driver.switchTo().defaultContent();
  assert.deepEqual(await photograph(driver, "index"), []);
});
