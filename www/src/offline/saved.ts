//! What this browser has saved of the site that the page comes from, see saving/records.ts. No
//! network is asked for any of it: a shard that the browser has thrown away is not there, and so
//! its list could not be checked.

import type { Wanted } from "../../pkg/cek_nik";
import type { PageReason, Report } from "../protocol";
import { CACHE, catalogueOf, Store, sum, type Saved } from "../saving/records";
import type { Found, ReadResult, Source } from "./source";

/**
 * Each shard was verified before it was saved: whatever is wrong with one has come over it since.
 */
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
 * Nothing where nothing is saved, or where the page is a file, or stands in a frame without an
 * origin.
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

  /** The core has read the catalogue before it was saved, and reads it again with each check. */
  async open(): Promise<Found> {
    const { catalogue: text, datasets: complete } = this.record;
    try {
      const all = catalogueOf(this.record);
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
   * All of a list is thrown away in which a shard is damaged. What is missing is fetched when the
   * list is saved again: of one shard that a check has found, the host would learn the prefix of
   * the number that was checked.
   */
  explain(report: Report): Report {
    if ("reason" in report) {
      return report;
    }
    const answers = report.answers.map((answer) => {
      if (answer.outcome !== "unknown" || !DAMAGE.includes(answer.reason)) {
        return answer;
      }
      // What stays, where the page is left or the browser refuses, is found to be damaged again.
      void this.store.dropShards(answer.id).catch(() => {});
      return { ...answer, reason: DAMAGED };
    });
    return { ...report, answers };
  }
}
