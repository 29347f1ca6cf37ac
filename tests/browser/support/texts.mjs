//! The words of the page, from the files that it is built from.

import { readFileSync } from "node:fs";

const read = (name) => JSON.parse(readFileSync(new URL(`../../../texts/${name}.json`, import.meta.url), "utf8"));

export const texts = { id: read("id"), en: read("en") };

/** What the page tells a reader to do, of its own accord. */
export const steps = read("steps");
