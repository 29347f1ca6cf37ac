//! The texts of the page, from its source files.

import { readFileSync } from "node:fs";

const read = (path) =>
  JSON.parse(readFileSync(new URL(`../../../crates/${path}.json`, import.meta.url), "utf8"));

export const texts = { id: read("cli/texts/id"), en: read("cli/texts/en") };

/** The page's own next steps. */
export const steps = read("publisher/texts/steps");
