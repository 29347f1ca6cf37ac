//! Sources of lists on the device: each has a catalogue and gives shards.

import type { Catalogue, Wanted } from "../../pkg/cek_nik";
import type { Fetched, OfflineRequest, Replies, Report } from "../worker/protocol";
import type { FetchResult } from "../worker/task";

export interface Source {
  /** The name that the reader knows. */
  readonly name: string;
  /** The day on which the browser saved it, `YYYY-MM-DD`. Only for saved lists. */
  readonly since?: string;

  /** Opens the source. Must be called before `fetch`. Never throws. */
  open(call: CallWorker): Promise<Found>;

  /** Gives a shard and its location. Never throws. */
  fetch(wanted: Wanted): Promise<FetchedShard>;

  /** Replaces reasons in a report where this source knows better what the reader can do. */
  explain?(report: Report): Report;
}

/** Sends a request to the worker and gives its final message. */
export type CallWorker = <Kind extends keyof Replies>(
  request: OfflineRequest & { kind: Kind },
) => Promise<Replies[Kind]>;

/**
 * `bytes` is the size of all lists, `read` what was read for the catalogue, `all` the number of
 * lists if some cannot be checked here.
 */
export type Found =
  { catalogue: Catalogue; bytes: number; read: Fetched; all?: number } | { reason: string };

/**
 * `url` is the location on the device, in a form that fits any language and lets anyone find the
 * bytes.
 */
export interface FetchedShard {
  url: string;
  result: FetchResult;
}
