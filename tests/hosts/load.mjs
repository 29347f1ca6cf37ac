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

/** How often files of each kind are requested, and the files. */
async function kindsOf(site) {
  const { id, root } = JSON.parse(await readFile(join(site, "catalogue.json"), "utf8")).datasets[0];
  const shards = Array.from({ length: 1 << PREFIX_BITS }, (_, prefix) => {
    return `data/${id}/${root}/${prefix.toString(16).padStart(4, "0")}.cnk`;
  });
  const kinds = {
    shards: { requests: 12_000, names: shards },
    catalogue: { requests: 4_000, names: ["catalogue.json"] },
    widget: { requests: 4_000, names: ["cek-nik.html"] },
  };
  for (const kind of Object.values(kinds)) {
    kind.files = new Map();
    for (const name of kind.names) {
      kind.files.set(name, await readFile(join(site, name)));
    }
  }
  return kinds;
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

/** Sends all requests of a kind over some connections at once. */
async function load(host, { requests, names, files }) {
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
    while (next < requests) {
      const name = names[next++ % names.length];
      const answer = await get(agent, host + name);
      assert.ok(isRight(name, answer), `${name} differs from the file`);
      results.push({ milliseconds: answer.milliseconds, sent: answer.bytes.length });
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  assert.equal(results.length, requests);
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

function row(kind, { results, seconds }) {
  const times = results.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const at = (share) => `${times[Math.ceil(times.length * share) - 1].toFixed(0)} ms`;
  const sent = results.reduce((sum, result) => sum + result.sent, 0) / results.length / 1000;
  const each = `${sent.toFixed(1)} kB`;
  const rate = Math.round(results.length / seconds);
  return `| ${[kind, results.length, each, rate, at(0.5), at(0.99)].join(" | ")} |`;
}

const resources = new Resources();
try {
  const made = await makeSite(resources);
  const site = await publish(resources, made.site);
  const host = await openNginx(resources, site);
  console.log("| files | requests | sent, each | requests/s | median | 99 % |");
  console.log("|---|---|---|---|---|---|");
  for (const [kind, files] of Object.entries(await kindsOf(site))) {
    const [loaded] = await Promise.all([load(host, files), check(host, made.members)]);
    console.log(row(kind, loaded));
  }
  console.log(`\n${CONNECTIONS} connections, ${CHECKED} checks during each row.`);
  console.log("All bytes and all answers were right.");
} finally {
  await resources.close();
}
