//! Measures the widget on a slow phone: the waits on a slow line, and how long the page is blocked.

import { cpus, loadavg } from "node:os";

import { openBrowser } from "./support/browser.mjs";
import { enter, loader, page } from "./support/embedding.mjs";
import { Resources } from "./support/resources.mjs";
import { DEFAULT_ARGON2, makeSite, niks } from "./support/site.mjs";
import { Line, SLOW } from "./support/slow-line.mjs";
import { openTimeline } from "./support/timeline.mjs";
import { summary, Widget } from "./support/widget.mjs";

const VISITS = Number(process.argv[2] ?? 7);

/**
 * Goals in milliseconds: until the start button reacts on the slow line, and for any task of the
 * page.
 */
const GOALS = { start: 1200, task: 50 };

/**
 * A reader's waits, each from one moment to another. On its own page the widget starts itself, unless
 * the reader saves data.
 */
const CHECK = { "from the click to the verdict": () => ["press confirm", "answered"] };
const STEPS = {
  alone: { "until the input is there": ({ address }) => [address, "ready"], ...CHECK },
  pressed: {
    "until the start button reacts": ({ address }) => [address, "start"],
    "from its press to the input": () => ["press start", "ready"],
    ...CHECK,
  },
};

const PLACES = {
  "on its own page": async (site) => {
    const address = `${site}cek-nik.html`;
    return { address, steps: STEPS.alone, arrive: (driver) => driver.get(address) };
  },
  "on its own page, saving data": async (site) => {
    const address = `${site}cek-nik.html`;
    return {
      address,
      steps: STEPS.pressed,
      arrive: async (driver) => {
        await new Widget(driver).saveData();
        await driver.get(address);
      },
    };
  },
  "embedded in an article": async (site, line) => {
    const address = await line.toPage(page("<cek-nik></cek-nik>", { head: loader(site) }));
    return {
      address,
      steps: STEPS.pressed,
      arrive: async (driver) => {
        await driver.get(address);
        await enter(driver);
      },
    };
  },
};

const resources = new Resources();
try {
  const site = await makeSite(resources, { argon2: DEFAULT_ARGON2 });
  const upstream = await site.serve();
  console.log(
    `A reader's first visit over ${SLOW.rate / 1e6} Mbit/s with ${SLOW.roundTrip} ms for each request, compressed by brotli`,
  );
  console.log(
    `  ${VISITS} visits each, median (least to most); two lists, Argon2id ${DEFAULT_ARGON2}`,
  );
  console.log(
    `  goals: the start button under ${GOALS.start} ms where all is slow; no task of ${GOALS.task} ms where only the line is`,
  );
  console.log(
    `  Chromium, ${cpus()[0].model}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}, ${new Date().toISOString().slice(0, 10)}`,
  );
  for (const [place, prepare] of Object.entries(PLACES)) {
    for (const slowDown of [4, 1]) {
      await measure(upstream, place, prepare, slowDown);
    }
  }
} finally {
  await resources.close();
}

async function measure(upstream, place, prepare, slowDown) {
  const line = new Line(resources, SLOW);
  const site = await line.to(upstream, ["cek-nik.html", "embed.js", "catalogue.json"]);
  const visited = await prepare(site, line);
  const visits = [];
  while (visits.length < VISITS) {
    visits.push(await visit(visited, slowDown));
  }
  console.log(
    slowDown > 1 ? `${place}, the page's own thread ${slowDown} times slower:` : `${place}:`,
  );
  for (const [name, moments] of Object.entries(visited.steps)) {
    const spans = visits.map((record) => record.between(...moments(visited)));
    const of = (measure) => spread(spans.map((span) => span[measure]));
    console.log(`  ${name}: ${of("took")}`);
    console.log(`    longest task ${of("blocked")}, by its own work ${of("worked")}`);
  }
}

/** Each visit has a browser of its own: caches would make later ones faster. */
async function visit({ arrive, steps }, slowDown) {
  const resources = new Resources();
  try {
    const driver = await openBrowser(resources);
    const widget = new Widget(driver);
    const timeline = await openTimeline(driver, resources, slowDown);
    await arrive(driver);
    if (steps === STEPS.pressed) {
      await shown(driver, "start");
      await widget.click("start");
    }
    await shown(driver, "ready");
    await widget.type(niks.both[0]);
    await shown(driver, "reading");
    await widget.click("confirm");
    await shown(driver, "answered");
    const answers = Object.values(summary(await widget.snapshot()));
    if (answers.length !== 2 || answers.some((answer) => answer !== "member")) {
      throw new Error(`a check did not end with two answers: ${answers.join(", ")}`);
    }
    return await timeline.end();
  } finally {
    await resources.close();
  }
}

function shown(driver, state) {
  return driver.executeScript("return window.shown(arguments[0])", state);
}

function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  return `${middle.toFixed(0)} ms (${sorted[0].toFixed(0)} to ${sorted.at(-1).toFixed(0)})`;
}
