//! The answer at a glance: its length on a phone, the presses that lead to it, and the three
//! verdicts without colour.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { enter, loader, openPublisher, page } from "./support/embedding.mjs";
import { deliver, openHostileHost } from "./support/hostile-host.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, niks, SHARDED } from "./support/site.mjs";
import { Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

/** The most pixels and visible words of an answer about two lists. */
const MOST = { pixels: 1400, words: 170 };

const PHONE = { width: 360, height: 740, deviceScaleFactor: 1, mobile: true };

let host;
let driver;
let widget;
let publisher;
before(async () => {
  host = await openHostileHost(await (await makeSite(resources)).serve(), resources);
  publisher = await openPublisher(resources, {
    "/": page(`${loader(host.address)}<cek-nik></cek-nik>`, {
      head: `<meta name="viewport" content="width=device-width">`,
    }),
  });
  driver = await openBrowser(resources);
  await driver.sendDevToolsCommand("Emulation.setDeviceMetricsOverride", PHONE);
  widget = new Widget(driver);
});

const FIELDS = ["NIK", "nama", "tanggal lahir", "nomor telepon", "email"];
const described = {
  concerns: (path) => path === "/catalogue.json",
  answer: (response, honest) => {
    const catalogue = JSON.parse(honest.bytes);
    for (const dataset of catalogue.datasets) {
      dataset.fields = FIELDS;
    }
    deliver(response, { ...honest, bytes: Buffer.from(JSON.stringify(catalogue)) });
  },
};
const missing = {
  concerns: (path) => path.includes(SHARDED),
  answer: (response) => response.writeHead(404).end(),
};

/** An answer, by the number and what the host does wrong. */
const ANSWERS = {
  member: { nik: niks.both[0] },
  mixed: { nik: niks.whole[0] },
  non_member: { nik: niks.none[0] },
  unknown: { nik: niks.none[0], fault: missing },
};

async function answer({ nik, fault }) {
  host.fault = described;
  await widget.open(host.address);
  host.fault = fault;
  return widget.check(nik);
}

/** Runs inside the page. */
function measure() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let words = 0;
  while (walker.nextNode()) {
    const { parentElement: parent, data } = walker.currentNode;
    const { width } = parent.getBoundingClientRect();
    if (parent.checkVisibility() && width > 1 && !parent.closest("[aria-hidden=true]")) {
      words += data.match(/[\p{L}\p{N}]\S*/gu)?.length ?? 0;
    }
  }
  return { pixels: document.documentElement.scrollHeight, words };
}

describe("an answer about two lists", () => {
  for (const [name, one] of Object.entries(ANSWERS)) {
    test(`is short: ${name}`, async (context) => {
      await answer(one);
      const { pixels, words } = await driver.executeScript(measure);
      context.diagnostic(`${name}: ${pixels} pixels, ${words} words`);
      assert.ok(pixels <= MOST.pixels, `${pixels} pixels`);
      assert.ok(words <= MOST.words, `${words} words`);
    });
  }
});

describe("the presses to an answer", () => {
  const count = () =>
    driver.executeScript(() => {
      window.presses = 0;
      addEventListener("click", ({ isTrusted }) => (window.presses += Number(isTrusted)), true);
    });
  const check = async () => {
    await widget.type(niks.both[1]);
    await widget.until("the reading", ({ state }) => state === "reading");
    await widget.click("confirm");
    await widget.verdict();
    return driver.executeScript("return window.presses");
  };

  test("one on the page of its own", async () => {
    host.fault = undefined;
    await widget.load(host.address);
    await count();
    assert.equal(await check(), 1);
  });

  test("two in a frame", async () => {
    host.fault = undefined;
    await driver.get(publisher);
    await enter(driver);
    await widget.started();
    await count();
    await widget.click("start");
    await widget.until("the input", ({ state }) => state === "ready");
    assert.equal(await check(), 2);
    await driver.switchTo().defaultContent();
  });
});

/** The grey of each pixel at the left edge of the verdict, with its icon. Runs inside the page. */
async function greys(data, done) {
  const image = new Image();
  image.src = `data:image/png;base64,${data}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), image);
  const { width, height } = image;
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data: pixels } = context.getImageData(0, 0, width, height);
  const grey = [];
  for (let at = 0; at < pixels.length; at += 4) {
    grey.push(0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2]);
  }
  done(grey);
}

for (const forced of ["none", "active"]) {
  test(`the three verdicts differ in grey, forced colours: ${forced}`, async () => {
    await driver.sendDevToolsCommand("Emulation.setEmulatedMedia", {
      features: [{ name: "forced-colors", value: forced }],
    });
    const pictures = {};
    for (const name of ["member", "non_member", "unknown"]) {
      await answer(ANSWERS[name]);
      const clip = await driver.executeScript(() => {
        const { x, y } = document.querySelector(".verdict").getBoundingClientRect();
        return { x: x + scrollX, y: y + scrollY, width: 64, height: 72, scale: 1 };
      });
      const { data } = await driver.sendAndGetDevToolsCommand("Page.captureScreenshot", { clip });
      pictures[name] = await driver.executeAsyncScript(greys, data);
    }
    const names = Object.keys(pictures);
    for (const [one, other] of names.map((name, at) => [name, names[(at + 1) % 3]])) {
      const different = pictures[one].filter(
        (grey, at) => Math.abs(grey - pictures[other][at]) > 40,
      ).length;
      const share = different / pictures[one].length;
      assert.ok(share > 0.1, `${one} and ${other} differ in ${Math.round(100 * share)} %`);
    }
    await driver.sendDevToolsCommand("Emulation.setEmulatedMedia", { features: [] });
  });
}
