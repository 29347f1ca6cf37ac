//! The package in Node: a program of a consumer, failures, aborts and wrong arguments.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";

import { Resources } from "../browser/support/resources.mjs";
import { change, day, newKey, signSite, unsign } from "../browser/support/signing.mjs";
import { makeSite, NAME, niks, people, SHARDED, WHOLE } from "../browser/support/site.mjs";
import { listen, silentHost } from "./support/pages.mjs";
import { checkVector, signatureSites, vectorSites } from "./support/vectors.mjs";
import { inNode, workspace } from "./support/workspace.mjs";

const { createChecker } = await inNode();
const resources = new Resources();
const PEOPLE = people(0);
const [NIK] = niks.both;
const MEMBER = PEOPLE["in both lists"].answers;
let site;
let address;
before(async () => {
  site = await makeSite(resources);
  address = await site.serve();
});
after(() => resources.close());

const checkerOf = (where, options) => createChecker(`${where}catalogue.json`, options);
const summary = ({ answers, reason }) =>
  reason ?? Object.fromEntries(answers.map(({ id, outcome, reason }) => [id, reason ?? outcome]));

/** Runs the program of tests/npm/node. */
async function program(where, nik) {
  // A thread that does not end would keep the program running for ever.
  const options = { cwd: join(workspace, "node"), timeout: 60_000 };
  const child = spawn(process.execPath, ["main.js", where], options);
  child.stdin.end(nik);
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await once(child, "close");
  const [stdout, stderr] = await output;
  return { status, stdout, stderr };
}

test("a program checks a number, and ends", async () => {
  const { status, stdout, stderr } = await program(address, NIK);
  assert.deepEqual([status, stderr], [0, ""]);
  const { decoded, report } = JSON.parse(stdout);
  assert.equal(decoded.reading.serial, NIK.slice(12));
  assert.deepEqual(summary(report), MEMBER);
});

test("a program that is given no number fails", async () => {
  const { status, stderr } = await program(address, "12345");
  assert.equal(status, 1);
  assert.match(stderr, /TypeError: cek-nik: this is not a NIK \(length\)/);
});

for (const [who, { nik, answers }] of Object.entries(PEOPLE)) {
  test(`finds a person ${who}`, async () => {
    const report = await checkerOf(address).check(nik);
    assert.deepEqual(summary(report), answers);
    assert.equal(report.prefix_bits, site.dataset(SHARDED).prefix_bits);
    const paths = report.fetched.map(({ url }) => url.replace(address, "").split("/", 2).join("/"));
    assert.deepEqual(paths, ["catalogue.json", `data/${WHOLE}`, `data/${SHARDED}`]);
  });
}

// pages.test.mjs runs all of them: a thread starts more slowly than a worker.
test("one vector of each answer gives that answer", async () => {
  const { address: vectorsAt, vectors } = await vectorSites(resources);
  const answers = new Map(vectors.map((vector) => [JSON.stringify(vector.expect), vector]));
  assert.ok(answers.size >= 20, `only ${answers.size} vectors`);
  for (const vector of answers.values()) {
    const found = await checkVector(createChecker, vectorsAt, vector);
    assert.deepEqual(found, vector.expect, vector.path);
  }
});

test("after a download of whole lists, a check sends nothing", async () => {
  const whole = await makeSite(resources, { lists: [WHOLE] });
  const requests = [];
  const server = http.createServer(async ({ url }, response) => {
    requests.push(url);
    response.end(await whole.read(url));
  });
  const checker = checkerOf(await listen(resources, server));
  const opened = await checker.open();
  assert.deepEqual([opened.complete, opened.fetched.length], [true, 2]);
  const asked = requests.length;
  const report = await checker.check(NIK);
  assert.deepEqual([summary(report), report.fetched], [{ [WHOLE]: "member" }, []]);
  assert.equal(requests.length, asked);
});

test("a check downloads a list once, and the next check a list that failed again", async () => {
  let requests = 0;
  const server = http.createServer(async ({ url }, response) => {
    const isWhole = url.includes(`/${WHOLE}/`);
    requests += isWhole;
    response.writeHead(isWhole && requests === 1 ? 503 : 200);
    response.end(await site.read(url));
  });
  const checker = checkerOf(await listen(resources, server));
  assert.deepEqual(summary(await checker.check(NIK)), { ...MEMBER, [WHOLE]: "status" });
  assert.equal(requests, 1);
  assert.deepEqual(summary(await checker.check(NIK)), MEMBER);
  assert.equal(requests, 2);
});

test("reports progress up to the last byte", async () => {
  const transfers = [];
  const { fetched } = await checkerOf(address).open({
    onProgress: (transfer) => transfers.push(transfer),
  });
  const last = fetched.at(-1).bytes;
  assert.deepEqual(transfers.at(-1), { received: last, total: last });
});

describe("under a pinned key", () => {
  const key = newKey();
  const checked = async (options, wrong = () => {}) => {
    const copy = await site.copy();
    await signSite(copy, key);
    await wrong(copy);
    return checkerOf(await copy.serve(), { key: key.text, ...options }).check(NIK);
  };

  test("a signed catalogue gives answers, after one request more", async () => {
    const report = await checked();
    assert.deepEqual(summary(report), MEMBER);
    assert.deepEqual(
      report.fetched.slice(0, 2).map(({ url }) => url.split("/").at(-1)),
      ["catalogue.json", "catalogue.json.minisig"],
    );
  });

  for (const [reason, wrong] of Object.entries({
    signature_missing: unsign,
    signature_other_key: (copy) => signSite(copy, newKey()),
    signature_wrong: async (copy) =>
      copy.write("catalogue.json", `${await copy.read("catalogue.json")}\n`),
    signature_other_edition: (copy) => signSite(copy, key, { comment: "cek-nik edition 8" }),
  })) {
    test(`no answer: ${reason}`, async () => {
      assert.equal(summary(await checked({}, wrong)), reason);
    });
  }

  test("the vectors of signatures are as good or bad as they say", async () => {
    const { address: at, vectors } = await signatureSites(resources);
    assert.ok(vectors.length > 30, `only ${vectors.length} vectors`);
    for (const { path, key: given, expect } of vectors) {
      // The package takes no file with a comment.
      const key = given.startsWith("untrusted") ? given.split("\n")[1] : given;
      if (expect.reason === "key_invalid") {
        assert.throws(() => checkerOf(`${at}${path}/`, { key }), TypeError, path);
        continue;
      }
      const { reason } = await checkerOf(`${at}${path}/`, { key }).open();
      // The age comes last, and depends on the day.
      assert.equal(reason === "edition_too_old" ? undefined : reason, expect.reason, path);
    }
  });

  test("a text that is no key is an error of the caller", () => {
    for (const text of ["", "RW", `${key.text}=`, key.text.slice(1)]) {
      assert.throws(() => checkerOf(address, { key: text }), TypeError);
    }
  });
});

describe("an edition", () => {
  let copy;
  let where;
  before(async () => {
    copy = await site.copy();
    where = await copy.serve();
  });

  test("that has expired answers and says so, and one that is too old does not", async () => {
    const expires = day(-3);
    await change(copy, { published: day(-9), expires });
    const report = await checkerOf(where).check(NIK);
    assert.deepEqual([summary(report), report.expired], [MEMBER, expires]);
    await change(copy, { published: day(-9), expires: day(9) });
    assert.equal((await checkerOf(where).check(NIK)).expired, undefined);
    await change(copy, { published: day(-9), expires: day(-5) });
    assert.equal(summary(await checkerOf(where).check(NIK)), "edition_too_old");
  });

  test("that is older than one that the checker has opened is refused", async () => {
    await change(copy, { published: null, expires: null, edition: 5 });
    const checker = checkerOf(where);
    assert.equal((await checker.open()).catalogue.edition, 5);
    await change(copy, { edition: 4 });
    assert.equal((await checker.open()).reason, "edition_older");
    // The newer one is still open.
    assert.deepEqual(summary(await checker.check(NIK)), MEMBER);
  });
});

describe("selected lists", () => {
  test("are the only ones that are checked", async () => {
    const report = await checkerOf(address, { datasets: [WHOLE] }).check(NIK);
    assert.deepEqual(summary(report), { [WHOLE]: "member" });
  });

  test("that are missing give a reason", async () => {
    const report = await checkerOf(address, { datasets: [WHOLE, "lain"] }).check(NIK);
    assert.equal(summary(report), "dataset_missing");
  });
});

describe("a name", () => {
  let locked;
  before(async () => {
    locked = await (await makeSite(resources, { locked: true })).serve();
  });

  test("opens a name-locked site", async () => {
    const report = await checkerOf(locked).check(NIK, { name: NAME.typed });
    assert.deepEqual(summary(report), MEMBER);
  });

  test("that is missing gives a reason", async () => {
    const report = await checkerOf(locked).check(NIK);
    assert.deepEqual(summary(report), {
      [WHOLE]: "identifier_unsupported",
      [SHARDED]: "identifier_unsupported",
    });
  });

  test("without a word is an error", async () => {
    await assert.rejects(checkerOf(locked).check(NIK, { name: "-" }), TypeError);
  });

  test("is ignored by a site without the lock", async () => {
    const report = await checkerOf(address).check(NIK, { name: "-" });
    assert.deepEqual(summary(report), MEMBER);
  });
});

describe("a failure", () => {
  const HOSTS = {
    "of a host that has no catalogue": [
      (response) => response.writeHead(404).end(),
      "catalogue_not_found",
    ],
    "of a network that wants a login": [
      (response) => response.end("<!doctype html><title>Login</title>"),
      "catalogue_not_json",
    ],
    "of a host that hangs up": [(response) => response.destroy(), "catalogue_unreachable"],
  };
  for (const [what, [answer, reason]] of Object.entries(HOSTS)) {
    test(`${what} is a reason, and is not remembered`, async () => {
      let fails = true;
      const server = http.createServer(async ({ url }, response) =>
        fails ? answer(response) : response.end(await site.read(url)),
      );
      const checker = checkerOf(await listen(resources, server));
      assert.equal((await checker.open()).reason, reason);
      const report = await checker.check(NIK);
      assert.equal(summary(report), reason);
      assert.equal(report.fetched.length, 1);
      fails = false;
      assert.deepEqual(summary(await checker.check(NIK)), MEMBER);
    });
  }

  test("of one list leaves the answers of the others", async () => {
    const server = http.createServer(async ({ url }, response) =>
      url.includes(SHARDED) ? response.writeHead(503).end() : response.end(await site.read(url)),
    );
    const report = await checkerOf(await listen(resources, server)).check(NIK);
    assert.deepEqual(summary(report), { [WHOLE]: "member", [SHARDED]: "status" });
  });
});

describe("a signal", () => {
  test("ends the request at the host", async () => {
    const host = await silentHost(resources);
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = assert.rejects(checkerOf(host.address).check(NIK, { signal }), {
      name: "AbortError",
    });
    await host.requested;
    controller.abort();
    await aborted;
    await host.closed;
  });

  test("that has aborted sends nothing", async () => {
    const server = http.createServer(() => assert.fail("a request"));
    const checker = checkerOf(await listen(resources, server));
    const signal = AbortSignal.abort(new Error("the reader has left"));
    await assert.rejects(checker.check(NIK, { signal }), { message: "the reader has left" });
  });

  test("keeps no listener after the call", async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const counted = {
      get aborted() {
        return signal.aborted;
      },
      addEventListener: () => listeners++,
      removeEventListener: () => listeners--,
    };
    await checkerOf(address).check(NIK, { signal: counted });
    assert.equal(listeners, 0);
  });
});

describe("an error of the programmer", () => {
  for (const url of ["catalogue.json", "file:///catalogue.json", "javascript:alert(1)"]) {
    test(`${url} is refused`, () => assert.throws(() => createChecker(url), TypeError));
  }

  test("a listener that throws ends the check", async () => {
    const onProgress = () => {
      throw new RangeError("mine");
    };
    await assert.rejects(checkerOf(address).check(NIK, { onProgress }), { message: "mine" });
  });

  test("a text that is not a NIK is refused before the network is used", async () => {
    const server = http.createServer(() => assert.fail("a request"));
    const checker = checkerOf(await listen(resources, server));
    await assert.rejects(checker.check("32010141079090"), TypeError);
    assert.deepEqual(await checker.decode("32010141079090"), {
      error: { code: "length", digits: 14 },
    });
  });
});
