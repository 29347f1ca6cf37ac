//! Embedding pages that try to find out what was typed and answered. They may observe everything
//! that a page can.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openBrowser } from "../support/browser.mjs";
import { enter, frameOf, loader, openPublisher, page } from "../support/embedding.mjs";
import { openHostileHost } from "../support/hostile-host.mjs";
import { Resources } from "../support/resources.mjs";
import { makeSite, niks, SHARDED } from "../support/site.mjs";
import { Widget } from "../support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

/**
 * A recorder like those of session replay: all events in the capture phase with their values, and
 * all changes of the page.
 */
const RECORDER = `<script>
  window.record = [];
  const text = (value) => (typeof value === "string" || typeof value === "number" ? String(value) : undefined);
  function note({ type, key, code, data, inputType, target, clipboardData }) {
    record.push({ type, key: text(key), code: text(code), data: typeof data === "object" ? JSON.stringify(data) : text(data), inputType, value: text(target?.value),
      pasted: clipboardData?.getData("text"), selection: String(getSelection()), target: target?.localName });
  }
  const names = new Set(["beforeinput", "input", "compositionupdate", "paste", "copy", "selectionchange", "cek-nik:ready", "cek-nik:resize", "cek-nik:error"]);
  for (const start of [window, document, document.documentElement, HTMLElement.prototype]) {
    for (const name in start) if (name.startsWith("on")) names.add(name.slice(2));
  }
  for (const name of names) {
    addEventListener(name, note, true);
  }
  new MutationObserver((changes) => {
    for (const { type, attributeName, target } of changes) record.push({ type, attributeName, value: text(target.value), text: target.localName === "cek-nik" ? undefined : target.textContent });
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
</script>`;

const host = await openHostileHost(await (await makeSite(resources)).serve(), resources);
const site = host.address;

let driver;
let widget;
let publisher;
before(async () => {
  driver = await openBrowser(resources);
  // Lower than the frame, so that the page around it could scroll.
  await driver.manage().window().setRect({ width: 500, height: 520 });
  widget = new Widget(driver);
  publisher = await openPublisher(resources, {
    "/": page(
      `${loader(site)}<input id="own"><cek-nik></cek-nik><p style="height: 3000px">Lanjutan</p>`,
      { head: RECORDER },
    ),
  });
});

/** A whole check, and what the page has recorded. */
async function observed(nik) {
  await driver.get(publisher);
  await enter(driver);
  await widget.ready();
  await driver.switchTo().defaultContent();
  await driver.executeScript("record.length = 0");
  await enter(driver);
  const { articles } = await widget.check(nik);
  assert.equal(articles.length, 2);
  await driver.switchTo().defaultContent();
  return driver.executeScript("return record");
}

test("the recorder records what is typed on the page itself", async () => {
  await driver.get(publisher);
  await driver.findElement({ css: "#own" }).then((input) => input.sendKeys("7"));
  const record = await driver.executeScript("return record");
  assert.ok(
    record.some(({ type, data, value }) => type === "input" && data === "7" && value === "7"),
    JSON.stringify(record),
  );
  assert.ok(record.some(({ type, key }) => type === "keydown" && key === "7"));
});

test("a session replay holds no digit of the number, and nothing that was typed", async () => {
  const record = await observed(niks.both[0]);
  const typed = record.filter(({ type }) =>
    /^(key|input|beforeinput|composition|paste|change$)/.test(type),
  );
  assert.deepEqual(typed, []);
  for (const entry of record) {
    const { type, data, ...fields } = entry;
    assert.doesNotMatch(JSON.stringify(fields), /\d/, JSON.stringify(entry));
    // A message may contain a height or the widget's address, which the page knows.
    assert.ok(
      !data || !/\d{5}/.test(data.replaceAll(new URL(site).port, "")),
      JSON.stringify(entry),
    );
  }
});

/** Acts by script inside the frame: a driver that clicks would scroll the pages. */
const inside = {
  click: (id) => driver.executeScript((id) => document.getElementById(id).click(), id),
  type: (text) =>
    driver.executeScript((text) => {
      const input = document.getElementById("nik");
      input.value = text;
      input.dispatchEvent(new InputEvent("input"));
    }, text),
};

async function read(text) {
  await inside.type(text);
  await driver.executeScript(() => {
    if (document.documentElement.dataset.state !== "reading") {
      document.getElementById("check").click();
    }
  });
  await widget.until(
    "the number to be read",
    ({ state, problem }) => state === "reading" || problem,
  );
}

async function check(nik) {
  await read(nik);
  await inside.click("confirm");
  await widget.verdict();
}

/** From one common state to states that the page must not be able to tell apart. */
const ENDS = {
  "in both lists": () => check(niks.both[0]),
  "in one list": () => check(niks.whole[0]),
  "in the other list": () => check(niks.sharded[0]),
  "in no list": () => check(niks.none[0]),
  "could not check": async () => {
    host.fault = {
      concerns: (path) => path.includes(SHARDED),
      answer: (response) => response.writeHead(404).end(),
    };
    await check(niks.none[1]);
  },
  "a number with three warnings": () => read("3219014113900100"),
  "no number at all": () => read("abc"),
  "another one after an answer": async () => {
    await check(niks.whole[1]);
    await inside.click("again");
  },
};

test("the page hears the same, stands still, and keeps the frame's height for every answer", async () => {
  const heard = {};
  for (const [name, reach] of Object.entries(ENDS)) {
    host.fault = undefined;
    await driver.get(publisher);
    await enter(driver);
    await widget.ready();
    await driver.switchTo().defaultContent();
    await driver.executeScript(
      "scrollTo(0, document.querySelector('cek-nik').offsetTop + 400); record.length = 0",
    );
    await driver.switchTo().frame(await frameOf(driver));
    await reach();
    await driver.switchTo().defaultContent();
    heard[name] = await driver.executeScript(() => ({
      said: record
        .filter(({ type }) => type === "message" || type.startsWith("cek-nik:"))
        .map(({ type, data }) => ({ type, data })),
      height: document.querySelector("cek-nik").offsetHeight,
      scrolled: scrollY - document.querySelector("cek-nik").offsetTop,
    }));
  }
  const [expected] = Object.values(heard);
  assert.deepEqual(expected.said, [], "the widget says something after the start");
  for (const [name, found] of Object.entries(heard)) {
    assert.deepEqual(found, expected, name);
  }
});

test("the frame's content is closed to the page", async () => {
  await observed(niks.both[0]);
  const frame = await frameOf(driver);
  const found = await driver.executeScript((frame) => {
    const tries = {
      document: () => frame.contentDocument,
      "window's document": () => frame.contentWindow.document,
      name: () => frame.contentWindow.name,
      address: () => frame.contentWindow.location.href,
      input: () => frame.contentWindow.nik,
      storage: () => frame.contentWindow.localStorage,
      script: () => frame.contentWindow.eval("1"),
    };
    return Object.fromEntries(
      Object.entries(tries).map(([name, attempt]) => {
        try {
          return [name, attempt()];
        } catch (error) {
          return [name, error.name];
        }
      }),
    );
  }, frame);
  assert.deepEqual(found, {
    document: null,
    "window's document": "SecurityError",
    name: "SecurityError",
    address: "SecurityError",
    input: "SecurityError",
    storage: "SecurityError",
    script: "SecurityError",
  });
  assert.equal(await driver.executeScript("return document.title"), "Berita");
});
