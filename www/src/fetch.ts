//! The only place that asks a host for anything: it fetches the files that a task of the module
//! wants, and keeps account of them.

import type { Failure, Wanted } from "../pkg/cek_nik";
import { PATIENCE, type Fetched, type Transfer } from "./protocol";
import type { FetchResult } from "./task";

export class Fetcher {
  readonly fetched: Fetched[] = [];
  /** What the files before were expected to be long. */
  private before = 0;

  /** `address` is that of the catalogue. */
  constructor(
    private readonly address: string,
    private readonly progress: (transfer: Transfer) => void,
  ) {}

  async fetch({ path, most, total }: Wanted): Promise<FetchResult> {
    const url = new URL(path, this.address).href;
    const entry = { url, bytes: 0 };
    this.fetched.push(entry);
    const result = await get(url, most, (received) => {
      entry.bytes = received;
      this.progress({ received: this.before + received, total });
    });
    this.before += most;
    return result;
  }
}

/** The clock starts again with every piece that arrives: a slow network is not a dead one. */
export async function get(
  url: string,
  most: number,
  progress: (received: number) => void,
): Promise<FetchResult> {
  const bytes = new Uint8Array(most + 1);
  const controller = new AbortController();
  const { signal } = controller;
  let failure: Failure = "unreachable";
  let received = 0;
  let timer: number | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), PATIENCE);
  };
  try {
    wait();
    const response = await fetch(url, {
      mode: "cors",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal,
    });
    // Another host's files are nobody's that the reader was told of.
    if (new URL(response.url).origin !== new URL(url).origin) {
      return failure;
    }
    if (response.status !== 200) {
      return response.status;
    }
    failure = "interrupted";
    progress(0);
    const reader = response.body?.getReader();
    for (;;) {
      wait();
      const piece = await reader?.read();
      if (!piece?.value) {
        return bytes.subarray(0, received);
      }
      bytes.set(piece.value.subarray(0, bytes.length - received), received);
      received += piece.value.length;
      progress(received);
      if (received > most) {
        controller.abort();
        return bytes;
      }
    }
  } catch {
    return signal.aborted ? "timed_out" : failure;
  } finally {
    clearTimeout(timer);
  }
}
