//! Lists that this browser has saved from the site, see saving/records.ts. Nothing is requested
//! from the network: if the browser has removed a shard, its list could not be checked.

import type { Wanted } from "../../pkg/cek_nik";
import type { PageReason, Report } from "../worker/protocol";
import { key } from "../flow";
import { CACHE, Store, sum, type Saved } from "../saving/records";
import type { CallWorker, Found, ReadResult, Source } from "./source";

/** Each shard was verified before it was saved. These reasons mean that it was damaged later. */
const DAMAGE = [
  "not_a_shard",
  "newer_version",
  "wrong_length",
  "wrong_dataset",
  "wrong_prefix",
  "wrong_filter",
  "damaged",
];
const DAMAGED: PageReason = "saved_damaged";

/**
 * The saved lists, if there are any. A page opened as a file, or in a frame without an origin, has
 * none.
 */
export async function savedHere(): Promise<Source | undefined> {
  try {
    const store = new Store(new URL("./", location.href).href);
    const { saved } = await store.records();
    return saved && new SavedLists(store, saved);
  } catch {
    return undefined;
  }
}

class SavedLists implements Source {
  readonly name: string;
  readonly since: string;

  constructor(
    private readonly store: Store,
    private readonly record: Saved,
  ) {
    this.name = store.site;
    this.since = record.saved;
  }

  /** The core validated the catalogue before it was saved. It may have become too old since. */
  async open(call: CallWorker): Promise<Found> {
    const { catalogue: text, signature, datasets: complete } = this.record;
    const read = await call({ kind: "read_saved", text, signature, key });
    if ("reason" in read) {
      return read;
    }
    try {
      const all = read.catalogue;
      const catalogue = {
        ...all,
        datasets: all.datasets.filter(({ id }) => complete.includes(id)),
      };
      const bytes = sum(this.store.shardFiles(catalogue, complete));
      return {
        catalogue,
        bytes,
        fetched: [{ url: "saved.json", bytes: new Blob([text]).size }],
        all: all.datasets.length,
      };
    } catch {
      return { reason: "catalogue_invalid" };
    }
  }

  async read({ path }: Wanted): Promise<ReadResult> {
    try {
      const found = await caches.match(this.store.site + path, { cacheName: CACHE });
      return found ? new Uint8Array(await found.arrayBuffer()) : "not_found";
    } catch {
      return "not_found";
    }
  }

  /**
   * Removes all shards of a list with a damaged one. Missing shards are fetched when the list is
   * saved again: a request for a single shard would tell the host the prefix of the number that was
   * checked.
   */
  explain(report: Report): Report {
    if ("reason" in report) {
      return report;
    }
    const answers = report.answers.map((answer) => {
      if (answer.outcome !== "unknown" || !DAMAGE.includes(answer.reason)) {
        return answer;
      }
      // If this fails, the next check finds the damage again.
      void this.store.dropShards(answer.id).catch(() => {});
      return { ...answer, reason: DAMAGED };
    });
    return { ...report, answers };
  }
}
