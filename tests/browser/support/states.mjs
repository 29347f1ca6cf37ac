//! All states of the page, and how a reader gets there.

import assert from "node:assert/strict";

import { NAME, niks, SHARDED, WHOLE } from "./site.mjs";
import { summary } from "./widget.mjs";

const concerns = {
  catalogue: (path) => path === "/catalogue.json",
  whole: (path) => path.includes(WHOLE),
  sharded: (path) => path.includes(SHARDED),
};

/** Sends half of the file and then nothing, like a stalled network. */
function half(response, { headers, bytes }) {
  response.writeHead(200, { ...headers, "Content-Length": bytes.length });
  response.write(bytes.subarray(0, bytes.length >> 1));
}

const missing = (response) => response.writeHead(404).end();

const start = (widget) => widget.click("start");

const check = (nik, name) => async (widget) => {
  await widget.ready();
  await widget.type(nik, name);
  await widget.submit();
};

const read = (nik, name) => async (widget) => {
  await widget.ready();
  await widget.type(nik, name);
  await widget.read();
};

const progress = (_, widget) =>
  widget.driver.executeScript("return document.getElementById('progress').value > 0");

export const STATES = {
  start: { state: "start", reach: () => {} },
  ready: { state: "ready", reach: (widget) => widget.ready() },
  problem: { state: "ready", reach: read(niks.none[0].slice(1)), seen: ({ problem }) => problem },
  "ready-name": { locked: true, state: "ready", reach: (widget) => widget.ready() },
  "problem-name": {
    locked: true,
    state: "ready",
    reach: read(niks.none[0].slice(1), "H. M."),
    seen: ({ problem, nameProblem }) => problem && nameProblem,
  },
  "reading-name": { locked: true, state: "reading", reach: read("3201014107909001", NAME.typed) },
  "not-in-list-name": {
    locked: true,
    state: "answered",
    reach: check(niks.none[0], NAME.typed),
    answers: ["non_member", "non_member"],
  },
  opening: {
    state: "opening",
    fault: { concerns: concerns.catalogue, answer: () => {} },
    reach: start,
  },
  downloading: {
    state: "downloading",
    fault: { concerns: concerns.whole, answer: half },
    reach: start,
    seen: progress,
  },
  reading: { state: "reading", reach: read("3201014107909001") },
  "reading-old-papua": { state: "reading", reach: read("9109010107109001") },
  "reading-with-warnings": { state: "reading", reach: read("3219014113900100") },
  checking: {
    state: "checking",
    fault: { concerns: concerns.sharded, answer: () => {} },
    reach: check(niks.none[0]),
  },
  "checking-download": {
    state: "checking",
    fault: { concerns: concerns.sharded, answer: half },
    reach: check(niks.none[0]),
    seen: progress,
  },
  cancelled: {
    state: "ready",
    fault: { concerns: concerns.sharded, answer: () => {} },
    reach: async (widget) => {
      await check(niks.none[0])(widget);
      await widget.click("cancel");
    },
  },
  member: { state: "answered", reach: check(niks.both[0]), answers: ["member", "member"] },
  "not-in-list": {
    state: "answered",
    reach: check(niks.none[0]),
    answers: ["non_member", "non_member"],
  },
  mixed: { state: "answered", reach: check(niks.whole[0]), answers: ["member", "non_member"] },
  receipt: {
    state: "answered",
    reach: async (widget) => {
      await check(niks.whole[0])(widget);
      await widget.verdict();
      await widget.driver.executeScript(
        "document.getElementById('receipt').open = true; document.querySelectorAll('#answers > :not(#receipt)').forEach((one) => one.remove())",
      );
    },
  },
  why: {
    state: "ready",
    reach: async (widget) => {
      await widget.ready();
      await widget.driver.executeScript("document.getElementById('why').open = true");
    },
  },
  steps: {
    state: "answered",
    reach: async (widget) => {
      await check(niks.both[0])(widget);
      await widget.verdict();
      await widget.driver.executeScript(
        "document.querySelectorAll('.steps details').forEach((one) => (one.open = true))",
      );
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

/** Brings the page into a state in a language. `seen` waits for parts that appear later. */
export async function reachState(widget, hosts, name, language) {
  const { locked = false, state, fault, reach, seen, answers = [] } = STATES[name];
  const host = locked ? hosts.locked : hosts.open;
  host.fault = undefined;
  await widget.saveData();
  await widget.load(host.address);
  await widget.speak(language);
  host.fault = fault;
  await reach(widget);
  const shown = await widget.until(`the state ${state}`, (seen) => seen.state === state);
  if (seen) {
    await widget.until(`${name} to show`, (shown) => seen(shown, widget));
  }
  if (answers.length) {
    assert.deepEqual(Object.values(summary(shown)), answers);
  }
}
