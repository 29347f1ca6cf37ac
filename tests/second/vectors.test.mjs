// Every file of tests/vectors, and every name of tests/name.json, through the second reader.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileBytes } from "../vector-file.mjs";
import {
  ageOf,
  check,
  checkPack,
  deriveKey,
  places,
  prefixOf,
  signedComment,
  wordOf,
} from "./reader.mjs";

const FOLDER = new URL("../vectors/", import.meta.url);
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .sort();

test("the vectors", async (t) => {
  let run = 0;
  for (const name of names) {
    const vector = JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
    await t.test(`${name}: ${vector.case}`, async () => {
      run++;
      assert.deepEqual(await answer(vector), vector.expect);
    });
  }
  // Fewer would mean that the folder was not found or not read.
  assert.ok(run >= 363, `only ${run} vectors`);
});

test("the words of names", async (t) => {
  const { cases } = JSON.parse(readFileSync(new URL("../name.json", FOLDER), "utf8"));
  assert.ok(cases.length >= 120, `only ${cases.length} names`);
  for (const { case: title, text, expect } of cases) {
    await t.test(title, () => assert.deepEqual(wordOf(text), expect));
  }
});

function answer(vector) {
  if (vector.key) return answerKey(vector.key);
  if (vector.signature) {
    const { catalogue, file, key } = vector.signature;
    const bytes = file === undefined ? undefined : Buffer.from(file, "hex");
    return signedComment(Buffer.from(catalogue, "utf8"), bytes, key);
  }
  if (vector.edition) {
    const { catalogue, today, newest } = vector.edition;
    return ageOf(Buffer.from(catalogue, "utf8"), today, newest);
  }
  const packed = vector.pack ?? vector.page;
  if (packed) return checkPack(fileBytes(packed.file, "hex"), packed.nik, packed.name);
  const { catalogue, nik, name, files } = vector.check;
  const getFile = (path) =>
    Object.hasOwn(files, path) ? fileBytes(files[path], "hex") : undefined;
  const bytes = catalogue === undefined ? undefined : fileBytes(catalogue, "utf8");
  return check(bytes, nik, name, getFile);
}

function answerKey({ identifier, salt, kdf, bits, hashes }) {
  const key = deriveKey(identifier, salt, kdf);
  return {
    key: Buffer.from(key).toString("hex"),
    prefixes: Array.from({ length: 15 }, (_, p) => prefixOf(key, p)),
    places: places(key, bits, hashes),
  };
}
