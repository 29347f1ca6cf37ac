//! Screenshots of the page for people to look at.

import { mkdir, writeFile } from "node:fs/promises";

const DIRECTORY = new URL("../screenshots/", import.meta.url);

const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 800 };

/** Views: phone and desk, light and dark, forced colours, and 1280 pixels magnified four times. */
const VIEWS = {
  "phone-light": { size: PHONE },
  "phone-dark": { size: PHONE, features: { "prefers-color-scheme": "dark" } },
  "phone-forced": { size: PHONE, features: { "forced-colors": "active" } },
  "desk-light": { size: DESK },
  "desk-dark": { size: DESK, features: { "prefers-color-scheme": "dark" } },
  magnified: { size: { width: 320, height: 200 } },
};

/** Takes a screenshot in every view and calls `examine` with the view's name. */
export async function photograph(driver, name, examine = () => {}) {
  await mkdir(DIRECTORY, { recursive: true });
  for (const [view, { size, features = {} }] of Object.entries(VIEWS)) {
    await driver.sendDevToolsCommand("Emulation.setDeviceMetricsOverride", {
      ...size,
      deviceScaleFactor: 1,
      mobile: false,
    });
    const chosen = { "prefers-color-scheme": "light", "forced-colors": "none", ...features };
    await driver.sendDevToolsCommand("Emulation.setEmulatedMedia", {
      features: Object.entries(chosen).map(([name, value]) => ({ name, value })),
    });
    await picture(driver, `${name}-${view}`, size);
    await examine(view);
  }
}

async function picture(driver, name, { width, height }) {
  const full = await driver.executeScript("return document.documentElement.scrollHeight");
  const { data } = await driver.sendAndGetDevToolsCommand("Page.captureScreenshot", {
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, width, height: Math.max(height, full), scale: 1 },
  });
  await writeFile(new URL(`${name}.png`, DIRECTORY), data, "base64");
}
