//! The words of the page, from the files that it is built from.

import { readFileSync } from "node:fs";

const read = (language) => JSON.parse(readFileSync(new URL(`../../../texts/${language}.json`, import.meta.url), "utf8"));

export const texts = { id: read("id"), en: read("en") };
