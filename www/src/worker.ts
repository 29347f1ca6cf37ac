//! The worker of the widget, and the only place that sees the NIK besides the input.

import { download, open, type Task } from "../pkg/cek_nik";
import { Fetcher } from "./fetch";
import type { Account, Request } from "./protocol";
import { checkOf, post, read, serve } from "./serve";
import { run } from "./task";

serve<Request>(async (request) => {
  switch (request.kind) {
    case "open":
      return { kind: "opened", opened: await fetchFor(open(), request.from) };
    case "download":
      return {
        kind: "downloaded",
        downloaded: await fetchFor(download(request.catalogue), request.from),
      };
    case "decode":
      return read(request.typed);
    case "check":
      return { kind: "report", report: await fetchFor(checkOf(request), request.from) };
  }
});

/** `address` is that of the catalogue. */
async function fetchFor<Result>(task: Task<Result>, address: string): Promise<Result & Account> {
  const fetcher = new Fetcher(address, (transfer) => post({ kind: "progress", transfer }));
  return { ...(await run(task, (wanted) => fetcher.fetch(wanted))), fetched: fetcher.fetched };
}
