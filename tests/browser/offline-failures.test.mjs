//! Damaged packs: the page says that it could not check, and why; never "not in the list". Each
//! malformation of docs/FORMAT.md, sections 5 to 7.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { failures } from "./support/failures.mjs";
import { deriveKey, prefixOf } from "./support/key.mjs";
import { addressOf, offlinePage, OfflineWidget, putOffline, withPack } from "./support/offline.mjs";
import { packOf } from "./support/pack.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, makeTwin } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";
import { summary } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const site = await makeSite(resources);
const table = failures(site, await makeTwin(resources));
const good = packOf(site);
const { bytes } = good;
const start = good.beginning.length;
const directory = await putOffline(resources, { files: { "baik.cnkpack": bytes } });

const HEADER_BYTES = 64;
const LARGEST_CATALOGUE = 4 << 20;

const flipped = (place, mask) => {
  const copy = Buffer.from(bytes);
  copy[place] ^= mask;
  return copy;
};
const [first, second] = good.sizes;
const padded = (catalogue, length) =>
  Buffer.concat([catalogue, Buffer.alloc(length - catalogue.length, " ")]);

/** Packs that cannot be opened. */
const WHOLE_PACKS = {
  pack_not_a_pack: {
    "a page of the web": Buffer.from(offlinePage),
    "a shard": good.shards[0],
    "another first byte": flipped(0, 0x01),
    "the high bit of the first byte lost, as by mail": flipped(0, 0x80),
    "line ends changed, as by a transfer of text": Buffer.concat([
      bytes.subarray(0, 4),
      Buffer.from("\n"),
      bytes.subarray(6),
    ]),
    "another last byte of the magic": flipped(7, 0x01),
    "version 0": good.with({ version: 0 }).bytes,
  },
  pack_newer_version: {
    "version 3": good.with({ version: 3 }).bytes,
    "version 256": good.with({ version: 256 }).bytes,
    "version 3, and nothing behind it": good.with({ version: 3 }).bytes.subarray(0, 10),
  },
  pack_wrong_length: {
    "nothing in it": Buffer.alloc(0),
    "a part of the magic": bytes.subarray(0, 5),
    "the magic alone": bytes.subarray(0, 8),
    "half of the version": bytes.subarray(0, 9),
    "a header one byte short": bytes.subarray(0, HEADER_BYTES - 1),
    "the header alone": bytes.subarray(0, HEADER_BYTES),
    "a beginning one byte short": bytes.subarray(0, start - 1),
    "no shard": bytes.subarray(0, start),
    "one byte too few": bytes.subarray(0, -1),
    "one byte too many": Buffer.concat([bytes, Buffer.alloc(1)]),
    "twice in a row": Buffer.concat([bytes, bytes]),
    "sizes beyond all numbers": good.with({ sizes: [2n ** 64n - 1n, 2n ** 64n - 1n] }).bytes,
    "a size that is too small": good.with({ sizes: [first - 1, second] }).bytes,
  },
  pack_damaged: {
    "a catalogue larger than is allowed": good.with({
      catalogue: padded(good.catalogue, LARGEST_CATALOGUE + 1),
      catalogueBytes: LARGEST_CATALOGUE + 1,
    }).bytes,
    "a reserved byte that is not zero, the first": flipped(16, 0x01),
    "a reserved byte that is not zero, the last": flipped(31, 0x80),
    "another digest": flipped(32, 0x01),
    "another size": flipped(HEADER_BYTES, 0x01),
    "another catalogue": flipped(start - 2, 0x01),
    "sizes that only add up": good.with({ sizes: [first + 1, second - 1] }).bytes,
    "a data set that the catalogue has not": good.with({ sizes: [first, second, 0], datasets: 3 })
      .bytes,
    "a data set fewer than the catalogue has": good.with({ sizes: [first + second], datasets: 1 })
      .bytes,
  },
};

/**
 * Failures with another result than on a host: in a pack, shards are found by offset, and their
 * sizes are stored too.
 */
const OTHERWISE = {
  "catalogue: entry with a filter one byte longer": () => ({ page: "unknown: pack_damaged" }),
  "catalogue: entry with the root of another edition": (wrong, id) => ({
    ...wrong,
    [id]: "unknown: damaged",
  }),
  "catalogue: entry with another name": (wrong) => ({
    ...wrong,
    "daftar-lain": "unknown: wrong_dataset",
  }),
};

/** Failures of the table that are in the bytes of a file, as packs. */
const fromTable = table.flatMap(({ name, file, change, nik, wrong, right }) => {
  if (!change) {
    return [];
  }
  if (file === "catalogue.json") {
    const catalogue = change(good.catalogue);
    const id = Object.keys(right).find((each) => right[each] === "member");
    return [
      {
        name,
        nik,
        bytes: good.with({ catalogue, catalogueBytes: catalogue.length }).bytes,
        wrong: OTHERWISE[name]?.(wrong, id) ?? wrong,
      },
    ];
  }
  const changed = withChangedShard(file, nik, change);
  return changed ? [{ name, nik, bytes: changed, wrong }] : [];
});

/**
 * A pack with a changed shard, or nothing if its length changes: those packs are tested elsewhere.
 */
function withChangedShard(file, nik, change) {
  const [, id] = file.split("/");
  const place = site.catalogue.datasets.findIndex((dataset) => dataset.id === id);
  const { prefix_bits: bits, shard_bytes: length } = site.catalogue.datasets[place];
  const from = prefixOf(deriveKey(site.catalogue, nik), bits) * length;
  const shards = Buffer.from(good.shards[place]);
  const changed = change(shards.subarray(from, from + length));
  if (changed.length !== length) {
    return undefined;
  }
  changed.copy(shards, from);
  return good.with({ shards: good.shards.with(place, shards) }).bytes;
}

let widget;
before(async () => {
  widget = new OfflineWidget(await openBrowser(resources));
  await widget.visit(addressOf(directory));
});

const path = join(directory, "salah.cnkpack");

async function choose(bytes) {
  await writeFile(path, bytes);
  return widget.choose(path);
}

/** Checks a good pack in the same page: it remembers no failure. */
async function goodAgain(nik, right) {
  await widget.choose(join(directory, "baik.cnkpack"));
  assert.deepEqual(summary(await widget.check(nik)), right, "after the repair");
}

const [{ nik: someone, right: theirs }] = table;

describe("a pack that is wrong as a whole", () => {
  for (const [reason, packs] of Object.entries(WHOLE_PACKS)) {
    for (const [name, bytes] of Object.entries(packs)) {
      test(`${reason}: ${name}`, async () => {
        const failed = await choose(bytes);
        assert.deepEqual(summary(failed), { page: `unknown: ${reason}` });
        const [{ text }] = failed.articles;
        const { what, next } = texts.id.offline.reason[reason];
        assert.ok(text.includes(what) && text.includes(next) && text.includes(reason), text);
        assert.deepEqual([await widget.canType(), await widget.shows("choose")], [false, true]);
      });
    }
  }

  test("and then a good one", () => goodAgain(someone, theirs));
});

describe("a page with a pack inside that is wrong", () => {
  const INSIDE = {
    "a page that was copied in part": [
      (page) => page.slice(0, page.indexOf('id="pack">') + 12_000),
      "pack_wrong_length",
    ],
    "a page that was copied in part, at no whole number of characters": [
      (page) => page.slice(0, page.indexOf('id="pack">') + 12_001),
      "pack_wrong_length",
    ],
    "what is no base64": [(page) => page.replace(/(id="pack">.{40})./, "$1!"), "pack_wrong_length"],
    "another character": [
      (page) => page.replace(/(id="pack">.{60})./, (_, kept) => `${kept}_`),
      "pack_wrong_length",
    ],
  };
  for (const [name, [change, reason]] of Object.entries(INSIDE)) {
    test(name, async () => {
      const directory = await putOffline(resources, { page: change(withPack(bytes)) });
      assert.deepEqual(summary(await widget.visit(addressOf(directory))), {
        page: `unknown: ${reason}`,
      });
      await goodAgain(someone, theirs);
    });
  }
});

describe("a pack with something wrong inside", () => {
  test("there are such", () => assert.ok(fromTable.length > 60, `only ${fromTable.length}`));

  for (const { name, nik, bytes, wrong } of fromTable) {
    test(name, async () => {
      let shown = await choose(bytes);
      if (shown.state === "ready") {
        shown = await widget.check(nik);
      }
      assert.deepEqual(summary(shown), wrong);
      assert.ok(
        shown.articles.every(
          ({ reason, text }) =>
            !reason || (shown.banner + text).includes(texts.id.offline.reason[reason].what),
        ),
        shown.banner,
      );
    });
  }

  test("and then a good one", () => goodAgain(someone, theirs));
});
