//! Messages between the page and the worker.

import type {
  Catalogue,
  CatalogueRead,
  Decoded,
  Downloaded,
  Held,
  NameRead,
  Opened,
  Pack,
  PackOpened,
  Report,
  Transfer,
} from "../../pkg/cek_nik";

export type {
  Catalogue,
  Downloaded,
  Fetched,
  Held,
  Opened,
  Report,
  Transfer,
} from "../../pkg/cek_nik";

/**
 * The module is sent ahead of the first request, so that the worker is ready before the reader is.
 */
export type ToWorker = WebAssembly.Module | Request | OfflineRequest;

/** What a reader types. Name-locked catalogues need the name. */
export interface Typed {
  nik: string;
  name?: string;
}

interface DecodeRequest {
  kind: "decode";
  typed: Typed;
}

export interface CheckRequest {
  kind: "check";
  catalogue: Catalogue;
  typed: Typed;
}

/**
 * Requests of the widget. `hosts` are the addresses of the catalogue, at least one, in the order in
 * which their hosts are asked. `key` is the pinned key, or empty. `newest` is the number of the newest
 * edition that the page has seen.
 */
export type Request =
  | { kind: "open"; hosts: string[]; key: string; newest: number }
  | { kind: "download"; hosts: string[]; catalogue: Catalogue }
  | DecodeRequest
  | (CheckRequest & { hosts: string[]; held: Held });

/** Requests of the offline page. The worker gets shards from the page, through a port. */
export type OfflineRequest =
  | { kind: "unpack"; text: string }
  | { kind: "open_pack"; name: string; bytes: number; from: MessagePort; key: string }
  | { kind: "read_saved"; text: string; signature: string | undefined; key: string }
  | DecodeRequest
  | (CheckRequest & { from: MessagePort; pack: Pack | undefined });

/**
 * Messages from the worker: progress while a request runs, and one final message. `hosts` are those
 * to ask from now on: without hosts that were skipped.
 */
export type FromWorker =
  | { kind: "started" }
  | { kind: "progress"; transfer: Transfer }
  | { kind: "opened"; opened: Opened; hosts: string[] }
  | { [Kind in keyof Replies]: { kind: Kind; reply: Replies[Kind] } }[keyof Replies]
  | { kind: "downloaded"; downloaded: Downloaded; hosts: string[] }
  | { kind: "decoded"; decoded: Decoded; named?: NameRead }
  | { kind: "report"; report: Report; hosts?: string[] }
  | { kind: "broken" };

/** Milliseconds that a worker with a request may be silent. */
export const PATIENCE = 20_000;

/**
 * Reasons that the core does not have. Like the core's, they mean that the check could not be made.
 */
export type PageReason = "module_failed" | "worker_failed" | "dataset_missing" | "saved_damaged";

/** Final messages of requests that open a pack, by the kind of request. */
export interface Replies {
  unpack: Uint8Array<ArrayBuffer>;
  open_pack: PackOpened;
  read_saved: CatalogueRead;
}
