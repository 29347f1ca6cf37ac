//! The page of a plan: complete in every view, and without requests.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { findings } from "./support/accessibility.mjs";
import { consoleMessages, openBrowser } from "./support/browser.mjs";
import { run } from "./support/command.mjs";
import { Resources } from "./support/resources.mjs";
import { photograph } from "./support/screenshots.mjs";

const resources = new Resources();
after(() => resources.close());

let driver;
before(async () => {
  driver = await openBrowser(resources);
});

const PLANS = {
  "the list of 2021": { words: ["--rows", "279000000"], plots: 2 },
  "a list that is one file": { words: ["--rows", "1000000"], plots: 2 },
  "a list of more NIKs than people, in a way that is refused": {
    words: ["--rows", "300000000", "--kdf", "sha256", "--prefix-bits", "13"],
    plots: 1,
    warnings: 3,
  },
};

for (const [name, { words, plots, warnings = 0 }] of Object.entries(PLANS)) {
  test(name, async () => {
    const file = join(await resources.directory(), "plan.html");
    await run(["plan", ...words, "--core-speed", "20000000,60", "--html", file]);
    await driver.get(pathToFileURL(file));
    // A style that violates the policy would be a message too.
    assert.deepEqual(await consoleMessages(driver), []);
    const counted = await driver.executeScript(count);
    assert.deepEqual(counted, {
      plots,
      warnings,
      rows: 15,
      chosen: 1,
      fetched: 0,
      blanks: 0,
      styled: true,
    });
    const found = {};
    await photograph(driver, `plan-${words[1]}`, async (view) => {
      found[view] = await findings(driver);
    });
    assert.deepEqual(Object.values(found).flat(), [], JSON.stringify(found, null, 2));
  });
}

/** Runs inside the page. */
function count() {
  const all = (selector) => document.querySelectorAll(selector).length;
  return {
    plots: all("svg[role=img] title"),
    warnings: all(".warning"),
    rows: all("[aria-labelledby=table] tbody tr"),
    chosen: all("[aria-labelledby=table] tr.this"),
    fetched: performance.getEntriesByType("resource").length,
    blanks: (document.documentElement.outerHTML.match(/\{\{|\}\}|NaN|inf\b/g) ?? []).length,
    styled: getComputedStyle(document.body).marginTop === "0px",
  };
}
