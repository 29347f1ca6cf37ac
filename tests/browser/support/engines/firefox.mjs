//! A real Firefox, of the edition with long support, driven by geckodriver.

import { Builder, firefox } from "../deps.mjs";
import { program, startDriver } from "../programs.mjs";
import { through } from "./proxy.mjs";

const PREFERENCES = {
  // Else loopback would pass the proxy by.
  "network.proxy.allow_hijacking_localhost": true,
  // A form that goes from loopback to another host would wait for an answer.
  "security.warn_submit_secure_to_insecure": false,
  // A visit must not look different because of an earlier one.
  "browser.cache.disk.enable": false,
  "browser.cache.memory.enable": false,
};

/** The choice of readers who let no site store anything. */
const NO_STORAGE = { "network.cookie.cookieBehavior": 2 };

export async function openFirefox(resources, proxy, profile, storage) {
  const directory = await resources.directory();
  const address = await startDriver(resources, "geckodriver", {
    HOME: directory,
    TMPDIR: directory,
    // Makes a released Firefox obey geckodriver, which tells it not to ask its maker for new
    // settings.
    MOZ_REMOTE_SETTINGS_DEVTOOLS: "1",
  });
  const options = new firefox.Options();
  options.setBinary(program("firefox-esr"));
  // Tall enough for the whole frame: in one that reaches beyond the window and is scrolled, its
  // driver clicks beside the buttons.
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
