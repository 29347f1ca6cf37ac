//! The worker's side of the protocol, for lists from any source. A worker answers one request at a
//! time and is terminated after a check.

import { decode, initSync, read_name, type Transfer } from "../../pkg/cek_nik";
import type { FromWorker, Typed } from "./protocol";

const post = (message: FromWorker): void => postMessage(message);

export const progress = (transfer: Transfer): void => post({ kind: "progress", transfer });

export function serve<Request>(answer: (request: Request) => Promise<FromWorker>): void {
  addEventListener("message", ({ data }: MessageEvent<WebAssembly.Module | Request>) => {
    if (data instanceof WebAssembly.Module) {
      initSync({ module: data });
    } else {
      post({ kind: "started" });
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

/** The day in UTC, `YYYY-MM-DD`. */
export const today = (): string => new Date().toISOString().slice(0, 10);

/** The Unicode form that the module expects of names. */
export const decomposed = (name = ""): string => name.normalize("NFKD");
