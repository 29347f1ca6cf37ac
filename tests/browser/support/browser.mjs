//! Real browsers, each with its own driver.

import { openChromium } from "./engines/chromium.mjs";
import { openFirefox } from "./engines/firefox.mjs";
import { openWebKit } from "./engines/webkit.mjs";

export { consoleMessages } from "./engines/chromium.mjs";

const ENGINES = { chromium: openChromium, firefox: openFirefox, webkit: openWebKit };

/**
 * Starts a browser with a fresh profile, or with the directory `profile`, which is kept. `proxy` is
 * the port of a proxy for all requests, loopback included. `storage: false` is the setting that
 * lets no site store anything; WebKit has none here.
 */
export function openBrowser(
  resources,
  { engine = "chromium", proxy, profile, storage = true } = {},
) {
  return ENGINES[engine](resources, proxy, profile, storage);
}
