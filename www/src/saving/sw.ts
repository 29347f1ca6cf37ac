//! The service worker. It stores the shell, the few files that the site needs besides its data, so
//! that they open without a network. It ignores all other requests: it never sees a catalogue or a
//! shard, and no request contains a NIK.
//!
//! Each file is stored under its hash and used only by the version that lists that hash. An open
//! page keeps its version, and a new version fetches only the files that changed.

declare const self: ServiceWorkerGlobalScope;

/** The files of the shell and their SHA-256. `cek-nik build` inserts them into the site. */
declare const SHELL_FILES: Record<string, string>;

/**
 * https://www.w3.org/TR/service-workers/#dom-installevent-addroutes, which TypeScript does not know
 * yet.
 */
interface RoutingEvent {
  addRoutes(rule: { condition: { urlPattern: string }; source: "fetch-event" }): unknown;
}

const SHELL = new Map(Object.entries(SHELL_FILES));
const CACHE = "cek-nik-shell";
const { scope } = self.registration;
/** Milliseconds that a page may take to acknowledge a message, and that the site may be silent. */
const PATIENCE = { page: 1_000, site: 20_000 };

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  webmanifest: "application/manifest+json",
  png: "image/png",
};

/** The channel of all pages of the site. */
const channel = new BroadcastChannel(`cek-nik ${scope}`);

/** The cache key of a file. No request is ever made for it. */
const cacheKey = (hash: string): string => `${scope}shell/${hash}`;

self.addEventListener("install", (event) => {
  // Otherwise Chromium also requests each page from the network while this worker starts, and
  // discards the response.
  (event as Partial<RoutingEvent>).addRoutes?.({
    condition: { urlPattern: `${scope}*` },
    source: "fetch-event",
  });
  event.waitUntil(keep().catch(explain));
});
// A page asks whether the shell is complete: the reader may have removed files while the worker
// stayed.
self.addEventListener("message", (event) => {
  const answer = (reason?: string): void => event.ports[0]?.postMessage(reason);
  event.waitUntil(
    keep().then(
      () => answer(),
      (error: unknown) => answer(reasonOf(error)),
    ),
  );
});
self.addEventListener("activate", (event) => event.waitUntil(removeOthers()));
self.addEventListener("fetch", (event) => {
  const hash = hashFor(event.request);
  if (hash) {
    event.respondWith(answer(hash, event.request));
  }
});

/**
 * Stores all files or none. The browser discards a version whose installation fails, and nothing is
 * stored before all files are verified.
 */
async function keep(): Promise<void> {
  const missing = [];
  for (const [name, hash] of SHELL) {
    if (!(await stored(hash))) {
      missing.push({ name, hash });
    }
  }
  let kept = SHELL.size - missing.length;
  const found = await Promise.all(
    missing.map(async ({ name, hash }) => {
      const response = await fetchFile(name, hash);
      channel.postMessage({ kind: "shell_progress", kept: ++kept, files: SHELL.size });
      return { hash, response };
    }),
  );
  const cache = await caches.open(CACHE);
  await Promise.all(found.map(({ hash, response }) => cache.put(cacheKey(hash), response)));
}

/**
 * Sends the reason to the waiting page, which otherwise learns only that the installation failed.
 */
async function explain(error: unknown): Promise<never> {
  await new Promise((resolve) => {
    channel.onmessage = resolve;
    setTimeout(resolve, PATIENCE.page);
    channel.postMessage({ kind: "shell", reason: reasonOf(error) });
  });
  throw error;
}

function reasonOf(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  return name === "QuotaExceededError"
    ? "quota"
    : name === "AbortError" || error instanceof TypeError
      ? "shell_unreachable"
      : "shell_damaged";
}

/**
 * Fetches and verifies a file. A sign-in page, an error page or a partial file has another hash.
 */
async function fetchFile(name: string, hash: string): Promise<Response> {
  const bytes = await fetchBytes(name);
  if ((await sha256(bytes)) !== hash) {
    throw new Error(`${name} is not the file that this site was built with`);
  }
  // A new response: one that was redirected may not be used for a page.
  return new Response(bytes, { headers: headersOf(name) });
}

/**
 * The bytes of a file, empty if the site responds with anything else. The timeout restarts with
 * every chunk.
 */
async function fetchBytes(name: string): Promise<ArrayBuffer> {
  const controller = new AbortController();
  const { signal } = controller;
  const pieces = [];
  let timer: number | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), PATIENCE.site);
  };
  try {
    wait();
    const response = await fetch(scope + name, {
      cache: "no-cache",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal,
    });
    if (response.status === 200 && response.url.startsWith(self.location.origin)) {
      const reader = response.body?.getReader();
      for (let piece; (piece = (await reader?.read())?.value); wait()) {
        pieces.push(piece);
      }
    }
    return await new Blob(pieces).arrayBuffer();
  } finally {
    clearTimeout(timer);
  }
}

const headersOf = (name: string): Record<string, string> => ({
  "Content-Type": TYPES[name.split(".").pop() ?? ""] ?? "application/octet-stream",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
});

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Removes files of other versions, once no page uses them. */
async function removeOthers(): Promise<void> {
  const cache = await caches.open(CACHE);
  const own = new Set([...SHELL.values()].map(cacheKey));
  for (const { url } of await cache.keys()) {
    if (url.startsWith(cacheKey("")) && !own.has(url)) {
      await cache.delete(url);
    }
  }
}

/**
 * The hash of the requested file, if it belongs to the shell. Some hosts omit the extension of
 * pages.
 */
function hashFor({ method, url }: Request): string | undefined {
  const { origin, pathname } = new URL(url);
  const address = origin + pathname;
  if (method !== "GET" || !address.startsWith(scope)) {
    return undefined;
  }
  const name = address.slice(scope.length) || "index.html";
  return SHELL.get(name) ?? SHELL.get(`${name}.html`);
}

async function answer(hash: string, request: Request): Promise<Response> {
  // If the storage fails, the site works as without this worker.
  return (await stored(hash).catch(() => undefined)) ?? fetch(request);
}

/** Reads without creating the cache, which the reader may have removed. */
const stored = (hash: string): Promise<Response | undefined> =>
  caches.match(cacheKey(hash), { cacheName: CACHE });

export {};
