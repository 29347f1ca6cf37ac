//! The widget's worker. Only it and the input see the NIK.

import { checkAny, downloadAny, openAny } from "./mirrors";
import type { Request } from "./protocol";
import { read, serve } from "./serve";

serve<Request>(async (request) => {
  switch (request.kind) {
    case "open":
      return openAny(request);
    case "download":
      return downloadAny(request);
    case "decode":
      return read(request.typed);
    case "check":
      return checkAny(request);
  }
});
