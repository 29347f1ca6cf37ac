//! Measures the time from the click to the verdict on loopback, with the default Argon2id cost.

import { cpus } from "node:os";

import { openBrowser } from "./support/browser.mjs";
import { Resources } from "./support/resources.mjs";
import { DEFAULT_ARGON2, makeSite, niks } from "./support/site.mjs";
import { summary, Widget } from "./support/widget.mjs";

const CHECKS = 20;

/** The goal in milliseconds. */
const GOAL = 150;

/** Measures inside the page, without the time of the driver. */
function watch() {
  const root = document.documentElement;
  const check = document.getElementById("confirm");
  window.nextVerdict = () =>
    new Promise((done) => {
      let clicked;
      check.addEventListener("click", () => (clicked = performance.now()), {
        capture: true,
        once: true,
      });
      const observer = new MutationObserver(() => {
        if (clicked && ["answered", "failed"].includes(root.dataset.state)) {
          const elapsed = performance.now() - clicked;
          observer.disconnect();
          done(elapsed);
        }
      });
      observer.observe(root, { attributeFilter: ["data-state"] });
    });
}

const resources = new Resources();
try {
  await measure();
} finally {
  await resources.close();
}

async function measure() {
  const site = await makeSite(resources, { argon2: DEFAULT_ARGON2 });
  const driver = await openBrowser(resources);
  const widget = new Widget(driver);
  await widget.open(await site.serve());
  await driver.executeScript(watch);
  const times = [];
  for (const nik of [...niks.both, ...niks.none].slice(0, CHECKS)) {
    await widget.type(nik);
    await driver.executeScript("window.verdict = nextVerdict()");
    await widget.submit();
    // Queried once, so that the browser is not disturbed.
    times.push(await driver.executeScript("return window.verdict"));
    const answers = Object.values(summary(await widget.snapshot()));
    if (answers.length !== 2 || answers.some((answer) => !/^(non_)?member$/.test(answer))) {
      throw new Error(`a check did not end with two answers: ${answers.join(", ")}`);
    }
    await widget.click("again");
  }
  const version = (await driver.getCapabilities()).getBrowserVersion();
  report(times, version);
}

function report(times, version) {
  const sorted = [...times].sort((a, b) => a - b);
  const middle = (sorted[CHECKS / 2 - 1] + sorted[CHECKS / 2]) / 2;
  const milliseconds = (value) => `${value.toFixed(0)} ms`;
  console.log(
    `From click to verdict, ${CHECKS} checks of two data sets on loopback, Argon2id ${DEFAULT_ARGON2}`,
  );
  console.log(
    `  median ${milliseconds(middle)} (goal: under ${GOAL} ms), min ${milliseconds(sorted[0])}, max ${milliseconds(sorted.at(-1))}`,
  );
  console.log(`  first ${milliseconds(times[0])}`);
  console.log(
    `  Chromium ${version}, ${cpus()[0].model}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}`,
  );
}
