//! The loader on publishers' pages: in any order, several times, hidden at first, moved.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { openBrowser } from "../support/browser.mjs";
import {
  frameOf,
  heard,
  LISTENER,
  loader,
  openPublisher,
  page,
  standIn,
  until,
} from "../support/embedding.mjs";
import { Resources } from "../support/resources.mjs";
import { makeSite } from "../support/site.mjs";

const resources = new Resources();
after(() => resources.close());

const site = await (await standIn(await makeSite(resources))).serve();
const FAR = `<div style="height: 9000px"></div>`;

const pages = {
  "/before": page(`${LISTENER}<cek-nik id="a"></cek-nik><p>Antara</p>${loader(site)}`),
  "/after": page(`<script src="${site}embed.js"></script>${LISTENER}<cek-nik id="a"></cek-nik>`),
  "/twice": page(`${LISTENER}${loader(site)}<cek-nik id="a"></cek-nik>${loader(site)}`),
  "/several": page(
    `${LISTENER}${loader(site)}<cek-nik id="a"></cek-nik><cek-nik id="b" lang="en"></cek-nik><cek-nik id="c" theme="dark"></cek-nik>`,
  ),
  "/accordion":
    page(`${LISTENER}${loader(site)}<details><summary>Buka</summary><cek-nik id="a"></cek-nik></details>
    <div id="tab" style="display: none"><cek-nik id="b"></cek-nik></div>`),
  "/far": page(`${LISTENER}${loader(site)}${FAR}<cek-nik id="a"></cek-nik>`),
  "/move": page(
    `${LISTENER}${loader(site)}<div id="here"><cek-nik id="a"></cek-nik></div><div id="there"></div>`,
  ),
  "/hostile-style": page(`${LISTENER}${loader(site)}<cek-nik id="a"></cek-nik>`, {
    head: `<style>iframe { display: none !important; height: 1px !important } p { display: none } * { box-sizing: content-box }</style>`,
  }),
  "/fallback": page(
    `${LISTENER}<cek-nik id="a"><a href="${site}cek-nik.html">Periksa NIK Anda</a></cek-nik>${loader(site)}`,
  ),
};

let driver;
let publisher;
before(async () => {
  driver = await openBrowser(resources);
  publisher = await openPublisher(resources, pages);
});
beforeEach(() => driver.switchTo().defaultContent());

const open = (path) => driver.get(publisher + path);

/** Scrolls to all widgets, which load lazily, until `count` are ready. */
const ready = (count = 1) =>
  until(
    driver,
    "the widgets to be ready",
    `for (const widget of document.querySelectorAll("cek-nik")) {
       if (!heard.some(({ id }) => id === widget.id)) { widget.scrollIntoView(); break; }
     }
     return heard`,
    (all) => all.filter(({ name }) => name === "ready").length >= count,
  );
const run = (script, ...values) => driver.executeScript(script, ...values);

/** Runs a script inside the frame. */
async function inside(script, selector = "cek-nik") {
  await driver.switchTo().frame(await frameOf(driver, selector));
  const result = await run(script);
  await driver.switchTo().defaultContent();
  return result;
}

const settings = async (selector) =>
  JSON.parse(await inside("return document.body.dataset.settings", selector));
const born = (selector) => inside("return document.body.dataset.born", selector);

for (const path of ["/before", "/after", "/twice", "/hostile-style", "/fallback"]) {
  test(`one widget: ${path.slice(1)}`, async () => {
    await open(path);
    await ready();
    assert.deepEqual(await heard(driver), [
      { name: "ready", id: "a", detail: null },
      { name: "resize", id: "a", detail: { height: 432 } },
    ]);
    const { width, height } = await run(
      "return document.querySelector('cek-nik').getBoundingClientRect()",
    );
    assert.equal(height, 432);
    assert.ok(width > 1000, `${width} pixels wide`);
    assert.equal(
      await run(
        "return document.querySelector('cek-nik').shadowRoot.querySelectorAll('iframe').length",
      ),
      1,
    );
    assert.equal(
      await run("return document.querySelector('cek-nik').shadowRoot.textContent"),
      "",
      "something is still said",
    );
  });
}

test("the frame is sandboxed, lazy and silent about where it stands", async () => {
  await open("/before");
  const frame = await frameOf(driver);
  const attributes = Object.fromEntries(
    await run("return [...arguments[0].attributes].map(({ name, value }) => [name, value])", frame),
  );
  assert.deepEqual(
    { ...attributes, style: undefined },
    {
      sandbox: "allow-scripts",
      referrerpolicy: "no-referrer",
      loading: "lazy",
      allow: "",
      title: "Cek NIK",
      src: `${site}cek-nik.html#lang=id`,
      style: undefined,
    },
  );
});

test("far below, nothing is loaded before somebody comes near", async () => {
  await open("/far");
  await until(
    driver,
    "the frame",
    "return document.querySelector('cek-nik').shadowRoot?.textContent",
    (text) => text === "Memuat alat periksa NIK…",
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.deepEqual(await heard(driver), []);
  await run("document.querySelector('cek-nik').scrollIntoView()");
  await ready();
});

test("several widgets have heights and languages of their own", async () => {
  await open("/several");
  await ready(3);
  assert.deepEqual(
    await run(
      "return [...document.querySelectorAll('cek-nik')].map((e) => e.shadowRoot.querySelector('iframe').title)",
    ),
    ["Cek NIK", "NIK checker", "Cek NIK"],
  );
  await inside("tellFrame(700)", "#b");
  await until(
    driver,
    "the height",
    "return document.querySelector('#b').getBoundingClientRect().height",
    (height) => height === 700,
  );
  assert.deepEqual(
    await run(
      "return [...document.querySelectorAll('cek-nik')].map((e) => e.getBoundingClientRect().height)",
    ),
    [432, 700, 432],
  );
  assert.equal((await settings("#c")).theme, "dark");
});

test("it is a block, unless the page says otherwise", async () => {
  await open("/before");
  await ready();
  const display = "return getComputedStyle(document.querySelector('cek-nik')).display";
  assert.equal(await run(display), "block");
  await run(
    "document.head.append(Object.assign(document.createElement('style'), { textContent: 'cek-nik { display: grid }' }))",
  );
  assert.equal(await run(display), "grid");
});

test("in an accordion and on a hidden tab it loads when it is shown", async () => {
  await open("/accordion");
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.deepEqual(await heard(driver), []);
  await run("document.querySelector('details').open = true");
  await ready();
  await run(
    "document.querySelector('details').open = false; document.getElementById('tab').style.display = ''",
  );
  await ready(2);
  await run("document.querySelector('details').open = true");
  assert.deepEqual(
    await run(
      "return [...document.querySelectorAll('cek-nik')].map((e) => e.getBoundingClientRect().height)",
    ),
    [432, 432],
  );
});

test("moved, it starts again cleanly", async () => {
  await open("/move");
  await ready();
  const first = await born();
  await run("document.getElementById('there').append(document.querySelector('cek-nik'))");
  await ready(2);
  assert.notEqual(await born(), first);
  assert.equal(
    await run(
      "return document.querySelector('cek-nik').shadowRoot.querySelectorAll('iframe').length",
    ),
    1,
  );
  assert.equal(await run("return document.querySelector('cek-nik').shadowRoot.textContent"), "");
});

test("moved by moveBefore, it does not notice", async () => {
  await open("/move");
  await ready();
  const first = await born();
  await run("document.getElementById('there').moveBefore(document.querySelector('cek-nik'), null)");
  assert.equal(await born(), first);
  await inside("tellFrame(500)");
  await until(
    driver,
    "the height",
    "return document.querySelector('cek-nik').getBoundingClientRect().height",
    (height) => height === 500,
  );
});

test("taken out of the page, it is silent", async () => {
  await open("/move");
  await ready();
  const before = (await heard(driver)).length;
  await run(
    "window.kept = document.querySelector('cek-nik'); kept.remove(); postMessage({ type: 'cek-nik:height', height: 300 }, '*')",
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal((await heard(driver)).length, before);
});

test("settings go in where they have the documented form, and nothing else does", async () => {
  await open("/move");
  await ready();
  await run(`
    const widget = document.createElement("cek-nik");
    const attributes = { id: "b", lang: "en-GB", theme: " dark ", dataset: "daftar-a daftar-b", radius: "8", font: "serif", accent: "#a00",
      background: "#FFFFFF", ink: "#111", catalogue: "lain/catalogue.json", onclick: "x", style: "" };
    for (const [name, value] of Object.entries(attributes)) widget.setAttribute(name, value);
    document.getElementById("there").append(widget);`);
  await ready(2);
  assert.deepEqual(await settings("#b"), {
    lang: "en",
    theme: "dark",
    font: "serif",
    radius: 8,
    catalogue: `${site}lain/catalogue.json`,
    datasets: ["daftar-a", "daftar-b"],
    background: "#FFFFFF",
    ink: "#111",
    accent: "#a00",
  });

  await run(`
    const widget = document.createElement("cek-nik");
    const attributes = { id: "c", lang: "fr", theme: "blue", dataset: "../x", radius: "99", font: "Papyrus", accent: "red",
      catalogue: "https://jahat.example/catalogue.json" };
    for (const [name, value] of Object.entries(attributes)) widget.setAttribute(name, value);
    document.getElementById("there").append(widget);`);
  await ready(3);
  assert.deepEqual(await settings("#c"), { lang: "id" });
});

test("only an attribute that changes the widget reloads it", async () => {
  await open("/move");
  await ready();
  const first = await born();
  await run("document.querySelector('cek-nik').setAttribute('theme', 'blue')");
  assert.equal(await born(), first);
  await run("document.querySelector('cek-nik').setAttribute('theme', 'dark')");
  await ready(2);
  assert.equal((await settings()).theme, "dark");
});

test("heights stay within bounds", async () => {
  await open("/before");
  await ready();
  const height = "return document.querySelector('cek-nik').getBoundingClientRect().height";
  for (const [told, shown] of [
    ["1e9", 2000],
    ["3", 200],
    ["800.2", 801],
  ]) {
    await inside(`tellFrame(${told})`);
    await until(driver, `the height of ${shown}`, height, (value) => value === shown);
  }
});

test("nobody else's messages are listened to, nor the widget's that are no heights", async () => {
  await open("/several");
  await ready(3);
  const before = await heard(driver);
  await run(`postMessage({ type: "cek-nik:height", height: 900 }, "*");
    const frame = document.createElement("iframe");
    frame.srcdoc = "<script>parent.postMessage({ type: 'cek-nik:height', height: 900 }, '*')</script>";
    document.body.append(frame);`);
  for (const message of [
    null,
    "text",
    5,
    [],
    {},
    { type: "cek-nik:height" },
    { type: "cek-nik:height", height: "900" },
    { type: "cek-nik:height", height: null },
  ]) {
    await inside(`parent.postMessage(${JSON.stringify(message)}, "*")`, "#a");
  }
  for (const height of ["NaN", "Infinity", "-Infinity", "{ valueOf: 1 }"]) {
    await inside(`parent.postMessage({ type: "cek-nik:height", height: ${height} }, "*")`, "#a");
  }
  await until(
    driver,
    "the messages",
    "return messages.filter((data) => data?.height === 900).length",
    (count) => count === 2,
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(await heard(driver), before);
});
