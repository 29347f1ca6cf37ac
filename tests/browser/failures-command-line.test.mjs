//! Failures on the command line: could not check, exit status 2, never "not in the list".

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { run } from "./support/command.mjs";
import { failures, isMendable } from "./support/failures.mjs";
import { openHostileHost } from "./support/hostile-host.mjs";
import { Resources } from "./support/resources.mjs";
import { change, day, newKey, openLacking } from "./support/signing.mjs";
import { makeSite, makeTwin, people, SHARDED } from "./support/site.mjs";

const resources = new Resources();
after(() => resources.close());

const site = await makeSite(resources);
const table = failures(site, await makeTwin(resources));
const upstream = await site.serve();

/** The answers of the command line for one number, in the short form of the page. */
async function check(place, nik, ...options) {
  const { status, stdout } = await run(
    ["check", "--site", place, "--stdin", "--json", "--patience", "2", ...options],
    {
      stdin: nik,
      accept: [0, 1, 2],
    },
  );
  const { datasets, reason } = JSON.parse(stdout);
  const entries = datasets.map(({ id, outcome, reason }) => [
    id,
    reason ? `${outcome}: ${reason}` : outcome,
  ]);
  return { status, answers: reason ? { page: `unknown: ${reason}` } : Object.fromEntries(entries) };
}

describe("a failure of the host", { concurrency: 4 }, () => {
  for (const { name, nik, right, wrong, ...fault } of table) {
    test(name, async () => {
      const host = await openHostileHost(upstream, resources);
      host.fault = fault;
      if (fault.closed) {
        host.close();
      }
      assert.deepEqual(await check(host.address, nik), { status: 2, answers: wrong });
      host.fault = undefined;
      await host.open();
      assert.deepEqual(
        await check(host.address, nik),
        { status: 0, answers: right },
        "after the repair",
      );
    });
  }
});

describe("a failure of the first host, where a mirror has the site,", { concurrency: 4 }, () => {
  for (const { name, nik, right, wrong, ...fault } of table.filter(isMendable)) {
    test(name, async () => {
      const host = await openHostileHost(upstream, resources);
      host.fault = fault;
      if (fault.closed) {
        host.close();
      }
      const mirror = await openHostileHost(upstream, resources);
      const both = ["--mirror", mirror.address];
      assert.deepEqual(await check(host.address, nik, ...both), { status: 0, answers: right });
      mirror.fault = fault;
      if (!fault.slow) {
        assert.deepEqual(
          await check(host.address, nik, ...both),
          { status: 2, answers: wrong },
          "where the mirror has the same failure",
        );
      }
    });
  }
});

test("the mirrors of a catalogue are asked only under a key that has signed it", async () => {
  const key = newKey();
  const { copy, address } = await openLacking(site, upstream, key, resources);
  const { nik, answers } = people(2)["in both lists"];
  const failed = { ...answers, [SHARDED]: "unknown: not_found" };
  assert.deepEqual(await check(address, nik), { status: 0, answers: failed });
  const signed = await check(address, nik, "--key", key.text);
  assert.deepEqual(signed, { status: 0, answers });
  // A directory is checked without any network, also where a shard is missing.
  const { file } = table.find(({ name }) => name.startsWith(`shard of ${SHARDED}`));
  await copy.remove(file);
  const { nik: absent, right } = table.find((fault) => fault.file === file);
  assert.deepEqual(await check(copy.directory, absent, "--key", key.text), {
    status: 2,
    answers: { ...right, [SHARDED]: "unknown: not_found" },
  });
});

test("a first host with an edition that is too old is skipped", async () => {
  const copy = await site.copy();
  await change(copy, { published: day(-9), expires: day(-5) });
  const { nik, answers } = people(2)["in both lists"];
  const stale = await copy.serve();
  assert.deepEqual(await check(stale, nik), {
    status: 2,
    answers: { page: "unknown: edition_too_old" },
  });
  const both = await check(stale, nik, "--mirror", upstream);
  assert.deepEqual(both, { status: 0, answers });
});

describe("a failure in a directory", { concurrency: 4 }, () => {
  for (const { name, nik, wrong, file, change } of table.filter(({ change }) => change)) {
    test(name, async () => {
      const copy = await site.copy();
      await copy.write(file, change(await copy.read(file)));
      assert.deepEqual(await check(copy.directory, nik), { status: 2, answers: wrong });
    });
  }

  test("the shard is not there", async () => {
    const copy = await site.copy();
    const { nik, file, wrong } = table.find(({ reason }) => reason === "not_found");
    await copy.remove(file);
    assert.deepEqual(await check(copy.directory, nik), { status: 2, answers: wrong });
  });
});
