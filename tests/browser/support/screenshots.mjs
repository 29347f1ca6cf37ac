//! Screenshots of the page for people to look at.

import { mkdir, writeFile } from "node:fs/promises";

const DIRECTORY = new URL("../screenshots/", import.meta.url);

/** `make screenshots` asks for them. Encoding them costs as much as the tests that show the states. */
export const TAKE = process.env.CEK_NIK_PICTURES === "1";

export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 800 };

/**
 * Views: phone and desk, light and dark, forced colours, the narrowest phone, letters of twice the
 * size, and 1280 pixels magnified four times.
 */
const VIEWS = {
  "phone-light": { size: PHONE },
  "phone-dark": { size: PHONE, features: { "prefers-color-scheme": "dark" } },
  "phone-forced": { size: PHONE, features: { "forced-colors": "active" } },
  "desk-light": { size: DESK },
  "desk-dark": { size: DESK, features: { "prefers-color-scheme": "dark" } },
  narrow: { size: { width: 320, height: 568 } },
  "large-text": { size: PHONE, letters: "200%" },
  magnified: { size: { width: 320, height: 200 } },
};

/** Shows every view, calls `examine` with its name, and takes its screenshot if they are wanted. */
export async function photograph(driver, name, examine = () => {}) {
  for (const [view, { size, letters = "", features = {} }] of Object.entries(VIEWS)) {
    await resize(driver, size);
    await driver.executeScript("document.documentElement.style.fontSize = arguments[0]", letters);
    const chosen = { "prefers-color-scheme": "light", "forced-colors": "none", ...features };
    await driver.sendDevToolsCommand("Emulation.setEmulatedMedia", {
      features: Object.entries(chosen).map(([name, value]) => ({ name, value })),
    });
    if (TAKE) {
      await picture(driver, `${name}-${view}`, size);
    }
    await examine(view);
  }
}

/** Gives the page a window of this size in CSS pixels. */
export const resize = (driver, size, deviceScaleFactor = 1) =>
  driver.sendDevToolsCommand("Emulation.setDeviceMetricsOverride", {
    ...size,
    deviceScaleFactor,
    mobile: false,
  });

/** Takes a screenshot of what the window shows, if they are wanted. */
export async function photographWindow(driver, name) {
  if (!TAKE) {
    return;
  }
  await mkdir(DIRECTORY, { recursive: true });
  const { data } = await driver.sendAndGetDevToolsCommand("Page.captureScreenshot", {});
  await writeFile(new URL(`${name}.png`, DIRECTORY), data, "base64");
}

async function picture(driver, name, { width, height }) {
  const full = await driver.executeScript("return document.documentElement.scrollHeight");
  const data = await wholePage(driver, width, Math.max(height, full));
  await mkdir(DIRECTORY, { recursive: true });
  await writeFile(new URL(`${name}.png`, DIRECTORY), data, "base64");
}

/** A picture of the whole page, in base64. */
export async function wholePage(driver, width, height) {
  const capture = () =>
    driver.sendAndGetDevToolsCommand("Page.captureScreenshot", {
      captureBeyondViewport: true,
      clip: { x: 0, y: 0, width, height, scale: 1 },
    });
  if (await driver.executeScript("return Boolean(document.querySelector('iframe'))")) {
    // A frame paints what lies beyond the window only after the first capture.
    await capture();
  }
  return (await capture()).data;
}
