//! A real Chromium, driven by its own driver.

import { join } from "node:path";

import { Builder, chrome, logging } from "../deps.mjs";
import { program } from "../programs.mjs";

/**
 * Chromium on its own calls home; none of that is the page's doing, and all of it would be in the
 * record.
 */
const QUIET = [
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-component-extensions-with-background-pages",
  "--disable-default-apps",
  "--disable-domain-reliability",
  "--disable-extensions",
  "--disable-sync",
  "--disable-quic",
  // Who is signed in, and what there is to install: it asks at an address that it then refuses to
  // call.
  "--gaia-url=http://127.0.0.1:9",
  "--component-updater=url-source=http://127.0.0.1:9/",
  `--disable-features=${[
    // Describes every input that it sees to its maker, without what is typed into it.
    "AutofillServerCommunication",
    // Asks what time it is.
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "MediaRouter",
    "DialMediaRouteProvider",
    "Translate",
  ]}`,
];

/** The choice of readers who let no site store anything. */
const NO_STORAGE = { "profile.default_content_setting_values.cookies": 2 };

export async function openChromium(resources, proxy, profile, storage) {
  const directory = await resources.directory();
  const options = new chrome.Options();
  options.setBinaryPath(program("chromium"));
  options.addArguments(
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--window-size=1280,800",
    `--user-data-dir=${profile ?? join(directory, "profile")}`,
    // Else it connects to its search engine from time to time. But such a window keeps nothing.
    ...(profile ? [] : ["--incognito"]),
    ...QUIET,
    ...(proxy
      ? [`--proxy-server=127.0.0.1:${proxy}`, "--proxy-bypass-list=<-loopback>"]
      : ["--no-proxy-server"]),
  );
  if (!storage) {
    options.setUserPreferences(NO_STORAGE);
  }
  const preferences = new logging.Preferences();
  preferences.setLevel(logging.Type.BROWSER, logging.Level.ALL);
  options.setLoggingPrefs(preferences);
  // Named, so that Selenium does not go and look for a driver on the network.
  const service = new chrome.ServiceBuilder(program("chromedriver"));
  // What a browser that was killed leaves behind goes away with the directory.
  service.setEnvironment({ ...process.env, TMPDIR: directory });
  const driver = await new Builder()
    .forBrowser("chrome")
    .setChromeOptions(options)
    .setChromeService(service)
    .build();
  const browser = (await driver.getCapabilities()).get("goog:processID");
  resources.defer(
    () => driver.quit(),
    // The driver ends with this process; the browser that it has started would not.
    () => {
      process.kill(browser, "SIGKILL");
      // Its helpers end a moment later, and until then write into the directory that is about to be
      // removed.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    },
  );
  return driver;
}

/** What the console has said since the last call, as text. */
export async function consoleMessages(driver) {
  const entries = await driver.manage().logs().get(logging.Type.BROWSER);
  return entries.map(({ level, message }) => `${level.name}: ${message}`);
}
