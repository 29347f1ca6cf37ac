import type { Words } from "../texts";

/** With the texts of this page: build.mjs puts what stands under `offline` over the others. */
export const textsOf = ({ texts }: Words): Words["texts"] & Words["texts"]["offline"] =>
  texts as never;
