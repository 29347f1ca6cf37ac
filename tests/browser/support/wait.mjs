//! Waits for a condition, with a limit, and reports the last value.

import { setTimeout } from "node:timers/promises";
import { inspect } from "node:util";

/**
 * The pause between probes in milliseconds. It grows to a tenth of the time waited: a probe costs a
 * driver and a browser more than it seems.
 */
const PAUSE = { least: 15, most: 200 };

/** Gives the first value of `probe` that satisfies the condition. */
export async function waitFor(what, probe, satisfied, limit = 15_000) {
  const start = Date.now();
  for (;;) {
    const value = await probe();
    if (satisfied(value)) {
      return value;
    }
    const waited = Date.now() - start;
    if (waited > limit) {
      throw new Error(`waited ${limit} ms for ${what}; last seen: ${inspect(value, { depth: 4 })}`);
    }
    await setTimeout(Math.min(Math.max(waited / 10, PAUSE.least), PAUSE.most));
  }
}
