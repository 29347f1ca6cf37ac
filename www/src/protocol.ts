//! What the page and the worker say to each other.

import type { NikError, Report } from "../pkg/cek_nik";

/** The module comes ahead of the request, so that the worker is ready when the reader is. */
export type ToWorker = WebAssembly.Module | CheckRequest;

export interface CheckRequest {
  catalogue: string;
  nik: string;
  patience: number;
}

export interface Download {
  received: number;
  /** Known for a shard, not for the catalogue. */
  total: number | undefined;
}

/** `problem` and `report` are last words. */
export type FromWorker =
  | { kind: "started" }
  | { kind: "progress"; download: Download }
  | { kind: "problem"; problem: NikError }
  | { kind: "report"; report: Report };

/** Reasons that the Rust core cannot know of. They end where its own do: could not check. */
export type PageReason = "module_failed" | "worker_failed";

export const failure = (reason: PageReason): Report => ({ reason });
