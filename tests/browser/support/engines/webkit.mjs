//! The small browser that comes with WebKitGTK, driven by WebKit's own driver: the engine of
//! Safari, as far as Linux has it.

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
    // Away from the desktop of whoever runs the tests.
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

/** It knows no headless mode, so it gets a screen that nobody sees. Gives its name. */
async function openDisplay(resources) {
  // Xvfb looks for a free number itself and writes it to that file descriptor. Asked to end, it
  // removes its lock in /tmp.
  const words = ["-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp"];
  const { stdio } = start(resources, "Xvfb", words, {
    signal: "SIGTERM",
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  // To the end: it would not survive that nobody listens to the rest of the line.
  const number = await text(stdio[3]);
  if (!number) {
    throw new Error("Xvfb ended without a screen");
  }
  return `:${number.trim()}`;
}
