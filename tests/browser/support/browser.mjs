//! Real browsers, each driven by its own driver.

import { openChromium } from "./engines/chromium.mjs";
import { openFirefox } from "./engines/firefox.mjs";
import { openWebKit } from "./engines/webkit.mjs";

export { consoleMessages } from "./engines/chromium.mjs";

const ENGINES = { chromium: openChromium, firefox: openFirefox, webkit: openWebKit };

/**
 * Starts a browser with a fresh profile, or with the one in the directory `profile`, which then
 * survives it. `proxy` is the port of the proxy that everything goes through, loopback too.
 * `storage: false` is what readers choose who let no site store anything; WebKit has no such choice
 * here.
 */
export function openBrowser(
  resources,
  { engine = "chromium", proxy, profile, storage = true } = {},
) {
  return ENGINES[engine](resources, proxy, profile, storage);
}
