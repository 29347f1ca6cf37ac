//! The edition that the site publishes now, and the cost of saving it.

import type { Catalogue } from "../../pkg/cek_nik";
import { editionOf, isSavable, sum, type Saved, type Store } from "./records";
import type { Edition } from "./state";

/** The largest catalogue in bytes, see docs/FORMAT.md. */
const MAX_BYTES = 4 << 20;
const MAX_SIGNATURE = 16 << 10;

/** Milliseconds that the site may be silent, and bytes that renew one of them. As in the core. */
const PATIENCE = 20_000;
const SLOWEST = 4;

/**
 * The catalogue, or the reason why there is none. The core validates it before anything is stored.
 * TypeScript fetches it, because the front page has no module.
 */
export async function fetchCatalogue(site: string): Promise<Edition | string> {
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

/** The signature of the catalogue, if there is one, or the reason why that is not known. */
export async function fetchSignature(
  site: string,
): Promise<{ text: string | undefined } | { reason: string }> {
  const bytes = await fetchBytes(`${site}catalogue.json.minisig`, MAX_SIGNATURE);
  if (typeof bytes !== "string") {
    return { text: new TextDecoder().decode(bytes) };
  }
  return bytes === "not_found"
    ? { text: undefined }
    : { reason: bytes === "not_json" ? "signature_invalid" : `catalogue_${bytes}` };
}

/** Whether an edition is older than the one that was saved. */
export const isOlder = ({ catalogue }: Edition, saved: Saved | undefined): boolean =>
  Number(catalogue.edition ?? 0) < editionOf(saved);

/** What arrives renews the patience: a slow network is not a dead one. */
async function fetchBytes(url: string, most = MAX_BYTES): Promise<ArrayBuffer | string> {
  const controller = new AbortController();
  const { signal } = controller;
  const chunks = [];
  let failure = "unreachable";
  let timer: number | undefined;
  let end = Infinity;
  const wait = (bytes: number): void => {
    clearTimeout(timer);
    end = Math.min(end + bytes / SLOWEST, Date.now() + PATIENCE);
    timer = setTimeout(() => controller.abort(), end - Date.now());
  };
  try {
    wait(0);
    const response = await fetch(url, {
      mode: "cors",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal,
    });
    // A redirect to another origin: the reader was never told of that host.
    if (new URL(response.url).origin !== new URL(url).origin) {
      return failure;
    }
    if (response.status !== 200) {
      return [404, 410].includes(response.status) ? "not_found" : "status";
    }
    failure = "interrupted";
    const reader = response.body?.getReader();
    let received = 0;
    for (let chunk; (chunk = (await reader?.read())?.value); wait(chunk.length)) {
      chunks.push(chunk);
      received += chunk.length;
      if (received > most) {
        controller.abort();
        return "not_json";
      }
    }
    return await new Blob(chunks).arrayBuffer();
  } catch {
    return signal.aborted ? "timed_out" : failure;
  } finally {
    clearTimeout(timer);
  }
}

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
