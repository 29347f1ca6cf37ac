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
