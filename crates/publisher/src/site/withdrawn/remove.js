async function removeSaved(site) {
  const own = ["data/", "shell/", "saved.json", "saving.json"].map((name) => site + name);
  for (const name of ["cek-nik-saved", "cek-nik-shell"]) {
    if (await caches.has(name)) {
      const cache = await caches.open(name);
      for (const { url } of await cache.keys()) {
        if (own.some((beginning) => url.startsWith(beginning))) {
          await cache.delete(url);
        }
      }
      if (!(await cache.keys()).length) {
        await caches.delete(name);
      }
    }
  }
}
