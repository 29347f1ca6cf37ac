//! The only place that sees the NIK besides the input. It answers one request at a time, and is thrown away after a check.

import { check, decode, download, initSync, open, read_name, type Task } from "../pkg/cek_nik";
import { Files } from "./fetch";
import type { Account, FromWorker, Request, ToWorker } from "./protocol";

const say = (message: FromWorker): void => postMessage(message);

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data instanceof WebAssembly.Module) {
    initSync({ module: data });
  } else {
    say({ kind: "started" });
    // A trap inside the module rejects as well.
    answer(data).then(say, () => say({ kind: "broken" }));
  }
});

async function answer(request: Request): Promise<FromWorker> {
  switch (request.kind) {
    case "open":
      return { kind: "opened", opened: await run(open(), request.address) };
    case "download":
      return { kind: "downloaded", downloaded: await run(download(request.catalogue), request.address) };
    case "decode": {
      const { nik, name } = request.typed;
      const today = new Date();
      const decoded = decode(nik, today.getFullYear(), today.getMonth() + 1, today.getDate());
      return { kind: "decoded", decoded, ...(name !== undefined && { named: read_name(decomposed(name)) }) };
    }
    case "check": {
      const { address, catalogue, held, typed } = request;
      return { kind: "report", report: await run(check(catalogue, held, typed.nik, decomposed(typed.name ?? "")), address) };
    }
  }
}

/** The form of Unicode that the module takes names in. */
const decomposed = (name: string): string => name.normalize("NFKD");

/** `address` is that of the catalogue. */
async function run<Result>(task: Task<Result>, address: string): Promise<Result & Account> {
  const files = new Files(address, (transfer) => say({ kind: "progress", transfer }));
  return { ...(await files.run(task)), fetched: files.fetched };
}
