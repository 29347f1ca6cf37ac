//! Waiting for a condition, with a limit, and with an account of what was there instead.

import { setTimeout } from "node:timers/promises";
import { inspect } from "node:util";

/**
 * In milliseconds: the pause between two looks at the value, which grows to a tenth of the time that
 * the wait has taken. Each look costs a driver and a browser more work than it seems.
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
