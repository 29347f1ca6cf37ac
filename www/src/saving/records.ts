//! Saved lists: the shards under their own addresses, and a record of them. The offline page reads
//! the same.

import type { Catalogue, Dataset } from "../../pkg/cek_nik";
import { cachedUrls, removeIfEmpty } from "./locks";

/** Shared by all sites of an origin. Each entry is under the address of its site. */
export const CACHE = "cek-nik-saved";

/**
 * The record of complete data sets. It names one edition and is written at once, so that editions
 * are never mixed.
 */
export interface Saved {
  /** The text of catalogue.json as fetched. */
  catalogue: string;
  /** The text of its signature, if a key was pinned. */
  signature?: string | undefined;
  /** `YYYY-MM-DD`. */
  saved: string;
  /** Ids of the data sets with all shards present. */
  datasets: string[];
}

/** The record of a download. None of `wanted` counts until all of them are complete. */
export interface Saving extends Saved {
  wanted: string[];
}

/** A shard to store. */
export interface ShardFile {
  id: string;
  prefix: number;
  url: string;
  bytes: number;
}

export type Records = { saved: Saved | undefined; saving: Saving | undefined };

/** `site` is the site's address with a trailing slash. */
export class Store {
  constructor(readonly site: string) {}

  open(): Promise<Cache> {
    return caches.open(CACHE);
  }

  /** Reads the records without creating the cache. */
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

  /** The addresses of this site's stored shards. */
  async shards(): Promise<Set<string>> {
    const urls = await cachedUrls(CACHE);
    return new Set(urls.filter((url) => url.startsWith(`${this.site}data/`)));
  }

  /** Removes all shards except those in `kept`. */
  async tidy(kept: Iterable<ShardFile>): Promise<void> {
    const named = new Set([...kept].map(({ url }) => url));
    const cache = await this.open();
    for (const url of await this.shards()) {
      if (!named.has(url)) {
        await cache.delete(url);
      }
    }
  }

  /** Removes all shards of a data set. */
  async dropShards(id: string): Promise<void> {
    const cache = await this.open();
    const urls = [...(await this.shards())].filter((url) =>
      url.startsWith(`${this.site}data/${id}/`),
    );
    await Promise.all(urls.map((url) => cache.delete(url)));
  }

  /** Removes the download, but not what was saved before. */
  async giveUp(): Promise<void> {
    const { saved } = await this.records();
    await (await this.open()).delete(`${this.site}saving.json`);
    await this.tidy(saved ? this.shardFiles(catalogueOf(saved), saved.datasets) : []);
    await removeIfEmpty(CACHE);
  }

  /**
   * Removes everything of this site. The cache remains only if another site of the origin uses it.
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
   * The shards of data sets in the order of their prefixes. The order reveals nothing about a
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

  /** Reads a record. An invalid one is ignored, and nothing counts as saved. */
  private async read<Entry extends Saved>(name: string): Promise<Entry | undefined> {
    const found = await caches.match(this.site + name, { cacheName: CACHE });
    const record: unknown = await found?.json().catch(() => undefined);
    return isRecord(record) ? (record as Entry) : undefined;
  }
}

export const catalogueOf = ({ catalogue }: Saved): Catalogue => JSON.parse(catalogue) as Catalogue;

/** The number of the edition of a record; 0 without one. */
export const editionOf = (record: Saved | undefined): number =>
  (record && catalogueOf(record).edition) ?? 0;

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

/**
 * Whether the number and addresses of a data set's files can be trusted. The core validates the
 * rest before anything is stored.
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

/** The most prefix bits that clients accept, see docs/FORMAT.md. */
const MOST_BITS = 14;

export const sum = (files: ShardFile[]): number =>
  files.reduce((bytes, file) => bytes + file.bytes, 0);

/** Whether the site now publishes something else than a record has of these data sets. */
export const isReplaced = (
  record: Saved,
  ids: string[],
  { catalogue }: { catalogue: Catalogue },
): boolean => excerpt(catalogueOf(record), ids) !== excerpt(catalogue, ids);

/** The part of a catalogue that describes these data sets. Its texts count as much as its lists. */
function excerpt(catalogue: Catalogue, ids: string[]): string {
  return JSON.stringify({
    ...catalogue,
    datasets: catalogue.datasets.filter(({ id }) => ids.includes(id)),
  });
}
