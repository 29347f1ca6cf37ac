//! The policy in the widget's file: only its own script runs, and a check does not violate it.

import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { consoleMessages, openBrowser } from "./support/browser.mjs";
import { withPermittedScript, withScript } from "./support/changed-page.mjs";
import { openRecordingProxy } from "./support/recording-proxy.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, niks, SHARDED, WHOLE } from "./support/site.mjs";
import { waitFor } from "./support/wait.mjs";
import { summary, Widget } from "./support/widget.mjs";

const NAME = "a$&b;c,d";

const resources = new Resources();
after(() => resources.close());

let proxy;
let site;
let address;
let driver;
let widget;
before(async () => {
  proxy = await openRecordingProxy(resources);
  site = await makeSite(resources);
  address = await site.serve();
  driver = await openBrowser(resources, { proxy: proxy.port });
  widget = new Widget(driver);
});

/** Collects violations, including earlier ones, and uncaught errors. Runs inside the page. */
function observe() {
  window.observed = [];
  const note = ({ body }) => window.observed.push(`${body.effectiveDirective} ${body.blockedURL}`);
  new ReportingObserver((reports) => reports.forEach(note), {
    types: ["csp-violation"],
    buffered: true,
  }).observe();
  addEventListener("error", ({ message }) => window.observed.push(message));
  addEventListener("unhandledrejection", ({ reason }) => window.observed.push(String(reason)));
}

const observed = () => driver.executeScript("return window.observed");

for (const [open, pages] of Object.entries({
  open: ["cek-nik.html"],
  openInFrame: ["", "cek-nik.html"],
})) {
  describe(open === "open" ? "in the page of its own" : "in the frame", () => {
    test("a check goes by without a word on the console and without a violation", async () => {
      await consoleMessages(driver);
      await widget[open](address);
      await driver.executeScript(observe);
      assert.deepEqual(summary(await widget.check(niks.both[0])), {
        [WHOLE]: "member",
        [SHARDED]: "member",
      });
      assert.deepEqual(await observed(), []);
      assert.deepEqual(await consoleMessages(driver), []);
      // Proof that violations would have been seen.
      await driver.executeScript("document.body.setAttribute('style', 'color: red')");
      await waitFor("the violation", observed, (seen) => seen.includes("style-src-attr inline"));
      await driver.switchTo().defaultContent();
    });

    test("nothing is asked for before the start but the page itself", async () => {
      await widget.saveData();
      await driver.get("about:blank");
      proxy.forget();
      await widget[open.replace("open", "load")](address);
      await widget.speak("en");
      assert.deepEqual(
        proxy.urls,
        pages.map((path) => `GET ${address}${path}`),
      );
      await driver.switchTo().defaultContent();
      await widget.saveData(false);
    });
  });
}

/** Serves the widget changed by `change`. */
async function changedSite(change, code) {
  const copy = await site.copy();
  await copy.write("cek-nik.html", change((await copy.read("cek-nik.html")).toString(), code));
  return copy.serve();
}

const MARK = 'document.documentElement.dataset.mark = "ran"';
const mark = () => driver.executeScript("return document.documentElement.dataset.mark ?? null");

test("a changed script does not run", async () => {
  const changed = await changedSite(withScript, MARK);
  await driver.get(`${changed}cek-nik.html`);
  await driver.executeScript(observe);
  await waitFor("the refusal", observed, (seen) => seen.length > 0);
  assert.deepEqual(await observed(), ["script-src-elem inline"]);
  assert.equal(await mark(), null);
  const { state } = await widget.snapshot();
  assert.equal(state, "loading");
  assert.equal(
    await widget.canType(),
    false,
    "a number can be typed into a page that does not work",
  );
});

test("the same script runs where the policy names it", async () => {
  await widget.open(await changedSite(withPermittedScript, MARK));
  assert.equal(await mark(), "ran");
});

/** What injected code might try. Each gives true if it succeeds. */
const ATTEMPTS = {
  "an inline handler": `
    const image = document.createElement("b");
    image.setAttribute("onclick", "document.documentElement.dataset.mark = 'ran'");
    document.body.append(image);
    image.click();
    return document.documentElement.dataset.mark === "ran";`,
  "an inline script": `
    const script = document.createElement("script");
    script.textContent = "document.documentElement.dataset.mark = 'ran'";
    document.body.append(script);
    return document.documentElement.dataset.mark === "ran";`,
  "a script of the same host": `
    const script = document.createElement("script");
    script.src = "catalogue.json";
    return new Promise((done) => { script.onload = () => done(true); script.onerror = () => done(false); document.body.append(script); });`,
  "an image": `
    const image = new Image();
    return new Promise((done) => { image.onload = () => done(true); image.onerror = () => done(false); image.src = "catalogue.json?image"; });`,
  "a frame": `
    const frame = document.createElement("iframe");
    frame.src = "index.html";
    return new Promise((done) => {
      addEventListener("securitypolicyviolation", () => done(false));
      frame.onload = () => done(true);
      document.body.append(frame);
    });`,
  "a style": `
    const style = document.createElement("style");
    style.textContent = "body { position: fixed }";
    document.head.append(style);
    return getComputedStyle(document.body).position === "fixed";`,
  "a worker from an address": `
    try {
      const worker = new Worker("cek-nik.html");
      return new Promise((done) => { worker.onerror = () => done(false); worker.onmessage = () => done(true); });
    } catch { return false; }`,
  "markup from text": `
    document.body.innerHTML = "<b id=markup></b>";
    return Boolean(document.getElementById("markup"));`,
  "permission for such markup": `
    trustedTypes.createPolicy("cek-nik", { createHTML: (text) => text });
    return true;`,
  "a base address": `
    const base = document.createElement("base");
    base.href = "http://elsewhere.example/";
    document.head.append(base);
    return document.baseURI.includes("elsewhere");`,
};

describe("the policy stops", () => {
  for (const [name, attempt] of Object.entries(ATTEMPTS)) {
    test(name, async () => {
      await widget.open(address);
      await driver.executeScript(observe);
      proxy.forget();
      assert.equal(
        await driver.executeScript(`try { ${attempt} } catch { return false; }`),
        false,
        `${name} got through`,
      );
      assert.deepEqual(proxy.urls, [], "requests were made");
      await waitFor("the report of the violation", observed, (seen) => seen.length > 0);
    });
  }
});

test("a directory name with special characters opens nothing but itself", async () => {
  const outer = await site.copy();
  await cp(site.directory, join(outer.directory, NAME), { recursive: true });
  const root = await outer.serve();
  await widget.open(`${root}${NAME}/`);
  assert.deepEqual(summary(await widget.check(niks.both[0])), {
    [WHOLE]: "member",
    [SHARDED]: "member",
  });
  const policies = await driver.executeScript(
    "return [...document.querySelectorAll('meta[http-equiv]')].map(({ content }) => content)",
  );
  const [, allowed] = /connect-src ([^;]*);/.exec(policies[1]);
  assert.equal(allowed, `${root}a$&b%3Bc%2Cd/`);
});
