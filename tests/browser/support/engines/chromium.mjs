//! Chromium with chromedriver.

import { join } from "node:path";

import { Builder, chrome, logging } from "../deps.mjs";
import { program } from "../programs.mjs";

/** Options against Chromium's own requests, which would be in the record. */
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
  // Sign-in and updates: an address where nothing listens.
  "--gaia-url=http://127.0.0.1:9",
  "--component-updater=url-source=http://127.0.0.1:9/",
  `--disable-features=${[
    // Sends descriptions of inputs, without what is typed.
    "AutofillServerCommunication",
    // Requests the time.
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "MediaRouter",
    "DialMediaRouteProvider",
    "Translate",
  ]}`,
];

/** The setting that lets no site store anything. */
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
    // Otherwise it connects to its search engine now and then. A private window keeps nothing, so
    // not with a profile.
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
  // Named, so that Selenium does not search the network for a driver.
  const service = new chrome.ServiceBuilder(program("chromedriver"));
  // Files of a killed browser are removed with the directory.
  service.setEnvironment({ ...process.env, TMPDIR: directory });
  const driver = await new Builder()
    .forBrowser("chrome")
    .setChromeOptions(options)
    .setChromeService(service)
    .build();
  const browser = (await driver.getCapabilities()).get("goog:processID");
  resources.defer(
    () => driver.quit(),
    // The driver ends with this process, but not its browser.
    () => {
      process.kill(browser, "SIGKILL");
      // Its helper processes end later and may still write to the directory.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    },
  );
  return driver;
}

/** Console messages since the last call, as text. */
export async function consoleMessages(driver) {
  const entries = await driver.manage().logs().get(logging.Type.BROWSER);
  return entries.map(({ level, message }) => `${level.name}: ${message}`);
}
