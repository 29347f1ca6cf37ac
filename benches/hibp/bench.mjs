//! Checks the same numbers of one made-up list in Node with the npm packages cek-nik and hibp, in
//! turn: requests, bytes, time, people per prefix, and their answers behind a sign-in page.
//! `node bench.mjs DIRECTORY [ROWS]`, with hibp below the directory's node_modules. Prints the
//! tables of docs/BENCHMARKS.md.

import assert from "node:assert/strict";
import { createHash, randomBytes, randomInt } from "node:crypto";
import { writeFile } from "node:fs/promises";
import http from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { createChecker } from "../../npm/package/node.js";
import { run, serve } from "../../tests/browser/support/command.mjs";
import { Resources } from "../../tests/browser/support/resources.mjs";
import { listen } from "../../tests/npm/support/pages.mjs";

const CHECKS = 15;
const WARM_UP = 2;

/** The people of Indonesia, as cek-nik counts them. */
const POPULATION = 288_315_089;
const HIBP_BITS = 20;
/** The most bits that leave 50,000 people to each prefix. */
const SHARDED_BITS = 12;

const [packages, rows = "1000000"] = process.argv.slice(2);
const { pwnedPassword } = await import(
  pathToFileURL(join(packages, "node_modules/hibp/dist/esm/hibp.js")).href
);
const resources = new Resources();
try {
  await measure();
} finally {
  await resources.close();
}

async function measure() {
  const list = await sample(rows, 1);
  const listed = new Set(list);
  const strangers = (await sample(100, 2)).filter((nik) => !listed.has(nik));
  const niks = Array.from({ length: WARM_UP + CHECKS }, (_, index) =>
    index % 2 ? strangers[index] : list[Math.floor((index * list.length) / (WARM_UP + CHECKS))],
  );
  const mirror = await counted(await listen(resources, rangeMirror(list)));
  const whole = await counted(await site(list, 0));
  const sharded = await counted(await site(list, SHARDED_BITS));
  const ways = [
    ...visits("one file", whole, 0),
    ...visits(`${(2 ** SHARDED_BITS).toLocaleString("en")} files`, sharded, SHARDED_BITS),
    { name: "hibp", host: mirror, bits: HIBP_BITS, check: hibp },
    {
      ...{ name: "hibp, `addPadding`", host: mirror, bits: HIBP_BITS },
      check: (address, nik) => hibp(address, nik, { addPadding: true }),
    },
  ];
  for (const way of ways) {
    Object.assign(way, { times: [], requests: [], bytes: [] });
  }
  for (const [index, nik] of niks.entries()) {
    for (const way of ways) {
      const { host, check } = way;
      const start = performance.now();
      const answer = await check(host.direct, nik);
      const time = performance.now() - start;
      assert.equal(answer, listed.has(nik), `${way.name} gave a wrong answer`);
      host.reset();
      await check(host.address, nik);
      if (index >= WARM_UP) {
        way.times.push(time);
        way.requests.push(host.requests);
        way.bytes.push(host.bytes);
      }
    }
  }
  console.log(`${listed.size} distinct NIKs, ${CHECKS} checks each, in turn\n`);
  print(ways);
  await printSignIn(ways);
}

/** The first check of a visit, which opens the site, and the next ones. */
function visits(name, host, bits) {
  const checkers = new Map();
  const checkerOf = (address) => createChecker(`${address}catalogue.json`);
  const next = async (address, nik) => {
    if (!checkers.has(address)) {
      checkers.set(address, checkerOf(address));
      await checkers.get(address).open();
      host.reset();
    }
    return cekNik(checkers.get(address), nik);
  };
  return [
    {
      ...{ name: `cek-nik, ${name}, first check`, host, bits },
      check: (address, nik) => cekNik(checkerOf(address), nik),
    },
    { name: `cek-nik, ${name}, next check`, host, bits, check: next },
  ];
}

/** Whether the NIK is in the list, or the reason why the check failed. */
async function cekNik(checker, nik) {
  const { reason, answers } = await checker.check(nik);
  const { outcome, reason: ofList } = answers?.[0] ?? {};
  return { member: true, non_member: false }[outcome] ?? ofList ?? reason;
}

async function hibp(address, nik, options) {
  return (await pwnedPassword(nik, { baseUrl: address.replace(/\/$/, ""), ...options })) > 0;
}

async function sample(count, seed) {
  const words = ["--count", String(count), "--seed", String(seed)];
  const { stdout } = await run(["sample", ...words]);
  return stdout.trim().split("\n");
}

/** The address of a site with the list. */
async function site(list, bits) {
  const directory = await resources.directory();
  const [source, out] = ["list.txt", "site"].map((name) => join(directory, name));
  await writeFile(source, list.join("\n"));
  const words = ["--kdf", "sha256", "--accept-enumeration", "--prefix-bits", String(bits)];
  await run(["build", ...words, "--out", out, source]);
  return serve(out, resources);
}

/** A server that answers `/range/XXXXX` as api.pwnedpasswords.com does. */
function rangeMirror(list) {
  const ranges = new Map();
  for (const nik of new Set(list)) {
    const hash = createHash("sha1").update(nik).digest("hex").toUpperCase();
    const prefix = hash.slice(0, 5);
    ranges.set(prefix, [...(ranges.get(prefix) ?? []), `${hash.slice(5)}:1`]);
  }
  const padding = Array.from({ length: 1_000 }, randomLine);
  return http.createServer(({ url, headers }, response) => {
    const prefix = url.slice("/range/".length).split("?")[0];
    const lines = [...(ranges.get(prefix) ?? [])];
    if (headers["add-padding"] === "true") {
      lines.push(...padding.slice(0, 800 + randomInt(201) - lines.length));
    }
    response.writeHead(200, { "Content-Type": "text/plain" });
    response.end(lines.join("\r\n"));
  });
}

/** A made-up suffix with the count 0, with which that service fills answers up to 800 to 1,000. */
function randomLine() {
  return `${randomBytes(18).toString("hex").toUpperCase().slice(1)}:0`;
}

/**
 * Counts the requests that pass through to a host and the bytes of its answers. After `signIn`, it
 * answers every request with a sign-in page, as networks of hotels do.
 */
async function counted(direct) {
  const host = { direct, requests: 0, bytes: 0, signIn: false };
  host.reset = () => Object.assign(host, { requests: 0, bytes: 0 });
  const server = http.createServer(({ url, headers }, response) => {
    host.requests += 1;
    if (host.signIn) {
      response.writeHead(200, { "Content-Type": "text/html" });
      response.end("<!doctype html>\n<title>Masuk ke Wi-Fi</title>\n<p>Nomor kamar: <input>\n");
      return;
    }
    http.get(new URL(url, direct), { headers }, (answer) => {
      answer.on("data", (piece) => (host.bytes += piece.length));
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
  });
  host.address = await listen(resources, server);
  return host;
}

function print(ways) {
  console.log("| check | requests | bytes received | time (least to most) | people per prefix |");
  console.log("|---|---|---|---|---|");
  for (const { name, requests, bytes, times, bits } of ways) {
    const [least, time, most] = spread(times).map((number) => number.toFixed(1));
    const people = Math.round(POPULATION / 2 ** bits);
    const cells = [
      name,
      spread(requests)[1],
      spread(bytes)[1].toLocaleString("en"),
      `${time} ms (${least} to ${most})`,
      bits ? people.toLocaleString("en") : "everybody",
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

/** Least, median, most. */
function spread(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
}

async function printSignIn(ways) {
  console.log("\n| behind a sign-in page with status 200 | answer for a listed NIK |");
  console.log("|---|---|");
  const [nik] = await sample(1, 1);
  for (const { name, host, check } of ways) {
    host.signIn = true;
    const answer = await check(host.address, nik).catch(({ message }) => `error: ${message}`);
    console.log(`| ${name} | ${{ true: "listed", false: "not listed" }[answer] ?? answer} |`);
  }
}
