//! The only place that sees the NIK besides the input. It answers one request at a time, and is thrown away after a check.

import { check, decode, download, initSync, open } from "../pkg/cek_nik";
import { PATIENCE, type FromWorker, type Request, type ToWorker } from "./protocol";

const say = (message: FromWorker): void => postMessage(message);

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data instanceof WebAssembly.Module) {
    initSync({ module: data });
  } else {
    say({ kind: "started" });
    answer(data).then(say, fail);
  }
});

// A trap inside the module rejects a promise that nobody else holds.
addEventListener("unhandledrejection", fail);

async function answer(request: Request): Promise<FromWorker> {
  // Nobody aborts it: to cancel, the page terminates the worker, which also stops it in the middle of a computation.
  const { signal } = new AbortController();
  switch (request.kind) {
    case "open":
      return { kind: "opened", opened: await open(request.address, PATIENCE, signal, progress) };
    case "download": {
      const { address, catalogue } = request;
      return { kind: "downloaded", downloaded: await download(address, catalogue, PATIENCE, signal, progress) };
    }
    case "decode": {
      const today = new Date();
      const decoded = decode(request.nik, today.getFullYear(), today.getMonth() + 1, today.getDate());
      return { kind: "decoded", decoded };
    }
    case "check": {
      const { address, catalogue, held, nik } = request;
      return { kind: "report", report: await check(address, catalogue, held, nik, PATIENCE, signal, progress) };
    }
  }
}

function progress(received: number, total: number | undefined): void {
  say({ kind: "progress", transfer: { received, total } });
}

function fail(): void {
  say({ kind: "broken" });
}
