//! The widget's worker. Only it and the input see the NIK.

import { check, download, open } from "../../pkg/cek_nik";
import type { Request } from "./protocol";
import { verify } from "./ed25519";
import { decomposed, progress, read, serve, today } from "./serve";

serve<Request>(async (request) => {
  switch (request.kind) {
    case "open": {
      const { from, key, newest } = request;
      return {
        kind: "opened",
        opened: await open(from, key, verify, today(), newest, progress),
      };
    }
    case "download": {
      const { from, catalogue } = request;
      return { kind: "downloaded", downloaded: await download(from, catalogue, progress) };
    }
    case "decode":
      return read(request.typed);
    case "check": {
      const { from, catalogue, held, typed } = request;
      const name = decomposed(typed.name);
      const report = await check(from, catalogue, held, typed.nik, name, today(), progress);
      return { kind: "report", report };
    }
  }
});
