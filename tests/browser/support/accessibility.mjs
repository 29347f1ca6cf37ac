//! What a machine can tell of whether everybody can use a page.

import { axe } from "./deps.mjs";

/** WCAG 2.2 up to AA, and what its makers advise beyond. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** In pixels: twice what WCAG 2.2 wants at AA, and what fingers on telephones want. */
const TARGET = 44;

/** Everything that is wrong with the page as it is now, in words. */
export async function findings(driver) {
  return [...(await rules(driver)), ...(await driver.executeScript(measure, TARGET))];
}

async function rules(driver) {
  await driver.executeScript(`if (!globalThis.axe) { ${axe} }`);
  const found = await driver.executeAsyncScript((tags, done) => {
    const options = {
      runOnly: { type: "tag", values: tags },
      resultTypes: ["violations"],
      elementRef: false,
    };
    globalThis.axe
      .run(document, options)
      .then(({ violations, passes }) => done({ violations, passes: passes.length }), done);
  }, RULES);
  if (!found.passes) {
    throw new Error(`axe has examined nothing: ${JSON.stringify(found)}`);
  }
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary}`),
  );
}

/** Runs inside the page. */
function measure(least) {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) {
    found.push(
      `the page is ${document.documentElement.scrollWidth} pixels wide in a window of ${innerWidth}`,
    );
  }
  for (const target of document.querySelectorAll("button, input, summary")) {
    const { width, height } = target.getBoundingClientRect();
    if (width && Math.min(width, height) < least) {
      found.push(`${target.id || target.textContent} is ${width} by ${height} pixels`);
    }
  }
  return found;
}
