//! The only place that sees the NIK besides the input. It answers one request and is then thrown away.

import { check, decode, initSync } from "../pkg/cek_nik";
import { failure, type CheckRequest, type FromWorker, type ToWorker } from "./protocol";

const say = (message: FromWorker): void => postMessage(message);

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data instanceof WebAssembly.Module) {
    initSync({ module: data });
  } else {
    answer(data).catch(fail);
  }
});

// A trap inside the module rejects a promise that nobody else holds.
addEventListener("unhandledrejection", fail);

async function answer({ catalogue, nik, patience }: CheckRequest): Promise<void> {
  const today = new Date();
  const decoded = decode(nik, today.getFullYear(), today.getMonth() + 1, today.getDate());
  if ("error" in decoded) {
    say({ kind: "problem", problem: decoded.error });
    return;
  }
  say({ kind: "started" });
  // Nobody aborts it: to cancel, the page terminates the worker, which also stops it in the middle of a computation.
  const { signal } = new AbortController();
  const report = await check(catalogue, nik, patience, signal, (received, total) =>
    say({ kind: "progress", download: { received, total } }),
  );
  say({ kind: "report", report });
}

function fail(): void {
  say({ kind: "report", report: failure("worker_failed") });
}
