//! The edition that the site publishes now, and the cost of saving it.

import type { Catalogue } from "../../pkg/cek_nik";
import { get } from "../worker/fetch";
import { isSavable, sum, type Saved, type Store } from "./records";
import type { Edition } from "./state";

/** The largest catalogue in bytes, see docs/FORMAT.md. */
const MAX_BYTES = 4 << 20;

/**
 * The catalogue, or the reason why there is none. The core validates it before anything is stored.
 */
export async function fetchCatalogue(site: string): Promise<Edition | string> {
  const result = await get(`${site}catalogue.json`, MAX_BYTES, () => {});
  if (typeof result === "string") {
    return `catalogue_${result}`;
  }
  if (typeof result === "number") {
    return `catalogue_${reasonOfStatus(result)}`;
  }
  try {
    const text = new TextDecoder().decode(result);
    const catalogue = JSON.parse(text) as Catalogue;
    return catalogue.format === "cek-nik catalogue" &&
      catalogue.datasets.every(({ id }) => typeof id === "string")
      ? { text, catalogue }
      : "catalogue_not_a_catalogue";
  } catch {
    return "catalogue_not_json";
  }
}

/** See docs/FORMAT.md. */
export const reasonOfStatus = (status: number): string =>
  [404, 410].includes(status) ? "not_found" : "status";

/**
 * The data sets to save. A record names one edition, so data sets that are saved already are
 * included.
 */
export function wantedOf(
  { catalogue }: Edition,
  ids: string[],
  saved: Saved | undefined,
): string[] {
  const savable = catalogue.datasets.filter(isSavable).map(({ id }) => id);
  return savable.filter((id) => ids.includes(id) || saved?.datasets.includes(id));
}

/** The bytes of the shards that are still missing. */
export function missingBytes(
  store: Store,
  { catalogue }: Edition,
  wanted: string[],
  shards: ReadonlySet<string>,
): number {
  return sum(store.shardFiles(catalogue, wanted).filter(({ url }) => !shards.has(url)));
}
