//! The package in Node. It uses threads: Argon2id does not block the caller, an aborted check ends
//! at once, and the memory that held the number goes with its thread.

import { Worker as Thread } from "node:worker_threads";

import type { Checker, CheckerOptions } from "./api.js";
import { checkerOf, type Running, type Start } from "./checker.js";
import { WORKER } from "./embedded.js";

/** Functions that workers of browsers have in their global scope. */
const GLOBALS = `{
  const { parentPort } = require("node:worker_threads");
  globalThis.postMessage = (message) => parentPort.postMessage(message);
  globalThis.addEventListener = (_, listener) =>
    parentPort.on("message", (data) => listener({ data }));
}
`;

export function createChecker(catalogueUrl: string | URL, options?: CheckerOptions): Checker {
  return checkerOf(start, new URL(catalogueUrl), options);
}

const start: Start = (hear): Running => {
  const thread = new Thread(GLOBALS + WORKER, { eval: true, execArgv: [], name: "cek-nik" });
  thread.on("message", hear);
  for (const event of ["error", "messageerror", "exit"]) {
    thread.on(event, () => hear(undefined));
  }
  return {
    post: (message) => thread.postMessage(message),
    terminate: () => void thread.terminate(),
  };
};
