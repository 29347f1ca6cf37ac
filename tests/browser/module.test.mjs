//! The module's requests in Node, without a page: signals, byte limits and progress.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";

import { check, download, initSync, open } from "../../www/pkg/cek_nik.js";

const NIK = "3201014107909001";
const TODAY = "2026-11-30";
/** Verifies signatures, of which there are none. */
const NOT_ASKED = () => assert.fail("a signature was verified");
const SHARD_BYTES = 64 + 1_000_000;
const CATALOGUE = {
  format: "cek-nik catalogue",
  version: 1,
  identifier: "nik",
  salt: "00112233445566778899aabbccddeeff",
  kdf: { name: "sha256" },
  datasets: [
    {
      id: "daftar",
      prefix_bits: 0,
      filter: { kind: "bloom", bits: 8_000_000, hashes: 7 },
      root: "00".repeat(32),
      distinct: 1,
      false_positive_rate: 0.01,
      shard_bytes: SHARD_BYTES,
    },
  ],
};
const SHARD = `data/daftar/${"00".repeat(32)}/0000.cnk`;

let url;
let requests;
/** Answers a request. Each test sets it. */
let answer;
const server = createServer((request, response) => {
  requests.push(request.url);
  response.setHeader("Access-Control-Allow-Origin", "*");
  answer(response);
});

before(async () => {
  initSync({ module: await readFile(new URL("../../www/pkg/cek_nik_bg.wasm", import.meta.url)) });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${server.address().port}/catalogue.json`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = [];
});

test("ends the request at the host when the caller's signal aborts", async () => {
  const controller = new AbortController();
  const ended = new Promise((resolve) => {
    answer = (response) => {
      response.write("{");
      response.on("close", resolve);
      controller.abort();
    };
  });
  const opened = await open(url, "", NOT_ASKED, TODAY, 0, undefined, controller.signal);
  assert.equal(opened.reason, "catalogue_interrupted");
  await ended;
});

test("requests nothing once the caller's signal has aborted", async () => {
  const opened = await open(url, "", NOT_ASKED, TODAY, 0, undefined, AbortSignal.abort());
  assert.equal(opened.reason, "catalogue_interrupted");
  assert.deepEqual(requests, []);
});

test("ends a request when the host sends more than the file may have", async () => {
  const ended = new Promise((resolve) => {
    answer = (response) => {
      const more = () => !response.destroyed && response.write(Buffer.alloc(1 << 16), more);
      response.on("close", resolve);
      more();
    };
  });
  const { answers, fetched } = await check(url, CATALOGUE, new Map(), NIK, "", TODAY);
  assert.deepEqual([answers[0].outcome, answers[0].reason], ["unknown", "not_a_shard"]);
  const [{ bytes }] = fetched;
  assert.ok(bytes > SHARD_BYTES && bytes < SHARD_BYTES + (1 << 20), `${bytes} bytes came`);
  await ended;
});

test("reports progress at most every 16 milliseconds, and at the end", async () => {
  answer = async (response) => {
    for (let sent = 0; sent < SHARD_BYTES; sent += 1_000) {
      response.write(Buffer.alloc(Math.min(1_000, SHARD_BYTES - sent)));
      await new Promise(setImmediate);
    }
    response.end();
  };
  const reports = [];
  const start = performance.now();
  const result = await download(url, CATALOGUE, (transfer) => reports.push(transfer));
  const time = performance.now() - start;
  assert.deepEqual(reports.at(-1), { received: SHARD_BYTES, total: SHARD_BYTES });
  // The first and the last report are never left out.
  assert.ok(reports.length <= time / 16 + 2, `${reports.length} reports in ${time} milliseconds`);
  const { failed, ...others } = result;
  assert.deepEqual(others, {
    held: new Map(),
    complete: false,
    fetched: [{ url: new URL(SHARD, url).href, bytes: SHARD_BYTES }],
  });
  assert.equal(failed.get("daftar").length, SHARD_BYTES);
});
