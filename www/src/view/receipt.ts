//! The receipt: what left the device, what came back, and what can still leave it.

import { element, labelled, paragraph } from "./element";
import type { Fetched } from "../worker/protocol";
import { isNameLocked, type CompletedReport, type Prepared } from "../state";
import type { Words } from "../texts";

/** The dots that represent the people who would have sent the same prefix. */
const DOTS = { inRow: 20, rows: 5 };

export function receipt(report: CompletedReport, prepared: Prepared, words: Words): HTMLElement {
  const { fetched, network, key, catalogue } = prepared;
  const { receipt: texts } = words.texts;
  const { prefix_bits: bits, sharers } = report;
  const each = sharers / (DOTS.inRow * DOTS.rows);
  const prefix = bits
    ? [
        paragraph(words.fill(texts.prefix, { bits, people: words.roughly(sharers) })),
        crowd(words.fill(texts.crowd, { people: words.roughly(each) })),
      ]
    : [paragraph(texts.nothing)];
  return element(
    "details",
    { id: "receipt" },
    element("summary", {}, texts.heading),
    paragraph(isNameLocked(prepared) ? texts.number_and_name : texts.number),
    ...prefix,
    paragraph(texts.addresses),
    element("ul", {}, ...[...fetched, ...report.fetched].map((one) => address(one, words))),
    paragraph(network === "cut" ? texts.cut : texts.narrow),
    ...labelled(texts.edition, String(catalogue.edition ?? "")),
    ...(key ? [paragraph(texts.signed, " ", element("code", {}, key))] : []),
  );
}

const address = ({ url, bytes }: Fetched, words: Words): HTMLElement =>
  element(
    "li",
    {},
    element("code", {}, url),
    " ",
    words.fill(words.texts.receipt.bytes, { bytes }),
  );

function crowd(caption: string): HTMLElement {
  const row = "●".repeat(DOTS.inRow);
  return element(
    "figure",
    {},
    element("div", { class: "crowd", "aria-hidden": "true" }, `${row}\n`.repeat(DOTS.rows)),
    element("figcaption", {}, caption),
  );
}
