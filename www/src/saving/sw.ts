//! The service worker: it keeps the shell, the few files that the site needs besides its data, so
//! that they open without a network. Everything else it lets pass: it never sees a catalogue or a
//! shard, and a NIK is in no request at all.
//!
//! Each file is kept under its own hash, and is used only by the version whose list names that
//! hash. So a page that is open keeps the version it has come with, and a new version fetches what
//! has changed, and nothing else.

declare const self: ServiceWorkerGlobalScope;

/**
 * The files of the shell and their SHA-256, which `cek-nik build` puts in when it writes the site.
 */
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
/**
 * How many milliseconds a page may take to say that it has heard, and how many the site may be
 * silent.
 */
const PATIENCE = { page: 1_000, site: 20_000 };

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  webmanifest: "application/manifest+json",
  png: "image/png",
};

/** Every page of the site hears what is said there. */
const channel = new BroadcastChannel(`cek-nik ${scope}`);

/** No request is ever made for such an address: it is the name of a hash. */
const place = (hash: string): string => `${scope}shell/${hash}`;

self.addEventListener("install", (event) => {
  // Else Chromium asks the network for each page as well while this worker starts, and throws away
  // what it gets.
  (event as Partial<RoutingEvent>).addRoutes?.({
    condition: { urlPattern: `${scope}*` },
    source: "fetch-event",
  });
  event.waitUntil(keep().catch(explain));
});
// A page asks whether all is there still: what readers remove is gone, while the worker may not be.
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
 * All or nothing: the browser throws a version away whose installation fails, and nothing is stored
 * before all of it is right.
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
  await Promise.all(found.map(({ hash, response }) => cache.put(place(hash), response)));
}

/**
 * To the page that waits for it, which learns of a failed installation no more than that it has
 * failed.
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

/** A sign-in page, an error page or half a file has another hash. */
async function fetchFile(name: string, hash: string): Promise<Response> {
  const bytes = await fetchBytes(name);
  if ((await sha256(bytes)) !== hash) {
    throw new Error(`${name} is not the file that this site was built with`);
  }
  // Made anew, because one that has come by a redirect may not answer for a page.
  return new Response(bytes, { headers: headersOf(name) });
}

/**
 * Nothing where the site answers with something else. The clock starts again with every piece that
 * arrives.
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

/** Runs when no page uses the version before any more. */
async function removeOthers(): Promise<void> {
  const cache = await caches.open(CACHE);
  const own = new Set([...SHELL.values()].map(place));
  for (const { url } of await cache.keys()) {
    if (url.startsWith(place("")) && !own.has(url)) {
      await cache.delete(url);
    }
  }
}

/**
 * The hash of the file of the shell that is asked for, if it is one. Some hosts leave the ending of
 * pages away.
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
  // Where the storage is at fault, the site is as it would be without this worker.
  return (await stored(hash).catch(() => undefined)) ?? fetch(request);
}

/** Looks without making the cache, which the reader may have removed. */
const stored = (hash: string): Promise<Response | undefined> =>
  caches.match(place(hash), { cacheName: CACHE });

export {};
