//! Where the lists come from where there is no network: something on the device that has a
//! catalogue, and brings shards.

import type { Catalogue, Wanted } from "../../pkg/cek_nik";
import type { Fetched, OfflineRequest, Replies, Report } from "../protocol";
import type { FetchResult } from "../task";

export interface Source {
  /** What the reader knows it by. */
  readonly name: string;
  /** The day on which this browser has saved it, `YYYY-MM-DD`; only of what a browser saves. */
  readonly since?: string;

  /** To be called before the shards are asked for. Never throws. */
  open(call: CallWorker): Promise<Found>;

  /** Brings a shard, and says where it was. Never throws. */
  fetch(wanted: Wanted): Promise<FetchedShard>;

  /**
   * Hears what a check made of what was brought, and gives the reasons its own names where it knows
   * better what to do.
   */
  explain?(report: Report): Report;
}

/** Asks the worker, and gives its last word. */
export type CallWorker = <Kind extends keyof Replies>(
  request: OfflineRequest & { kind: Kind },
) => Promise<Replies[Kind]>;

/**
 * `bytes` are those of all the lists, `read` is what was read for the catalogue. `all`: how many
 * lists there are, where not all can be checked here.
 */
export type Found =
  { catalogue: Catalogue; bytes: number; read: Fetched; all?: number } | { reason: string };

/**
 * `url` is its place on the device, in words that belong to no language, and with which anybody can
 * find the bytes again.
 */
export interface FetchedShard {
  url: string;
  result: FetchResult;
}
