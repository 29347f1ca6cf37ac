//! The words of the page, from the files that it is built from.

import { readFileSync } from "node:fs";

const read = (path) =>
  JSON.parse(readFileSync(new URL(`../../../crates/${path}.json`, import.meta.url), "utf8"));

export const texts = { id: read("cli/texts/id"), en: read("cli/texts/en") };

/** What the page tells a reader to do, of its own accord. */
export const steps = read("publisher/texts/steps");
