//! Why saving failed or stopped, and what the reader can do.

import { element, labelled, paragraph } from "../view/element";
import type { Words } from "../texts";
import type { Notice } from "./state";

type Kind = keyof Words["texts"]["saving"]["reason"];

/** The page's own reasons, which have texts of their own. */
const OWN_REASONS = [
  "not_secure",
  "browser_too_old",
  "quota",
  "replaced",
  "withdrawn",
  "storage_cleared",
  "storage_failed",
  "outdated",
  "shell_unreachable",
  "shell_damaged",
  "worker_failed",
] satisfies Kind[];

/**
 * The core's reasons, grouped by what the reader can do. The compiler refuses a table that lacks a
 * reason of the text files.
 */
const KINDS: Record<keyof Words["texts"]["reason"], Kind> = {
  catalogue_unreachable: "network",
  catalogue_timed_out: "network",
  catalogue_interrupted: "network",
  unreachable: "network",
  timed_out: "network",
  interrupted: "network",
  catalogue_not_found: "host",
  catalogue_status: "host",
  not_found: "host",
  status: "host",
  catalogue_not_json: "portal",
  not_a_shard: "portal",
  catalogue_not_a_catalogue: "publisher",
  catalogue_invalid: "publisher",
  dataset_invalid: "publisher",
  catalogue_newer_version: "unsupported",
  kdf_unsupported: "unsupported",
  identifier_unsupported: "unsupported",
  filter_unsupported: "unsupported",
  prefix_too_long: "unsupported",
  newer_version: "unsupported",
  wrong_length: "damaged",
  wrong_dataset: "damaged",
  wrong_prefix: "damaged",
  wrong_filter: "damaged",
  damaged: "damaged",
  dataset_missing: "withdrawn",
  module_failed: "worker_failed",
  out_of_memory: "worker_failed",
  edition_too_old: "too_old",
  edition_older: "older",
  signature_missing: "signature",
  signature_wrong: "signature",
  worker_failed: "worker_failed",
};

/** Nothing, unless the last action failed. */
export function problem(notice: Notice | undefined, words: Words): Node[] {
  if (notice?.kind !== "failed") {
    return [];
  }
  const { saving: texts } = words.texts;
  const { reason, missing } = notice;
  const { what, next } = texts.reason[kindOf(reason)];
  const short = missing ? ` ${words.fill(texts.short, { size: words.size(missing) })}` : "";
  return [
    element(
      "div",
      { class: "problem", role: "alert", tabindex: "-1", "data-reason": reason },
      paragraph(what, short, " ", element("b", {}, next)),
      ...labelled(texts.code, reason),
    ),
  ];
}

/**
 * The texts of the page's own reason, or of the core's: those of one bad signature for all. Neutral
 * ones for an unknown reason.
 */
function kindOf(reason: string): Kind {
  const own = OWN_REASONS.find((known) => known === reason);
  const kinds: Partial<Record<string, Kind>> = KINDS;
  return own ?? kinds[reason] ?? (/^signature_/.test(reason) ? "signature" : "worker_failed");
}
