//! What the page and the worker say to each other.

import type { Catalogue, Decoded, Held, NameRead } from "../pkg/cek_nik";
import type * as Module from "../pkg/cek_nik";

/** The module comes ahead of the first request, so that the worker is ready when the reader is. */
export type ToWorker = WebAssembly.Module | Request;

/** What a reader types: the name as well, where the catalogue is name-locked. */
export interface Typed {
  nik: string;
  name?: string;
}

export type Request =
  | { kind: "open"; address: string }
  | { kind: "download"; address: string; catalogue: Catalogue }
  | { kind: "decode"; typed: Typed }
  | { kind: "check"; address: string; catalogue: Catalogue; held: Held; typed: Typed };

/** One address that was asked for a file, and how many bytes came back. */
export interface Fetched {
  url: string;
  bytes: number;
}

/** What the module gave, and what was fetched for it. */
export type Opened = Module.Opened & Account;
export type Downloaded = Module.Downloaded & Account;
export type Report = Module.Report & Account;

export interface Account {
  fetched: Fetched[];
}

export interface Transfer {
  received: number;
  /** Known for lists, not for the catalogue. */
  total: number | undefined;
}

/** What is said while a request runs, and its last words. */
export type FromWorker =
  | { kind: "started" }
  | { kind: "progress"; transfer: Transfer }
  | { kind: "opened"; opened: Opened }
  | { kind: "downloaded"; downloaded: Downloaded }
  | { kind: "decoded"; decoded: Decoded; named?: NameRead }
  | { kind: "report"; report: Report }
  | { kind: "broken" };

/** How many milliseconds a host, or a worker that has just been asked, may be silent. */
export const PATIENCE = 20_000;

/** Reasons that the Rust core cannot know of. They end where its own do: could not check. */
export type PageReason = "module_failed" | "worker_failed" | "dataset_missing";
