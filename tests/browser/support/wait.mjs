//! Waiting for a condition, with a limit, and with an account of what was there instead.

import { setTimeout } from "node:timers/promises";
import { inspect } from "node:util";

const INTERVAL = 15;

/** Gives the first value of `probe` that satisfies the condition. */
export async function waitFor(what, probe, satisfied, limit = 15_000) {
  const end = Date.now() + limit;
  for (;;) {
    const value = await probe();
    if (satisfied(value)) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${limit} ms for ${what}; last seen: ${inspect(value, { depth: 4 })}`);
    }
    await setTimeout(INTERVAL);
  }
}
