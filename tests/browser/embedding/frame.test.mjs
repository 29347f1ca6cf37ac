//! The frame's settings and messages, as functions.

import assert from "node:assert/strict";
import { test } from "node:test";

import { source } from "../support/embedding.mjs";

const { contrast } = await source("embedding/colours.ts");
const { heightMessages } = await source("embedding/frame.ts");
const { readSettings } = await source("embedding/settings.ts");

const WIDGET = "https://cek.example.org/nik/cek-nik.html";
const settings = (fragment) => readSettings(`${WIDGET}#${fragment}`);

test("settings of the documented forms are taken", () => {
  assert.deepEqual(settings("lang=en&theme=dark&font=serif&radius=24&dataset=daftar-a+daftar-b"), {
    lang: "en",
    theme: "dark",
    font: "serif",
    radius: 24,
    datasets: ["daftar-a", "daftar-b"],
  });
  assert.deepEqual(settings("accent=%23a00&background=%23fff&ink=%23111111"), {
    accent: "#a00",
    background: "#fff",
    ink: "#111111",
  });
  assert.deepEqual(readSettings(WIDGET), {});
});

test("everything else is as if it were not there", () => {
  for (const fragment of [
    "lang=fr",
    "lang=",
    "theme=blue",
    "font=url(https://example.org/a.woff)",
    "font=Papyrus",
    "radius=25",
    "radius=-1",
    "radius=4px",
    "radius=1e1",
    "dataset=..",
    "dataset=Daftar",
    `dataset=${"a".repeat(65)}`,
    "dataset=a%0Ab",
    "accent=red",
    "accent=%23ffff",
    "accent=%23fff;position:fixed",
    "accent=var(--x)",
    "style=display:none",
    "__proto__=1",
    "constructor=1",
  ]) {
    assert.deepEqual(settings(fragment), {}, fragment);
  }
});

test("colours in which the explanation could not be read are refused", () => {
  assert.deepEqual(settings("background=%23fff"), {}, "a background without ink");
  assert.deepEqual(settings("ink=%23000"), {}, "ink without a background");
  assert.deepEqual(settings("background=%23fff&ink=%23fff"), {});
  assert.deepEqual(settings("background=%23fff&ink=%23777"), {});
  assert.deepEqual(settings("background=%23fff&ink=%23000&accent=%23eee"), {
    background: "#fff",
    ink: "#000",
  });
});

test("contrast is that of WCAG", () => {
  assert.equal(contrast("#000", "#ffffff"), 21);
  assert.equal(contrast("#fff", "#fff"), 1);
  assert.equal(contrast("#767676", "#ffffff").toFixed(2), "4.54");
});

test("a catalogue stands on the origin of the widget", () => {
  const catalogue = (value, widget = WIDGET) =>
    readSettings(`${widget}#catalogue=${encodeURIComponent(value)}`).catalogue;
  assert.equal(catalogue("lain/catalogue.json"), "https://cek.example.org/nik/lain/catalogue.json");
  assert.equal(catalogue("/catalogue.json?v=2"), "https://cek.example.org/catalogue.json?v=2");
  assert.equal(catalogue("https://cek.example.org/x.json"), "https://cek.example.org/x.json");
  for (const foreign of [
    "https://jahat.example/catalogue.json",
    "//jahat.example/catalogue.json",
    "/\\jahat.example/catalogue.json",
    "\\\\jahat.example/catalogue.json",
    "https://cek.example.org//jahat.example/catalogue.json",
    "/.//jahat.example/catalogue.json",
    "/x/..//jahat.example/catalogue.json",
    "http://cek.example.org/catalogue.json",
    "https://cek.example.org:8443/catalogue.json",
    "https://cek.example.org@jahat.example/",
    "https://cek.example.org.jahat.example/",
    "data:application/json,{}",
    "blob:https://jahat.example/1",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://[",
  ]) {
    assert.equal(catalogue(foreign), undefined, foreign);
  }
  assert.equal(
    catalogue("catalogue.json", "file:///tmp/cek-nik.html"),
    undefined,
    "every file has the same origin, null",
  );
});

test("a height is said in every dialect that the address asks for", () => {
  const common = [
    { type: "cek-nik:height", height: 432 },
    { sentinel: "amp", type: "embed-size", height: 432 },
    { "datawrapper-height": { "cek-nik": 432 } },
  ];
  const medium = (src) => JSON.stringify({ src, context: "iframe.resize", height: 432 });
  assert.deepEqual(heightMessages(432, WIDGET), [...common, medium(WIDGET)]);

  const pym = `${WIDGET}?initialWidth=300&childId=berita-1`;
  assert.deepEqual(heightMessages(432, pym), [
    ...common,
    medium(pym),
    "pymxPYMxberita-1xPYMxheightxPYMx432",
  ]);

  for (const wordpress of [
    `${WIDGET}#?secret=aB3dE6gH9j`,
    `${WIDGET}#lang=en#?secret=aB3dE6gH9j`,
  ]) {
    const expected = { message: "height", value: 432, secret: "aB3dE6gH9j" };
    assert.deepEqual(heightMessages(432, wordpress), [...common, medium(wordpress), expected]);
  }
  assert.equal(readSettings(`${WIDGET}#lang=en#?secret=aB3dE6gH9j`).lang, "en");
});

test("what is no name and no secret is not repeated to anybody", () => {
  for (const query of [
    "?childId=",
    "?childId=a%20b",
    `?childId=${"a".repeat(65)}`,
    "#?secret=",
    "#?secret=a%22b",
    "#?secret=<b>",
  ]) {
    assert.equal(heightMessages(432, WIDGET + query).length, 4, query);
  }
});
