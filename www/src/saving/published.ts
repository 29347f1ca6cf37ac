//! What the site publishes now, and what it would cost to save it.

import type { Catalogue } from "../../pkg/cek_nik";
import { isSavable, sum, type Saved, type Store } from "./records";
import type { Current } from "./state";

/** Bytes that a catalogue may have, see docs/FORMAT.md. */
const MAX_BYTES = 4 << 20;

/** How many milliseconds the site may be silent. */
const PATIENCE = 20_000;

/**
 * The catalogue, or why there is none: whether it is one to its last field is for the core to say,
 * before anything is stored. The page for readers has no module that could fetch it.
 */
export async function fetchCatalogue(site: string): Promise<Current | string> {
  const bytes = await fetchBytes(`${site}catalogue.json`);
  if (typeof bytes === "string") {
    return `catalogue_${bytes}`;
  }
  try {
    const text = new TextDecoder().decode(bytes);
    const catalogue = JSON.parse(text) as Catalogue;
    return catalogue.format === "cek-nik catalogue" &&
      catalogue.datasets.every(({ id }) => typeof id === "string")
      ? { text, catalogue }
      : "catalogue_not_a_catalogue";
  } catch {
    return "catalogue_not_json";
  }
}

/** The clock starts again with every piece that arrives: a slow network is not a dead one. */
async function fetchBytes(url: string): Promise<ArrayBuffer | string> {
  const controller = new AbortController();
  const { signal } = controller;
  const pieces = [];
  let failure = "unreachable";
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
      return [404, 410].includes(response.status) ? "not_found" : "status";
    }
    failure = "interrupted";
    const reader = response.body?.getReader();
    let received = 0;
    for (let piece; (piece = (await reader?.read())?.value); wait()) {
      pieces.push(piece);
      received += piece.length;
      if (received > MAX_BYTES) {
        controller.abort();
        return "not_json";
      }
    }
    return await new Blob(pieces).arrayBuffer();
  } catch {
    return signal.aborted ? "timed_out" : failure;
  } finally {
    clearTimeout(timer);
  }
}

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
