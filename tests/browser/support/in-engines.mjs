//! Tests that several engines are to answer.

import { describe } from "node:test";

/**
 * Declares the tests of `body`, which is given the name of an engine, for each of them. The engines
 * go on side by side, each with its own tests one after the other: so `body` opens a browser of its
 * own, and what it shares with the others nothing may change.
 */
export function inEngines(engines, body) {
  describe("in", { concurrency: engines.length }, () => {
    for (const engine of engines) {
      describe(engine, { concurrency: 1 }, () => body(engine));
    }
  });
}

/**
 * The cases to try in an engine, where what they have in common depends on the engine and what sets
 * them apart does not: all of them in Chromium, and in the others the first of each `kind`.
 */
export function alike(engine, cases, kind = () => "") {
  const first = new Map(cases.toReversed().map((one) => [kind(one), one]));
  return engine === "chromium" ? cases : cases.filter((one) => first.get(kind(one)) === one);
}
