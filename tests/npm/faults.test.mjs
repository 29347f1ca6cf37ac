//! The table of faults against the package in Node: one for each file and reason, those that end by a
//! timeout, and each once more with a mirror.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { failures, firstOfEach, isMendable } from "../browser/support/failures.mjs";
import { openHostileHost } from "../browser/support/hostile-host.mjs";
import { Resources } from "../browser/support/resources.mjs";
import { newKey, openLacking } from "../browser/support/signing.mjs";
import { makeSite, makeTwin, people, SHARDED } from "../browser/support/site.mjs";
import { inNode } from "./support/workspace.mjs";

const { createChecker } = await inNode();
const resources = new Resources();
after(() => resources.close());

const site = await makeSite(resources);
const upstream = await site.serve();
const table = firstOfEach(failures(site, await makeTwin(resources)));

const checkerOf = (where, options) => createChecker(`${where}catalogue.json`, options);

function summary({ answers, reason }) {
  const entries = answers?.map(({ id, outcome, reason }) => [
    id,
    reason ? `${outcome}: ${reason}` : outcome,
  ]);
  return entries ? Object.fromEntries(entries) : { page: `unknown: ${reason}` };
}

async function openFaulty({ closed, concerns, answer }) {
  const host = await openHostileHost(upstream, resources);
  host.fault = { concerns, answer };
  if (closed) {
    host.close();
  }
  return host;
}

describe("a failure of the host", { concurrency: 4 }, () => {
  for (const { nik, right, wrong, name, ...fault } of table) {
    test(name, async () => {
      const host = await openFaulty(fault);
      const checker = checkerOf(host.address);
      assert.deepEqual(summary(await checker.check(nik)), wrong);
      host.fault = undefined;
      await host.open();
      // The checker keeps a catalogue that was usable, also one of other lists.
      const again = fault.file === "catalogue.json" ? checkerOf(host.address) : checker;
      assert.deepEqual(summary(await again.check(nik)), right, "after the repair");
    });
  }
});

describe("a failure of the first host, where a mirror has the site,", { concurrency: 4 }, () => {
  for (const { nik, right, name, ...fault } of table.filter(isMendable)) {
    test(name, async () => {
      const host = await openFaulty(fault);
      const report = await checkerOf(host.address, { mirrors: [upstream] }).check(nik);
      assert.deepEqual(summary(report), right);
      assert.ok(report.fetched.some(({ url }) => url.startsWith(upstream)));
    });
  }
});

test("the mirrors of a catalogue are asked only under a key that has signed it", async () => {
  const key = newKey();
  const { address } = await openLacking(site, upstream, key, resources);
  const { nik, answers } = people(2)["in both lists"];
  const failed = { ...answers, [SHARDED]: "unknown: not_found" };
  assert.deepEqual(summary(await checkerOf(address).check(nik)), failed);
  const signed = checkerOf(address, { key: key.text });
  assert.deepEqual(summary(await signed.check(nik)), answers);
});

test("what is no address is refused as a mirror", () => {
  for (const wrong of ["", "cermin.example.org", "ftp://cermin.example.org/"]) {
    assert.throws(() => checkerOf(upstream, { mirrors: [wrong] }), TypeError, wrong);
  }
});
