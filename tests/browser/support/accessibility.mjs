//! Accessibility checks that a machine can make.

import { axe } from "./deps.mjs";

/** WCAG 2.2 up to AA, and axe's best practices. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The least size of a target in pixels: about twice what WCAG 2.2 AA asks for. */
const TARGET = 44;

/** All problems of the page as it is now, in words. */
export async function findings(driver) {
  return [...(await rules(driver)), ...(await driver.executeScript(measure, TARGET))];
}

async function rules(driver) {
  // Half a megabyte: sent once per page.
  if (!(await driver.executeScript("return Boolean(globalThis.axe)"))) {
    await driver.executeScript(axe);
  }
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
