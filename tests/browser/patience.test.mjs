//! How long the page waits for a host, and how often it asks for what has failed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";

import { openBrowser } from "./support/browser.mjs";
import { deliver, openHostileHost } from "./support/hostile-host.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, niks, SHARDED, WHOLE } from "./support/site.mjs";
import { summary, Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const upstream = await (await makeSite(resources)).serve();
const LISTS = 12;
const CORS = { "Access-Control-Allow-Origin": "*" };

/** Longer than the page waits for a host. */
const LIMIT = 40_000;

/** The bytes a second of a slow phone line, and of a catalogue that takes it 25 seconds. */
const LINE = { rate: 8_000, bytes: 200_000 };

let driver;
let widget;
before(async () => {
  driver = await openBrowser(resources);
  widget = new Widget(driver);
});

/** A host that answers the requests for lists by `answer`. Their paths are in `asked`. */
async function hostOf(answer, change = () => {}) {
  const host = await openHostileHost(upstream, resources);
  host.asked = [];
  host.fault = {
    concerns(path) {
      const isList = path.endsWith(".cnk");
      if (isList) {
        host.asked.push(path);
      }
      return isList || path === "/catalogue.json";
    },
    answer(response, honest) {
      if (honest.headers["content-type"]?.includes("json")) {
        const catalogue = JSON.parse(honest.bytes);
        change(catalogue);
        deliver(response, { ...honest, bytes: Buffer.from(JSON.stringify(catalogue)) });
      } else {
        answer(response, honest);
      }
    },
  };
  return host;
}

const times = (id) => (catalogue) => {
  const dataset = catalogue.datasets.find((one) => one.id === id);
  catalogue.datasets = Array.from({ length: LISTS }, (_, n) => ({ ...dataset, id: `${id}-${n}` }));
};

for (const [id, nik] of [
  [WHOLE, niks.whole[0]],
  [SHARDED, niks.sharded[0]],
]) {
  test(`of ${LISTS} lists like ${id}, a silent host is asked for one`, async () => {
    const host = await hostOf(() => {}, times(id));
    await driver.get(`${host.address}cek-nik.html`);
    await widget.until("the input", ({ state }) => state === "ready", LIMIT);
    await widget.type(nik);
    await widget.submit();
    const { articles } = await widget.verdict(LIMIT);
    assert.deepEqual(
      articles.map(({ reason }) => reason),
      Array(LISTS).fill("timed_out"),
    );
    assert.equal(host.asked.length, 1);
  });
}

for (const [name, reason, answer] of [
  ["an error", "status", (response) => response.writeHead(503, CORS).end()],
  ["a broken connection", "unreachable", (response) => response.destroy()],
  [
    "another page",
    "not_a_shard",
    (response) => response.writeHead(200, CORS).end("<!doctype html>"),
  ],
]) {
  test(`a whole list that ends in ${name} is asked for again only by "Coba lagi"`, async () => {
    const host = await hostOf((response, honest) =>
      isBroken && isWhole() ? answer(response) : deliver(response, honest),
    );
    const whole = () => host.asked.filter((path) => path.includes(`/${WHOLE}/`)).length;
    const isWhole = () => host.asked.at(-1).includes(`/${WHOLE}/`);
    let isBroken = true;
    await widget.load(host.address);
    await widget.until("the input", ({ state }) => state === "ready");
    // An engine may send a request again whose connection broke.
    const asked = whole();
    for (const nik of [niks.whole[0], niks.both[0]]) {
      const failed = summary(await widget.check(nik));
      assert.equal(failed[WHOLE], `unknown: ${reason}`);
      assert.equal(whole(), asked);
    }
    isBroken = false;
    await widget.click("retry");
    assert.deepEqual(summary(await widget.verdict()), { [WHOLE]: "member", [SHARDED]: "member" });
    assert.equal(whole(), asked + 1);
  });
}

test("a slow line is waited for", async () => {
  const host = await openHostileHost(upstream, resources);
  host.fault = {
    concerns: (path) => path === "/catalogue.json",
    async answer(response, { headers, bytes }) {
      const padded = Buffer.concat([bytes, Buffer.alloc(LINE.bytes - bytes.length, " ")]);
      response.writeHead(200, { ...headers, "Content-Length": padded.length });
      for (let from = 0; from < padded.length; from += LINE.rate) {
        await setTimeout(1_000);
        response.write(padded.subarray(from, from + LINE.rate));
      }
      response.end();
    },
  };
  await driver.get(`${host.address}cek-nik.html`);
  await widget.until("the input", ({ state }) => state === "ready", 2 * LIMIT);
  assert.equal(Object.values(summary(await widget.check(niks.both[0]))).join(), "member,member");
});
