//! The saving worker: fetches shards, verifies each as a check would, and then stores it. It never
//! sees a NIK, and the order of its requests depends on none.

import { fetch_shard, initSync, read_catalogue, type Catalogue } from "../../pkg/cek_nik";
import { compileModule } from "../worker/module";
import { channelOf, lockOf, type News, type SaveRequest } from "./news";
import { verify } from "../worker/ed25519";
import { today } from "../worker/serve";
import { fetchCatalogue, fetchSignature, wantedOf } from "./published";
import { catalogueOf, editionOf, Store, sum, type Saved, type ShardFile } from "./records";

/** Parallel downloads: enough for a slow network, few enough for a phone's memory. */
const AT_ONCE = 3;

/**
 * Retries of a request that the network lost, and the pause before the first, in milliseconds. Each
 * later pause is longer by the same.
 */
const RETRIES = { most: 3, pause: 1_000 };

const site = new URL("./", location.href).href;
const catalogueUrl = `${site}catalogue.json`;
const store = new Store(site);
const channel = channelOf(site);
const controller = new AbortController();
const { signal } = controller;
const stop = (): void => controller.abort();
/** Resolves when the worker is told to stop. A catalogue under way ends with the worker. */
const stopping = new Promise<undefined>((resolve) =>
  signal.addEventListener("abort", () => resolve(undefined)),
);
/** Sends a message to all pages of the site. */
const tell = (news: News): void => channel.postMessage(news);

channel.onmessage = ({ data }: MessageEvent<News>) => {
  if (data.kind === "pause") {
    stop();
  }
};

addEventListener("message", ({ data }: MessageEvent<SaveRequest | "pause">) => {
  // The page's message is queued until this worker listens. Messages on the channel before that are
  // lost.
  if (data === "pause") {
    stop();
    return;
  }
  void alone(() =>
    save(data).then(tell, (error: unknown) => tell({ kind: "failed", reason: reasonOf(error) })),
  ).then(close);
});

/**
 * Runs only if no other tab is saving; otherwise the page follows the other's messages. Engines
 * without locks are not protected.
 */
async function alone(work: () => Promise<void>): Promise<void> {
  const { locks } = navigator as Partial<Navigator>;
  await (locks
    ? locks.request(lockOf(site), { ifAvailable: true }, (lock) =>
        lock ? work() : postMessage("busy"),
      )
    : work());
}

async function save({ version, key, catalogue: text, wanted: asked }: SaveRequest): Promise<News> {
  if (version !== VERSION) {
    return { kind: "failed", reason: "outdated" };
  }
  const { saved } = await store.records();
  const { catalogue, signature } = await read(text, key, editionOf(saved));
  if (signal.aborted) {
    return { kind: "paused" };
  }
  // Another tab may have saved something since the page read the records.
  const wanted = wantedOf({ text, catalogue }, asked, saved);
  const files = store.shardFiles(catalogue, wanted);
  // Shards of an earlier attempt at another edition take up space.
  await store.tidy([
    ...files,
    ...(saved ? store.shardFiles(catalogueOf(saved), saved.datasets) : []),
  ]);
  await store.write("saving.json", { catalogue: text, saved: day(), datasets: [], wanted });
  await fetchMissing(files, catalogue, text);
  // A host may keep serving files of an edition that it has replaced.
  if (await Promise.race([isReplaced(text), stopping])) {
    throw new Failed("replaced");
  }
  if (signal.aborted) {
    return { kind: "paused" };
  }
  await commit(files, { catalogue: text, signature, saved: day(), datasets: wanted });
  return { kind: "saved" };
}

/** The validated catalogue, and its signature if the page has a key. */
async function read(
  text: string,
  key: string,
  newest: number,
): Promise<{ catalogue: Catalogue; signature: string | undefined }> {
  initSync({ module: await compileModule() });
  const signature = key ? await fetchSignature(site) : { text: undefined };
  const opened =
    "reason" in signature
      ? signature
      : await read_catalogue(text, signature.text, key, verify, today(), newest);
  if ("reason" in opened || "reason" in signature) {
    // The signature may be that of an edition that has just been published.
    const { reason } = opened as { reason: string };
    throw new Failed(key && (await isReplaced(text)) ? "replaced" : reason);
  }
  return { catalogue: opened.catalogue, signature: signature.text };
}

async function fetchMissing(files: ShardFile[], catalogue: Catalogue, text: string): Promise<void> {
  const shards = await store.shards();
  const missing = files.filter(({ url }) => !shards.has(url));
  const total = sum(files);
  let stored = total - sum(missing);
  const under = new Map<ShardFile, number>();
  const report = (retrying = false): void => {
    if (!signal.aborted) {
      tell({
        kind: "progress",
        stored: stored + [...under.values()].reduce((a, b) => a + b, 0),
        total,
        retrying,
      });
    }
  };
  report();
  const rest = missing.values();
  const work = async (): Promise<void> => {
    for (const file of rest) {
      if (signal.aborted) {
        return;
      }
      const progress = (received: number, retrying: boolean): void => {
        under.set(file, Math.min(received, file.bytes));
        report(retrying);
      };
      const bytes = await fetchShard(file, catalogue, text, progress);
      if (!bytes) {
        return;
      }
      await keep(file, bytes);
      under.delete(file);
      stored += file.bytes;
      report();
    }
  };
  const failures: unknown[] = [];
  const fail = (error: unknown): void => {
    failures.push(error);
    // One failure stops all downloads. Stored shards stay, and the rest is fetched when the reader
    // continues.
    stop();
  };
  // All downloads must end before another worker may change what is saved.
  await Promise.all(Array.from({ length: AT_ONCE }, () => work().catch(fail)));
  if (failures.length) {
    throw failures[0];
  }
}

/** Failures of the network, which a retry may not meet again. */
const OF_NETWORK = ["unreachable", "timed_out", "interrupted"];

/** The verified bytes, or nothing if the worker was stopped. */
async function fetchShard(
  { id, prefix }: ShardFile,
  catalogue: Catalogue,
  text: string,
  progress: (received: number, retrying: boolean) => void,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  for (let tries = 0; ; tries++) {
    const hear = ({ received }: { received: number }): void => progress(received, false);
    const result = await fetch_shard(catalogueUrl, catalogue, id, prefix, hear, signal);
    if (signal.aborted) {
      return undefined;
    }
    if ("bytes" in result) {
      return result.bytes;
    }
    const { reason } = result;
    if (OF_NETWORK.includes(reason) && tries < RETRIES.most) {
      progress(0, true);
      await Promise.race([
        new Promise((resolve) => setTimeout(resolve, RETRIES.pause * (tries + 1))),
        stopping,
      ]);
    } else {
      throw new Failed((await Promise.race([isReplaced(text), stopping])) ? "replaced" : reason);
    }
  }
}

/** Whether the site has published another edition in the meantime. */
async function isReplaced(text: string): Promise<boolean> {
  const current = await fetchCatalogue(site);
  return typeof current === "object" && current.text !== text;
}

async function keep({ url }: ShardFile, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const headers = { "Content-Type": "application/octet-stream" };
  await (await store.open()).put(url, new Response(bytes, { headers }));
}

/** Writes the record that checks use, once every shard is stored. */
async function commit(files: ShardFile[], record: Saved): Promise<void> {
  const shards = await store.shards();
  if (!files.every(({ url }) => shards.has(url))) {
    throw new Failed("storage_cleared");
  }
  await store.write("saved.json", record);
  await (await store.open()).delete(`${site}saving.json`);
  await store.tidy(files);
}

class Failed extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Failed) {
    return error.reason;
  }
  return error instanceof DOMException
    ? error.name === "QuotaExceededError"
      ? "quota"
      : "storage_failed"
    : "worker_failed";
}

/** The day that the reader's clock shows. */
function day(): string {
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
