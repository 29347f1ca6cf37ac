//! Tests that run in several engines.

import { describe } from "node:test";

/**
 * Declares the tests of `body`, which is given the name of an engine, for each engine. The engines
 * run in parallel, and each runs its tests in order. `body` must open its own browser, and must not
 * change what the engines share.
 */
export function inEngines(engines, body) {
  describe("in", { concurrency: engines.length }, () => {
    for (const engine of engines) {
      describe(engine, { concurrency: 1 }, () => body(engine));
    }
  });
}

/**
 * Selects test cases for an engine: all of them in Chromium, and the first of each `kind` in the
 * others. For cases whose differences do not depend on the engine.
 */
export function alike(engine, cases, kind = () => "") {
  const first = new Map(cases.toReversed().map((one) => [kind(one), one]));
  return engine === "chromium" ? cases : cases.filter((one) => first.get(kind(one)) === one);
}
