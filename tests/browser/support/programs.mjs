//! Programs that browsers need, which run until they are stopped.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

import { environment } from "./command.mjs";
import { findFreePort } from "./deps.mjs";
import { waitFor } from "./wait.mjs";

/** The path of a program, so that Selenium does not search the network for it. */
export function program(name) {
  const found = (process.env.PATH ?? "")
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find(isExecutable);
  if (!found) {
    throw new Error(`${name} is not on PATH; see tools/browser.sh`);
  }
  return found;
}

/** Starts a program. `signal` ends it together with its child processes. */
export function start(resources, name, words, { signal, ...options }) {
  // A process group: a driver that is killed would leave its browser running.
  const child = spawn(program(name), words, { ...options, detached: true });
  const end = () => process.kill(-child.pid, signal);
  resources.defer(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const closed = once(child, "close");
      end();
      await closed;
    }
  }, end);
  return child;
}

/** Starts a driver. Gives its address. */
export async function startDriver(resources, name, env) {
  const port = await findFreePort();
  start(resources, name, [`--port=${port}`], {
    signal: "SIGKILL",
    stdio: "ignore",
    env: { ...environment, ...env },
  });
  const address = `http://127.0.0.1:${port}`;
  await waitFor(`${name} to listen`, () => isReady(address), Boolean);
  return address;
}

const isReady = (address) =>
  fetch(`${address}/status`).then(
    ({ ok }) => ok,
    () => false,
  );

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
