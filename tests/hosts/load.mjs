//! Load of a real nginx on loopback, with the header file that `build` writes: `make load`.
//! Prints requests per second and the times of single requests. Every byte that is served is
//! compared with the file, and every answer of `cek-nik check` meanwhile must be right.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import http from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";

import { Resources } from "../browser/support/resources.mjs";
import { openNginx, publish } from "./servers.mjs";

const exec = promisify(execFile);
const REQUESTS = 20_000;
const CONNECTIONS = 64;
const PREFIX_BITS = 10;
const ROWS = 200_000;
const CHECKED = 200;
const BINARY = process.env.CEK_NIK_BINARY;

/** A site of one list, and some of the NIKs in it. */
async function makeSite(resources) {
  const directory = await resources.directory();
  const list = join(directory, "list.txt");
  const sample = ["sample", "--count", String(ROWS), "--seed", "1"];
  const { stdout } = await exec(BINARY, sample, { maxBuffer: 1 << 26 });
  await writeFile(list, stdout);
  const site = join(directory, "site");
  const keys = ["--kdf", "sha256", "--accept-enumeration", "--prefix-bits", String(PREFIX_BITS)];
  await exec(BINARY, ["build", "--out", site, "--id", "list", ...keys, list]);
  return { site, members: stdout.split("\n").slice(0, CHECKED) };
}

/** The files of a reader's check: three shards for each catalogue and page. */
async function filesOf(site) {
  const { id, root } = JSON.parse(await readFile(join(site, "catalogue.json"), "utf8")).datasets[0];
  const shards = Array.from({ length: 1 << PREFIX_BITS }, (_, prefix) => {
    return `data/${id}/${root}/${prefix.toString(16).padStart(4, "0")}.cnk`;
  });
  const names = ["catalogue.json", "cek-nik.html", ...shards];
  const files = new Map();
  for (const name of names) {
    files.set(name, await readFile(join(site, name)));
  }
  const nth = (index) => {
    const [kind, turn] = [index % 5, Math.floor(index / 5)];
    return kind < 2 ? names[kind] : shards[(turn * 3 + kind) % shards.length];
  };
  return { files, nth };
}

async function get(agent, address) {
  const start = performance.now();
  const headers = { Origin: "null", "Accept-Encoding": "gzip" };
  const request = http.get(address, { agent, headers });
  const [response] = await once(request, "response");
  const pieces = [];
  for await (const piece of response) {
    pieces.push(piece);
  }
  const milliseconds = performance.now() - start;
  assert.equal(response.statusCode, 200, address);
  assert.equal(response.headers["access-control-allow-origin"], "*", address);
  const bytes = Buffer.concat(pieces);
  const isPacked = response.headers["content-encoding"] === "gzip";
  return { milliseconds, bytes, isPacked };
}

/** Sends all requests over some connections at once. */
async function load(host, { files, nth }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const results = [];
  // What was unpacked once and is sent again needs no second look inside.
  const unpacked = new Map();
  const isRight = (name, { bytes, isPacked }) => {
    if (!isPacked || unpacked.get(name)?.equals(bytes)) {
      return isPacked || bytes.equals(files.get(name));
    }
    unpacked.set(name, bytes);
    return gunzipSync(bytes).equals(files.get(name));
  };
  let next = 0;
  const connection = async () => {
    while (next < REQUESTS) {
      const name = nth(next++);
      const answer = await get(agent, host + name);
      assert.ok(isRight(name, answer), `${name} differs from the file`);
      results.push({ name, milliseconds: answer.milliseconds, sent: answer.bytes.length });
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  assert.equal(results.length, REQUESTS);
  return { results, seconds };
}

/** Checks members by the real command line. Each of them must be found. */
async function check(host, members) {
  const child = execFile(BINARY, ["check", "--stdin", "--json", "--site", host]);
  child.stdin.end(members.join("\n"));
  let text = "";
  child.stdout.on("data", (piece) => (text += piece));
  const [code] = await once(child, "close");
  assert.equal(code, 0);
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(lines.length, members.length);
  for (const { datasets } of lines) {
    assert.equal(datasets[0].outcome, "member");
  }
}

function row(kind, results) {
  const times = results.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const at = (share) => times[Math.ceil(times.length * share) - 1].toFixed(1);
  const sent = results.reduce((sum, result) => sum + result.sent, 0) / results.length / 1000;
  return `| ${kind} | ${times.length} | ${sent.toFixed(1)} kB | ${at(0.5)} ms | ${at(0.99)} ms | ${at(1)} ms |`;
}

const resources = new Resources();
try {
  const made = await makeSite(resources);
  const site = await publish(resources, made.site);
  const host = await openNginx(resources, site);
  const files = await filesOf(site);
  const [{ results, seconds }] = await Promise.all([load(host, files), check(host, made.members)]);
  console.log(`${Math.round(REQUESTS / seconds)} requests/s over ${CONNECTIONS} connections, \
${CHECKED} checks meanwhile; all bytes and answers right\n`);
  console.log(
    "| file | requests | sent, each | median | 99 % | longest |\n|---|---|---|---|---|---|",
  );
  const kinds = { catalogue: "catalogue.json", widget: "cek-nik.html", shard: ".cnk" };
  for (const [kind, end] of Object.entries(kinds)) {
    console.log(
      row(
        kind,
        results.filter(({ name }) => name.endsWith(end)),
      ),
    );
  }
  console.log(row("all", results));
} finally {
  await resources.close();
}
