//! Locks that all tabs of the origin share. Engines without them run the work at once.

/** Held by a tab that deletes a cache, and shared by tabs that read one. */
const CACHES = "cek-nik-caches";

/** Runs `work` once no other tab holds the lock in a conflicting mode. */
export async function withLock<Result>(
  name: string,
  mode: LockMode,
  work: () => Promise<Result>,
): Promise<Result> {
  const { locks } = navigator as Partial<Navigator>;
  return locks ? locks.request(name, { mode }, work) : work();
}

/** The addresses in a cache, without creating the cache that another tab just deletes. */
export const cachedUrls = (name: string): Promise<string[]> =>
  withLock(CACHES, "shared", async () =>
    (await caches.has(name)) ? (await (await caches.open(name)).keys()).map(({ url }) => url) : [],
  );

/** Deletes a cache that holds nothing any more. */
export const removeIfEmpty = (name: string): Promise<void> =>
  withLock(CACHES, "exclusive", async () => {
    if (!(await (await caches.open(name)).keys()).length) {
      await caches.delete(name);
    }
  });
