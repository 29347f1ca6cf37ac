//! If the widget cannot load, the reader is told so, and where else to find it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

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
import { openHostileHost } from "../support/hostile-host.mjs";
import { Resources } from "../support/resources.mjs";
import { makeSite } from "../support/site.mjs";

const resources = new Resources();
after(() => resources.close());

/** Longer than the timeout of the loader. */
const LIMIT = 20_000;

const host = await openHostileHost(
  await (await standIn(await makeSite(resources))).serve(),
  resources,
);
const missing = {
  concerns: (path) => path === "/cek-nik.html",
  answer: (response) => response.writeHead(404).end("tidak ada"),
};
const silent = { ...missing, answer: () => {} };

const csp = { "Content-Security-Policy": `frame-src 'none'` };
const body = `${LISTENER}${loader(host.address)}<cek-nik id="a"></cek-nik>`;
const pages = {
  "/id": page(body),
  "/en": page(body, { lang: "en" }),
  "/forbidden": { html: page(body), headers: csp },
  "/later": page(`${LISTENER}${loader(host.address)}`),
  "/far": page(
    `${LISTENER}${loader(host.address)}<div style="height: 9000px"></div><cek-nik id="a"></cek-nik>`,
  ),
};

let driver;
let publisher;
before(async () => {
  driver = await openBrowser(resources);
  publisher = await openPublisher(resources, pages);
});

const shown = () =>
  driver.executeScript(() => {
    const root = document.querySelector("cek-nik").shadowRoot;
    const link = root.querySelector("a");
    const frame = root.querySelector("iframe");
    return {
      text: root.querySelector("p").innerText,
      role: root.querySelector("p").getAttribute("role"),
      link: link && { href: link.href, target: link.target, rel: link.rel },
      height: document.querySelector("cek-nik").getBoundingClientRect().height,
      frame: { opacity: getComputedStyle(frame).opacity, inert: frame.inert },
    };
  });

async function failed(path, fault) {
  host.fault = fault;
  await driver.get(publisher + path);
  if (path === "/later") {
    // Added later: the driver would wait for a page with a loading frame.
    await driver.executeScript(
      `document.body.append(Object.assign(document.createElement("cek-nik"), { id: "a" }))`,
    );
  }
  await until(driver, "the message", "return heard.length", Boolean, LIMIT);
  assert.deepEqual(await heard(driver), [{ name: "error", id: "a", detail: null }]);
  return shown();
}

const link = (language) => ({
  href: `${host.address}cek-nik.html#lang=${language}`,
  target: "_blank",
  rel: "noreferrer",
});

test("a page that is missing, in both languages", async () => {
  const id = await failed("/id", missing);
  assert.equal(
    id.text,
    "Alat periksa NIK tidak dapat dimuat di halaman ini. Buka di halamannya sendiri",
  );
  assert.equal(id.role, "status");
  assert.deepEqual(id.link, link("id"));
  assert.deepEqual(id.frame, { opacity: "0", inert: true });
  assert.ok(id.height < 100, `the place is ${id.height} pixels high`);

  const en = await failed("/en", missing);
  assert.equal(en.text, "The NIK checker cannot be loaded on this page. Open it on its own page");
  assert.deepEqual(en.link, link("en"));
});

test("a page that its own policy keeps from loading it", async () => {
  const { text } = await failed("/forbidden", undefined);
  assert.match(text, /tidak dapat dimuat/);
});

test("a host that does not answer; and the message goes when it answers after all", async () => {
  const late = [];
  const { text } = await failed("/later", {
    ...silent,
    answer: (response, honest) => late.push([response, honest]),
  });
  assert.match(text, /tidak dapat dimuat/);
  for (const [response, { status, headers, bytes }] of late) {
    response.writeHead(status, headers);
    response.end(bytes);
  }
  await until(driver, "the widget", "return heard.length", (count) => count === 3);
  assert.deepEqual(
    (await heard(driver)).map(({ name }) => name),
    ["error", "ready", "resize"],
  );
  const { text: afterwards, height, frame } = await shown();
  assert.deepEqual([afterwards, height, frame], ["", 432, { opacity: "1", inert: false }]);
});

test("nobody is told of what nobody has looked at", async () => {
  host.fault = missing;
  await driver.get(`${publisher}/far`);
  await frameOf(driver);
  await new Promise((resolve) => setTimeout(resolve, 9_000));
  assert.deepEqual(await heard(driver), []);
});
