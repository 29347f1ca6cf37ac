// The list was taken down. At the next visit, this worker removes what the reader has saved, and
// itself.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  await removeSaved(registration.scope);
  await clients.claim();
  await registration.unregister();
  // An open page is still the one that was saved.
  for (const client of await clients.matchAll({ type: "window" })) {
    client.navigate(client.url).catch(() => {});
  }
}
