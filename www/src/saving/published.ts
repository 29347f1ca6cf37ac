//! What the site publishes now, and what it would cost to save it.

import type { Catalogue } from "../../pkg/cek_nik";
import { get } from "../fetch";
import { isSavable, sum, type Saved, type Store } from "./records";
import type { Current } from "./state";

/** Bytes that a catalogue may have, see docs/FORMAT.md. */
const MAX_BYTES = 4 << 20;

/**
 * The catalogue, or why there is none: whether it is one to its last field is for the core to say,
 * before anything is stored.
 */
export async function fetchCatalogue(site: string): Promise<Current | string> {
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

/** As in docs/FORMAT.md. */
export const reasonOfStatus = (status: number): string =>
  [404, 410].includes(status) ? "not_found" : "status";

/**
 * What has to be there so that these data sets are saved: one record names one edition, so what is
 * saved already comes in the edition of now.
 */
export function wantedOf(
  { catalogue }: Current,
  ids: string[],
  saved: Saved | undefined,
): string[] {
  const savable = catalogue.datasets.filter(isSavable).map(({ id }) => id);
  return savable.filter((id) => ids.includes(id) || saved?.datasets.includes(id));
}

/** The bytes of the shards that are not there yet. */
export function missingBytes(
  store: Store,
  { catalogue }: Current,
  wanted: string[],
  there: ReadonlySet<string>,
): number {
  return sum(store.shardFiles(catalogue, wanted).filter(({ url }) => !there.has(url)));
}
