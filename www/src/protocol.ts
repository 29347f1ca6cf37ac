//! What the page and the worker say to each other.

import type {
  Catalogue,
  Decoded,
  Downloaded,
  Held,
  NameRead,
  Opened,
  Pack,
  PackOpened,
  Report,
  Transfer,
} from "../pkg/cek_nik";

export type { Downloaded, Fetched, Opened, Report, Transfer } from "../pkg/cek_nik";

/** The module comes ahead of the first request, so that the worker is ready when the reader is. */
export type ToWorker = WebAssembly.Module | Request | OfflineRequest;

/** What a reader types: the name as well, where the catalogue is name-locked. */
export interface Typed {
  nik: string;
  name?: string;
}

export interface DecodeRequest {
  kind: "decode";
  typed: Typed;
}

export interface CheckRequest {
  kind: "check";
  catalogue: Catalogue;
  typed: Typed;
}

/** Of the widget: the files come from the host of the catalogue, whose address is `from`. */
export type Request =
  | { kind: "open"; from: string }
  | { kind: "download"; from: string; catalogue: Catalogue }
  | DecodeRequest
  | (CheckRequest & { from: string; held: Held });

/**
 * Of the page that works without a network: whatever a check wants, it gets through a port from the
 * page.
 */
export type OfflineRequest =
  | { kind: "unpack"; text: string }
  | { kind: "open_pack"; name: string; bytes: number; from: MessagePort }
  | DecodeRequest
  | (CheckRequest & { from: MessagePort; pack: Pack | undefined });

/** What is said while a request runs, and its last words. */
export type FromWorker =
  | { kind: "started" }
  | { kind: "progress"; transfer: Transfer }
  | { kind: "opened"; opened: Opened }
  | { [Kind in keyof Replies]: { kind: Kind; reply: Replies[Kind] } }[keyof Replies]
  | { kind: "downloaded"; downloaded: Downloaded }
  | { kind: "decoded"; decoded: Decoded; named?: NameRead }
  | { kind: "report"; report: Report }
  | { kind: "broken" };

/** How many milliseconds a worker that has just been asked may be silent. */
export const PATIENCE = 20_000;

/** Reasons that the Rust core cannot know of. They end where its own do: could not check. */
export type PageReason = "module_failed" | "worker_failed" | "dataset_missing" | "saved_damaged";

/** The worker's last words to those who open something, by what they ask. */
export interface Replies {
  unpack: Uint8Array<ArrayBuffer>;
  open_pack: PackOpened;
}
