// Every file of tests/vectors through the second reader.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { check, deriveKey, places, prefixOf } from './reader.mjs';

const FOLDER = new URL('../vectors/', import.meta.url);
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json')).sort();

test('the vectors', async (t) => {
  let run = 0;
  for (const name of names) {
    const vector = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));
    await t.test(`${name}: ${vector.case}`, async () => {
      run++;
      assert.deepEqual(await answer(vector), vector.expect);
    });
  }
  // Fewer would mean that the folder was not found or not read.
  assert.ok(run >= 116, `only ${run} vectors`);
});

function answer(vector) {
  if (vector.key) return answerKey(vector.key);
  const { catalogue, nik, files } = vector.check;
  const getFile = (path) => (Object.hasOwn(files, path) ? Buffer.from(files[path], 'hex') : undefined);
  return check(Buffer.from(catalogue, 'utf8'), nik, getFile);
}

function answerKey({ identifier, salt, kdf, bits, hashes }) {
  const key = deriveKey(identifier, salt, kdf);
  return {
    key: Buffer.from(key).toString('hex'),
    prefixes: Array.from({ length: 15 }, (_, p) => prefixOf(key, p)),
    places: places(key, bits, hashes),
  };
}
