//! The offline page's worker. Only it and the input see the NIK.

import { check_on_device, open_pack, read_catalogue, type Wanted } from "../../pkg/cek_nik";
import type { OfflineRequest } from "../worker/protocol";
import { verify } from "../worker/ed25519";
import { decomposed, progress, read, serve, today } from "../worker/serve";
import { decodeBase64 } from "./base64";
import type { ReadResult } from "./source";

serve<OfflineRequest>(async (request) => {
  switch (request.kind) {
    case "unpack": {
      const report = (received: number, total: number): void => progress({ received, total });
      return { kind: "unpack", reply: decodeBase64(request.text, report) };
    }
    case "open_pack": {
      const { name, bytes, from, key } = request;
      return {
        kind: "open_pack",
        reply: await open_pack(name, bytes, readerOf(from), key, verify, today()),
      };
    }
    case "read_saved": {
      const { text, signature, key } = request;
      // The page compares editions: it alone knows which it has opened.
      return {
        kind: "read_saved",
        reply: await read_catalogue(text, signature, key, verify, today(), 0),
      };
    }
    case "decode":
      return read(request.typed);
    case "check": {
      const { from, catalogue, pack, typed } = request;
      const name = decomposed(typed.name);
      const reader = readerOf(from);
      const { nik } = typed;
      const day = today();
      const report = await check_on_device(catalogue, pack, reader, nik, name, day, progress);
      return { kind: "report", report };
    }
  }
});

/** Reads through the page, which can read files that a worker cannot. */
const readerOf =
  (page: MessagePort) =>
  (wanted: Wanted): Promise<ReadResult> =>
    new Promise((resolve) => {
      page.onmessage = ({ data }: MessageEvent<ReadResult>) => resolve(data);
      page.postMessage(wanted);
    });
