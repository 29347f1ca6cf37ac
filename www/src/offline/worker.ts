//! The worker of the page that works without a network, and the only place there that sees the NIK
//! besides the input.

import { open_pack, type Wanted } from "../../pkg/cek_nik";
import type { Fetched, OfflineRequest } from "../protocol";
import { checkOf, post, read, serve } from "../serve";
import { run, type FetchResult } from "../task";
import { decodeBase64 } from "./base64";
import type { FetchedShard } from "./source";

serve<OfflineRequest>(async (request) => {
  switch (request.kind) {
    case "unpack":
      return { kind: "unpack", reply: decodeBase64(request.text, progress) };
    case "open_pack":
      return { kind: "open_pack", reply: open_pack(request.beginning, request.bytes) };
    case "decode":
      return read(request.typed);
    case "check": {
      const fetched: Fetched[] = [];
      const report = await run(checkOf(request), (wanted) =>
        fetchShard(wanted, request.from, fetched),
      );
      // What the prefix chose was asked of this device alone.
      return { kind: "report", report: { ...report, prefix_bits: 0, fetched } };
    }
  }
});

function progress(received: number, total: number | undefined): void {
  post({ kind: "progress", transfer: { received, total } });
}

/** Asks the page, which can read what the worker cannot. */
async function fetchShard(
  wanted: Wanted,
  page: MessagePort,
  fetched: Fetched[],
): Promise<FetchResult> {
  progress(
    fetched.reduce((sum, { bytes }) => sum + bytes, 0),
    wanted.total,
  );
  const { url, result } = await new Promise<FetchedShard>((resolve) => {
    page.onmessage = ({ data }) => resolve(data);
    page.postMessage(wanted);
  });
  fetched.push({ url, bytes: typeof result === "object" ? result.length : 0 });
  return result;
}
