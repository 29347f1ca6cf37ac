//! Optimises the module in a directory that wasm-pack has written, in its place.

import { execFile } from "node:child_process";
import { readFile, rename, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import binaryen from "binaryen";

import { blankPanics, removeMessages, stopAtPanics } from "./without-panics.mjs";

/** The features that rustc uses, by their names in wasm-opt. With others, engines refuse the module. */
const FEATURES = {
  "bulk-memory": binaryen.Features.BulkMemory | binaryen.Features.BulkMemoryOpt,
  "nontrapping-float-to-int": binaryen.Features.NontrappingFPToInt,
  "sign-ext": binaryen.Features.SignExt,
  "mutable-globals": binaryen.Features.MutableGlobals,
  "reference-types": binaryen.Features.ReferenceTypes,
  "multivalue": binaryen.Features.Multivalue,
};

/**
 * The second round finds what the first has uncovered. The first kilobyte of the memory is the end of
 * the stack, and no data.
 */
const PASSES = ["-Os", "--low-memory-unused", "--merge-similar-functions", "-Os", "--converge"];

const [directory] = process.argv.slice(2);
const file = `${directory}/cek_nik_bg.wasm`;
const work = `${directory}/optimising.wasm`;

binaryen.setDebugInfo(true);
await change(file, stopAtPanics);
await optimise("-g", ...PASSES);
await change(work, removeMessages);
await optimise("--strip-debug", ...PASSES);
const bytes = await readFile(work);
blankPanics(bytes);
await writeFile(work, bytes);
// Blank data is left out.
await optimise("-Oz");
await rename(work, file);

/** Applies a change to a module with names, and writes it to `work`. */
async function change(from, apply) {
  const module = binaryen.readBinary(await readFile(from));
  module.setFeatures(Object.values(FEATURES).reduce((all, one) => all | one));
  apply(module);
  await writeFile(work, module.emitBinary());
}

async function optimise(...passes) {
  const features = Object.keys(FEATURES).map((name) => `--enable-${name}`);
  const words = [...passes, ...features, work, "--output", work];
  await promisify(execFile)("wasm-opt", words);
}
