//! The package in browsers. The worker is made from a Blob: it then has the policy of the page,
//! which a worker with an address of its own would not have, and no bundler has to find its file.

import type { FromWorker } from "../www/src/worker/protocol";
import type { Checker, CheckerOptions } from "./api.js";
import { checkerOf, type Running, type Start } from "./checker.js";
import { WORKER } from "./embedded.js";

export type * from "./api.js";

/**
 * Makes a checker for the site whose `catalogue.json` is at this address. Node needs an absolute
 * address. Nothing is sent before the first `open` or `check`.
 *
 * @throws {TypeError} The text is not an address of `http` or `https`, or the key is not a public key.
 */
export function createChecker(catalogueUrl: string | URL, options?: CheckerOptions): Checker {
  // A worker has no document.
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  return checkerOf(start, new URL(catalogueUrl, base), options);
}

const start: Start = (hear): Running => {
  const worker = new Worker(workerAddress() as string);
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data);
  worker.onerror = worker.onmessageerror = () => hear(undefined);
  return {
    post: (message) => worker.postMessage(message),
    terminate: () => worker.terminate(),
  };
};

let address: unknown;

/**
 * The address of the worker's code, the same for all workers: with Trusted Types, a page may make a
 * policy only once.
 */
function workerAddress(): unknown {
  if (address === undefined) {
    const blob = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
    // The policy gives this address, whatever it is asked for.
    const policy = trustedTypes?.createPolicy("cek-nik", { createScriptURL: () => blob });
    address = policy ? policy.createScriptURL("") : blob;
  }
  return address;
}

/** TypeScript does not know Trusted Types. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(): string },
  ): { createScriptURL(input: string): unknown };
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
