//! What the worker does wherever the lists come from. It answers one request at a time, and is
//! thrown away after a check.

import { check, decode, initSync, read_name, type Task } from "../pkg/cek_nik";
import type { Report as ReportOfModule } from "../pkg/cek_nik";
import type { CheckRequest, FromWorker, Typed } from "./protocol";

export const post = (message: FromWorker): void => postMessage(message);

export function serve<Request>(answer: (request: Request) => Promise<FromWorker>): void {
  addEventListener("message", ({ data }: MessageEvent<WebAssembly.Module | Request>) => {
    if (data instanceof WebAssembly.Module) {
      initSync({ module: data });
    } else {
      post({ kind: "started" });
      // A trap inside the module rejects as well.
      answer(data).then(post, () => post({ kind: "broken" }));
    }
  });
}

export function read({ nik, name }: Typed): FromWorker {
  const today = new Date();
  const decoded = decode(nik, today.getFullYear(), today.getMonth() + 1, today.getDate());
  return {
    kind: "decoded",
    decoded,
    ...(name !== undefined && { named: read_name(decomposed(name)) }),
  };
}

export const checkOf = ({ catalogue, held, typed }: CheckRequest<unknown>): Task<ReportOfModule> =>
  check(catalogue, held, typed.nik, decomposed(typed.name ?? ""));

/** The form of Unicode that the module takes names in. */
const decomposed = (name: string): string => name.normalize("NFKD");
