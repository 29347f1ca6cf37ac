//! The worker of the page that works without a network, and the only place there that sees the NIK
//! besides the input.

import { open_pack, type Wanted } from "../../pkg/cek_nik";
import type { Fetched, OfflineRequest } from "../protocol";
import { checkOf, read, say, serve } from "../serve";
import { run, type Brought } from "../task";
import { decodeBase64 } from "./base64";
import type { Piece } from "./source";

serve<OfflineRequest>(async (request) => {
  switch (request.kind) {
    case "unpack":
      return { kind: "unpack", answer: decodeBase64(request.text, progress) };
    case "open_pack":
      return { kind: "open_pack", answer: open_pack(request.beginning, request.bytes) };
    case "decode":
      return read(request.typed);
    case "check": {
      const fetched: Fetched[] = [];
      const report = await run(checkOf(request), (wanted) => bring(wanted, request.from, fetched));
      // What the prefix chose was asked of this device alone.
      return { kind: "report", report: { ...report, prefix_bits: 0, fetched } };
    }
  }
});

function progress(received: number, total: number | undefined): void {
  say({ kind: "progress", transfer: { received, total } });
}

/** Asks the page, which can read what the worker cannot. */
async function bring(wanted: Wanted, page: MessagePort, fetched: Fetched[]): Promise<Brought> {
  progress(
    fetched.reduce((sum, { bytes }) => sum + bytes, 0),
    wanted.total,
  );
  const { url, brought } = await new Promise<Piece>((resolve) => {
    page.onmessage = ({ data }) => resolve(data);
    page.postMessage(wanted);
  });
  fetched.push({ url, bytes: typeof brought === "object" ? brought.length : 0 });
  return brought;
}
