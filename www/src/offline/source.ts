//! Sources of lists on the device: each has a catalogue and gives shards.

import type { Catalogue, Fetched, Pack, Wanted } from "../../pkg/cek_nik";
import type { OfflineRequest, Replies, Report } from "../worker/protocol";

export interface Source {
  /** The name that the reader knows. */
  readonly name: string;
  /** The day on which the browser saved it, `YYYY-MM-DD`. Only for saved lists. */
  readonly since?: string;

  /** Opens the source. Must be called before `read`. Never throws. */
  open(call: CallWorker): Promise<Found>;

  /** Reads the part of a file that the worker wants. Never throws. */
  read(wanted: Wanted): Promise<ReadResult>;

  /** Replaces reasons in a report where this source knows better what the reader can do. */
  explain?(report: Report): Report;
}

/** All wanted bytes, or the reason why they could not be read. */
export type ReadResult = Uint8Array | "not_found" | "unreadable";

/** Sends a request to the worker and gives its final message. */
export type CallWorker = <Kind extends keyof Replies>(
  request: OfflineRequest & { kind: Kind },
  ports?: MessagePort[],
) => Promise<Replies[Kind]>;

/**
 * `bytes` is the size of all lists, `fetched` what was read for the catalogue, `all` the number of
 * lists if some cannot be checked here.
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
