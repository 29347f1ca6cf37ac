//! Where the lists come from where there is no network: something on the device that has a
//! catalogue, and brings shards.

import type { Catalogue, Fetched, Pack, Wanted } from "../../pkg/cek_nik";
import type { OfflineRequest, Replies, Report } from "../protocol";

export interface Source {
  /** What the reader knows it by. */
  readonly name: string;
  /** The day on which this browser has saved it, `YYYY-MM-DD`; only of what a browser saves. */
  readonly since?: string;

  /** To be called before anything is read for a check. Never throws. */
  open(call: CallWorker): Promise<Found>;

  /** Reads what the worker wants. Never throws. */
  read(wanted: Wanted): Promise<ReadResult>;

  /**
   * Hears what a check made of what was read, and gives the reasons its own names where it knows
   * better what to do.
   */
  explain?(report: Report): Report;
}

/** All bytes that were wanted, or why there are none. */
export type ReadResult = Uint8Array | "not_found" | "unreadable";

/** Asks the worker, and gives its last word. */
export type CallWorker = <Kind extends keyof Replies>(
  request: OfflineRequest & { kind: Kind },
  ports?: MessagePort[],
) => Promise<Replies[Kind]>;

/**
 * `bytes` are those of all the lists, `fetched` is what was read for the catalogue. `all`: how many
 * lists there are, where not all can be checked here.
 */
export type Found =
  | { catalogue: Catalogue; pack?: Pack; bytes: number; fetched: Fetched[]; all?: number }
  | { reason: string };

/** The worker's end of a channel through which it reads from a source. */
export function portTo(source: Pick<Source, "read">): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = async ({ data }: MessageEvent<Wanted>) => {
    const result = await source.read(data);
    port1.postMessage(result, typeof result === "object" ? [result.buffer] : []);
  };
  return port2;
}
