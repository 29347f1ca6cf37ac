//! What this browser has saved: the shards under their own addresses, and a record of them. The
//! page that works without a network reads the same.

import type { Catalogue, Dataset } from "../../pkg/cek_nik";

/** Shared by all sites of an origin: whatever is in it stands under the address of its site. */
export const CACHE = "cek-nik-saved";

/**
 * What is complete. It names one edition of the site, and is written in one piece: two editions are
 * never mixed.
 */
export interface Saved {
  /** The text of catalogue.json, as it was fetched. */
  catalogue: string;
  /** `YYYY-MM-DD`. */
  saved: string;
  /** Ids of the data sets whose shards are all there. */
  datasets: string[];
}

/** What is on its way: none of `wanted` counts before all of them are there. */
export interface Saving extends Saved {
  wanted: string[];
}

/** One file that has to be there. */
export interface ShardFile {
  id: string;
  prefix: number;
  url: string;
  bytes: number;
}

export type Records = { saved: Saved | undefined; saving: Saving | undefined };

/** `site` is its address, with a slash at its end. */
export class Store {
  constructor(readonly site: string) {}

  open(): Promise<Cache> {
    return caches.open(CACHE);
  }

  /** Looks without making anything. */
  async records(): Promise<Records> {
    const [saved, saving] = await Promise.all([
      this.read<Saved>("saved.json"),
      this.read<Saving>("saving.json"),
    ]);
    return { saved, saving: Array.isArray(saving?.wanted) ? saving : undefined };
  }

  async write(name: "saved.json" | "saving.json", record: Saved | Saving): Promise<void> {
    const body = JSON.stringify(record);
    await (
      await this.open()
    ).put(
      this.site + name,
      new Response(body, { headers: { "Content-Type": "application/json" } }),
    );
  }

  /** The addresses of the shards of this site that are there. */
  async shards(): Promise<Set<string>> {
    if (!(await caches.has(CACHE))) {
      return new Set();
    }
    const requests = await (await this.open()).keys();
    return new Set(
      requests.map(({ url }) => url).filter((url) => url.startsWith(`${this.site}data/`)),
    );
  }

  /** Removes every shard that is not among `kept`. */
  async tidy(kept: Iterable<ShardFile>): Promise<void> {
    const named = new Set([...kept].map(({ url }) => url));
    const cache = await this.open();
    for (const url of await this.shards()) {
      if (!named.has(url)) {
        await cache.delete(url);
      }
    }
  }

  /** Removes every shard of a data set. */
  async dropShards(id: string): Promise<void> {
    const cache = await this.open();
    const urls = [...(await this.shards())].filter((url) =>
      url.startsWith(`${this.site}data/${id}/`),
    );
    await Promise.all(urls.map((url) => cache.delete(url)));
  }

  /** Removes what is on its way, and was not saved before. */
  async giveUp(): Promise<void> {
    const { saved } = await this.records();
    await (await this.open()).delete(`${this.site}saving.json`);
    await this.tidy(saved ? this.shardFiles(catalogueOf(saved), saved.datasets) : []);
    await removeIfEmpty(CACHE);
  }

  /**
   * Removes everything of this site; the cache itself stays only where another site of the origin
   * has something in it.
   */
  async clear(): Promise<void> {
    if (await caches.has(CACHE)) {
      const cache = await this.open();
      for (const name of ["saved.json", "saving.json"]) {
        await cache.delete(this.site + name);
      }
      await this.tidy([]);
      await removeIfEmpty(CACHE);
    }
  }

  /**
   * In the order of their prefixes, data set after data set: the order says nothing about any
   * number.
   */
  shardFiles(catalogue: Catalogue, ids: string[]): ShardFile[] {
    return catalogue.datasets
      .filter((dataset) => ids.includes(dataset.id) && isSavable(dataset))
      .flatMap(({ id, root, prefix_bits: bits, shard_bytes: bytes }) =>
        Array.from({ length: 2 ** bits }, (_, prefix) => {
          const name = prefix.toString(16).padStart(4, "0");
          return { id, prefix, url: `${this.site}data/${id}/${root}/${name}.cnk`, bytes };
        }),
      );
  }

  /** What is no record is as if it were not there: then nothing counts as saved. */
  private async read<Entry extends Saved>(name: string): Promise<Entry | undefined> {
    const found = await caches.match(this.site + name, { cacheName: CACHE });
    const record: unknown = await found?.json().catch(() => undefined);
    return isRecord(record) ? (record as Entry) : undefined;
  }
}

export const catalogueOf = ({ catalogue }: Saved): Catalogue => JSON.parse(catalogue) as Catalogue;

function isRecord(record: unknown): boolean {
  const { catalogue, datasets } = (record ?? {}) as Partial<Saved>;
  try {
    return (
      Array.isArray(datasets) &&
      Array.isArray((JSON.parse(String(catalogue)) as Catalogue).datasets)
    );
  } catch {
    return false;
  }
}

export async function removeIfEmpty(name: string): Promise<void> {
  if (!(await (await caches.open(name)).keys()).length) {
    await caches.delete(name);
  }
}

/**
 * The core judges it again before anything is stored: here it is about how many files to ask for,
 * and which.
 */
export const isSavable = ({ id, root, prefix_bits: bits, shard_bytes: bytes }: Dataset): boolean =>
  typeof id === "string" &&
  /^[\w-]+$/.test(id) &&
  /^[\da-f]+$/.test(root) &&
  Number.isInteger(bits) &&
  bits >= 0 &&
  bits <= MOST_BITS &&
  Number.isInteger(bytes) &&
  bytes > 0;

/** See docs/FORMAT.md: a client refuses a data set with more. */
const MOST_BITS = 14;

export const sum = (files: ShardFile[]): number =>
  files.reduce((bytes, file) => bytes + file.bytes, 0);

/** Whether a site publishes something else by now than what a record has of these data sets. */
export const isReplaced = (
  record: Saved,
  ids: string[],
  { catalogue }: { catalogue: Catalogue },
): boolean => excerpt(catalogueOf(record), ids) !== excerpt(catalogue, ids);

/**
 * As much of an edition as was saved, so that two can be compared: what is said about a list counts
 * as much as the list.
 */
function excerpt(catalogue: Catalogue, ids: string[]): string {
  return JSON.stringify({
    ...catalogue,
    datasets: catalogue.datasets.filter(({ id }) => ids.includes(id)),
  });
}
