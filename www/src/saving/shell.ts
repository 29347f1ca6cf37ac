//! The page's side of the service worker.
//!
//! It is registered when a reader saves a list or installs the page. It fetches some hundred
//! kilobytes, which a reader who came for one check should not pay for.

import { scriptAddress } from "../trusted";
import { cachedUrls, removeIfEmpty } from "./locks";
import { channelOf, type News, type SavingReason } from "./news";

const CACHE = "cek-nik-shell";

/** Why this browser cannot store the shell and the lists, if so. */
export function obstacle(): SavingReason | undefined {
  if (!isSecureContext) {
    return "not_secure";
  }
  try {
    new BroadcastChannel("cek-nik").close();
    return navigator.serviceWorker && caches ? undefined : "browser_too_old";
  } catch (error) {
    // Firefox also refuses the channel to a site that may store nothing.
    return error instanceof DOMException ? "storage_failed" : "browser_too_old";
  }
}

/** Milliseconds that the service worker may be silent: slightly more than it waits for the site. */
const PATIENCE = 30_000;

/** Waits until the whole shell is stored. Gives the reason if that fails. */
export async function keepShell(site: string): Promise<SavingReason | undefined> {
  let reason: SavingReason = navigator.onLine ? "shell_damaged" : "shell_unreachable";
  let timer: number | undefined;
  const channel = channelOf(site);
  const silence = new Promise<SavingReason>((resolve) => {
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => resolve("shell_unreachable"), PATIENCE);
    };
    wait();
    channel.onmessage = ({ data }: MessageEvent<News>) => {
      if (data.kind === "shell") {
        reason = data.reason;
        channel.postMessage({ kind: "heard" } satisfies News);
      } else if (data.kind === "shell_progress") {
        wait();
      }
    };
  });
  const registered = async (): Promise<SavingReason | undefined> => {
    const registration = await navigator.serviceWorker.register(scriptAddress("sw.js"), {
      updateViaCache: "none",
    });
    const worker = registration.active ?? registration.installing ?? registration.waiting;
    return worker && (await settled(worker)) === "activated" ? complete(worker) : reason;
  };
  try {
    return await Promise.race([registered().catch(() => reason), silence]);
  } finally {
    clearTimeout(timer);
    channel.close();
  }
}

/** Asks an active service worker to fetch missing files: the reader may have removed them. */
function complete(worker: ServiceWorker): Promise<SavingReason | undefined> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<SavingReason | undefined>) => resolve(data);
    worker.postMessage("keep", [port2]);
  });
}

function settled(worker: ServiceWorker): Promise<ServiceWorkerState> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (worker.state === "activated" || worker.state === "redundant") {
        resolve(worker.state);
      }
    };
    worker.addEventListener("statechange", check);
    check();
  });
}

/**
 * Whether the site's service worker is registered, and whether its files are stored. Another tab
 * may have removed the files.
 */
export async function shellOf(site: string): Promise<{ registered: boolean; kept: boolean }> {
  const registered = (await navigator.serviceWorker.getRegistration())?.scope === site;
  const kept = registered && (await filesOf(site)).length > 0;
  return { registered, kept };
}

const filesOf = async (site: string): Promise<string[]> =>
  (await cachedUrls(CACHE)).filter((url) => url.startsWith(`${site}shell/`));

/** Calls `tell` when a new version of the page is installed. */
export async function watchVersions(tell: () => void): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  registration?.addEventListener("updatefound", () =>
    registration.installing?.addEventListener("statechange", tell),
  );
}

/** Whether a new version of the page waits until all of its tabs are closed. */
export async function isVersionWaiting(): Promise<boolean> {
  return Boolean((await navigator.serviceWorker.getRegistration())?.waiting);
}

export async function dropShell(site: string): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  if (registration?.scope === site) {
    await registration.unregister();
  }
  if (await caches.has(CACHE)) {
    const cache = await caches.open(CACHE);
    await Promise.all((await filesOf(site)).map((url) => cache.delete(url)));
    await removeIfEmpty(CACHE);
  }
}
