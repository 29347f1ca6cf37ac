//! A whole visit through a recording proxy, from the first request until after the reader has left.

import { shardPath } from "./key.mjs";
import { waitFor } from "./wait.mjs";
import { summary } from "./widget.mjs";

/**
 * Everything that a page could leave on the device or show to others without a request. Runs inside
 * the page.
 */
export async function remains() {
  const entries = (storage) => JSON.stringify({ ...storage });
  return {
    address: location.href,
    title: document.title,
    name: window.name,
    history: `${history.length} ${JSON.stringify(history.state)}`,
    cookies: document.cookie,
    local: entries(localStorage),
    session: entries(sessionStorage),
    databases: JSON.stringify(await indexedDB.databases()),
    caches: JSON.stringify(await caches.keys()),
    workers: String((await navigator.serviceWorker.getRegistrations()).length),
  };
}

/**
 * Pages that the reader visits afterwards. A page learns that it is left when the first one has
 * arrived, so what it then sends comes before the second.
 */
const AFTERWARDS = ["cek-nik-offline.html?afterwards", "cek-nik-offline.html?at-last"];

/** All requests of a visit. `files` are those that come before the shards. */
export function expectedRequests(site, address, key, pages, files = ["catalogue.json"]) {
  const shards = site.catalogue.datasets.map((dataset) => shardPath(dataset, key));
  return requests(address, [...pages, ...files, ...shards, ...AFTERWARDS]);
}

export const requests = (address, paths) => paths.map((path) => `GET ${address}${path}`);

/**
 * Opens the page, types the number and the name, checks, and leaves; `open` is the widget's method.
 * Gives the answers, the requests before the click, and the changes on the device. The proxy has
 * recorded everything that was sent.
 */
export async function observedCheck({ widget, proxy, address, nik, name, open = "open" }) {
  const { driver } = widget;
  await driver.get("about:blank");
  // Visits must not depend on earlier ones. Only Chromium keeps a cache, and its driver can clear
  // it.
  await driver.sendDevToolsCommand?.("Network.clearBrowserCache");
  proxy.forget();
  await widget[open](address);
  // Most of these throw in a sandboxed frame.
  const inPage = open === "open";
  const before = inPage ? await driver.executeScript(remains) : undefined;
  await widget.type(nik, name);
  const early = proxy.urls;
  await widget.submit();
  const answers = summary(await widget.verdict());
  const after = inPage ? await driver.executeScript(remains) : undefined;
  await driver.switchTo().defaultContent();
  await leave(driver, proxy, address);
  return { answers, early, before, after };
}

/** Leaves a page, so that the proxy has recorded everything that it sends. */
export async function leave(driver, proxy, address) {
  for (const path of AFTERWARDS) {
    await driver.get(address + path);
    await waitFor(
      `the request for ${path}`,
      () => proxy.urls,
      (urls) => urls.includes(`GET ${address}${path}`),
    );
  }
}
