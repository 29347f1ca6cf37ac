//! Embedding pages with strict policies: only the frame allowed, cross-origin isolation, a sandbox.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { By } from "../support/deps.mjs";
import { consoleMessages, openBrowser } from "../support/browser.mjs";
import { enter, loader, openPublisher, page } from "../support/embedding.mjs";
import { Resources } from "../support/resources.mjs";
import { makeSite, niks, SHARDED, WHOLE } from "../support/site.mjs";
import { summary, Widget } from "../support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const site = await (await makeSite(resources)).serve();
const FRAME = `<iframe sandbox="allow-scripts" referrerpolicy="no-referrer" loading="lazy" src="${site}cek-nik.html" title="Cek NIK" style="width: 100%; height: 46rem; border: 0"></iframe>`;
const ELEMENT = `${loader(site)}<cek-nik></cek-nik>`;
const inSrcdoc = (html) =>
  `<iframe id="outer" sandbox="allow-scripts" style="width: 100%; height: 1000px" srcdoc="${html.replace(/&/g, "&amp;").replace(/"/g, "&quot;")}"></iframe>`;

const ISOLATED = {
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Opener-Policy": "same-origin",
};
const onlyFrames = { "Content-Security-Policy": `default-src 'none'; frame-src ${site}` };
const framesAndLoader = {
  "Content-Security-Policy": `default-src 'none'; frame-src ${site}; script-src ${site}embed.js; require-trusted-types-for 'script'`,
};

const SURROUNDINGS = {
  "a policy that allows the frame only": {
    html: page(FRAME),
    headers: onlyFrames,
    frames: ["iframe"],
  },
  "a policy that allows the frame and the loader": {
    html: page(ELEMENT),
    headers: framesAndLoader,
    frames: ["cek-nik"],
  },
  "isolation, with a plain frame": {
    html: page(FRAME),
    headers: ISOLATED,
    frames: ["iframe"],
    isolated: true,
  },
  "isolation, with the loader": {
    html: page(`<script src="${site}embed.js" crossorigin async></script><cek-nik></cek-nik>`),
    headers: ISOLATED,
    frames: ["cek-nik"],
    isolated: true,
  },
  "isolation, with the loader and no crossorigin": {
    html: page(ELEMENT),
    headers: ISOLATED,
    frames: ["cek-nik"],
    isolated: true,
  },
  "a sandboxed srcdoc around a plain frame": {
    html: page(inSrcdoc(FRAME)),
    frames: ["#outer", "iframe"],
  },
  "a sandboxed srcdoc around the loader": {
    html: page(inSrcdoc(`<!doctype html>${ELEMENT}`)),
    frames: ["#outer", "cek-nik"],
  },
};

let driver;
let widget;
let publisher;
before(async () => {
  driver = await openBrowser(resources);
  widget = new Widget(driver);
  publisher = await openPublisher(
    resources,
    Object.fromEntries(
      Object.values(SURROUNDINGS).map((surrounding, at) => [`/${at}`, surrounding]),
    ),
  );
});

async function go(frames) {
  for (const selector of frames) {
    if (selector === "cek-nik") {
      await enter(driver, selector);
    } else if (selector === "iframe") {
      return widget.enterFrame();
    } else {
      await driver.switchTo().frame(await driver.findElement(By.css(selector)));
    }
  }
  return widget.ready();
}

describe("the widget checks in", () => {
  for (const [at, [name, { frames, isolated }]] of Object.entries(SURROUNDINGS).entries()) {
    test(name, async () => {
      await driver.get(`${publisher}/${at}`);
      assert.equal(await driver.executeScript("return crossOriginIsolated"), isolated ?? false);
      await consoleMessages(driver);
      await go(frames);
      const [both] = niks.both;
      assert.deepEqual(summary(await widget.check(both)), {
        [WHOLE]: "member",
        [SHARDED]: "member",
      });
      const complaints = (await consoleMessages(driver)).filter(
        (message) => !message.includes("favicon"),
      );
      assert.deepEqual(complaints, []);
    });
  }
});
