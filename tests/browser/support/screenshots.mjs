//! Pictures of the page as it is, for people to look at: on a phone and on a desk, by day and by night.

import { mkdir, writeFile } from "node:fs/promises";

const DIRECTORY = new URL("../screenshots/", import.meta.url);

const SIZES = { phone: { width: 360, height: 740 }, desk: { width: 1280, height: 800 } };
const SCHEMES = ["light", "dark"];

/** Writes the whole page in every size and scheme. Gives the names of those in which it is wider than the window. */
export async function photograph(driver, name) {
  await mkdir(DIRECTORY, { recursive: true });
  const tooWide = [];
  for (const [size, { width, height }] of Object.entries(SIZES)) {
    await driver.sendDevToolsCommand("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    for (const scheme of SCHEMES) {
      await driver.sendDevToolsCommand("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
      const page = await driver.executeScript(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return { scrollWidth, scrollHeight };
      });
      if (page.scrollWidth > width) {
        tooWide.push(`${name}, ${size}: ${page.scrollWidth} pixels`);
      }
      const { data } = await driver.sendAndGetDevToolsCommand("Page.captureScreenshot", {
        captureBeyondViewport: true,
        clip: { x: 0, y: 0, width, height: Math.max(height, page.scrollHeight), scale: 1 },
      });
      await writeFile(new URL(`${name}-${size}-${scheme}.png`, DIRECTORY), data, "base64");
    }
  }
  return tooWide;
}
