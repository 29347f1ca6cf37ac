import type { Words } from "../texts";

/** The texts of this page: build.mjs merges those under `offline` over the others. */
export const textsOf = ({ texts }: Words): Words["texts"] & Words["texts"]["offline"] =>
  texts as never;
