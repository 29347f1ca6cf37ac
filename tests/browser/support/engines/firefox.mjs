//! Firefox ESR with geckodriver.

import { Builder, firefox } from "../deps.mjs";
import { program, startDriver } from "../programs.mjs";
import { through } from "./proxy.mjs";

const PREFERENCES = {
  // Otherwise loopback bypasses the proxy.
  "network.proxy.allow_hijacking_localhost": true,
  // Otherwise a form from loopback to another host shows a dialog.
  "security.warn_submit_secure_to_insecure": false,
  // Visits must not depend on earlier ones.
  "browser.cache.disk.enable": false,
  "browser.cache.memory.enable": false,
};

/** The setting that lets no site store anything. */
const NO_STORAGE = { "network.cookie.cookieBehavior": 2 };

export async function openFirefox(resources, proxy, profile, storage) {
  const directory = await resources.directory();
  const address = await startDriver(resources, "geckodriver", {
    HOME: directory,
    TMPDIR: directory,
    // Lets geckodriver disable remote settings in a released Firefox.
    MOZ_REMOTE_SETTINGS_DEVTOOLS: "1",
  });
  const options = new firefox.Options();
  options.setBinary(program("firefox-esr"));
  // Tall enough for the whole frame: in a scrolled frame that exceeds the window, the driver clicks
  // beside buttons.
  options.addArguments("-headless", "--width=1280", "--height=1600");
  if (profile) {
    options.addArguments("-profile", profile);
  }
  for (const [name, value] of Object.entries({ ...PREFERENCES, ...(storage ? {} : NO_STORAGE) })) {
    options.setPreference(name, value);
  }
  const builder = new Builder()
    .usingServer(address)
    .forBrowser("firefox")
    .setFirefoxOptions(options)
    .setProxy(through(proxy));
  const driver = await builder.build();
  resources.defer(() => driver.quit());
  return driver;
}
