//! WebKitGTK's MiniBrowser with its driver: Safari's engine on Linux.

import { text } from "node:stream/consumers";

import { Builder } from "../deps.mjs";
import { start, startDriver } from "../programs.mjs";
import { through } from "./proxy.mjs";

export async function openWebKit(resources, proxy) {
  const directory = await resources.directory();
  const address = await startDriver(resources, "WebKitWebDriver", {
    DISPLAY: await openDisplay(resources),
    HOME: directory,
    TMPDIR: directory,
    // Isolated from the desktop of the person who runs the tests.
    GDK_BACKEND: "x11",
    DBUS_SESSION_BUS_ADDRESS: "disabled:",
    GSETTINGS_BACKEND: "memory",
  });
  const driver = await new Builder()
    .usingServer(address)
    .forBrowser("MiniBrowser")
    .setProxy(through(proxy))
    .build();
  resources.defer(() => driver.quit());
  return driver;
}

/** Opens a virtual display, since there is no headless mode. Gives its name. */
async function openDisplay(resources) {
  // Xvfb picks a free number and writes it to that file descriptor. On SIGTERM it removes its lock
  // in /tmp.
  const words = ["-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp"];
  const { stdio } = start(resources, "Xvfb", words, {
    signal: "SIGTERM",
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  // Read to the end: Xvfb would not survive a closed pipe.
  const number = await text(stdio[3]);
  if (!number) {
    throw new Error("Xvfb ended without a screen");
  }
  return `:${number.trim()}`;
}
