//! One whole visit through a recording proxy, from the first request to after the reader has gone.

import { shardPath } from "./key.mjs";
import { waitFor } from "./wait.mjs";
import { summary } from "./widget.mjs";

/**
 * What a page could leave behind on the device or show to others, without a single request. Runs
 * inside the page.
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
 * Where the reader goes afterwards. A page is told that it is left when the first of these has
 * arrived, so what it sends then comes before the second.
 */
const AFTERWARDS = ["cek-nik.html?afterwards", "cek-nik.html?at-last"];

/** All the requests of a visit. */
export function expectedRequests(site, address, key, pages) {
  const shards = site.catalogue.datasets.map((dataset) => shardPath(dataset, key));
  return requests(address, [...pages, "catalogue.json", ...shards, ...AFTERWARDS]);
}

export const requests = (address, paths) => paths.map((path) => `GET ${address}${path}`);

/**
 * Opens the page, types the number (and the name), checks it, and leaves; `open` is the widget's
 * way to the page. Gives the answers, what had been sent before the click, and what had changed on
 * the device. Everything that was sent is in the proxy's record.
 */
export async function observedCheck({ widget, proxy, address, nik, name, open = "open" }) {
  const { driver } = widget;
  await driver.get("about:blank");
  // A visit must not look different because of an earlier one. Only Chromium remembers, and only
  // its driver can make it forget.
  await driver.sendDevToolsCommand?.("Network.clearBrowserCache");
  proxy.forget();
  await widget[open](address);
  // In a sandboxed frame, most of these throw.
  const inPage = open === "open";
  const before = inPage ? await driver.executeScript(remains) : undefined;
  await widget.type(nik, name);
  const early = proxy.urls;
  await widget.submit();
  const answers = summary(await widget.verdict());
  const after = inPage ? await driver.executeScript(remains) : undefined;
  await driver.switchTo().defaultContent();
  for (const path of AFTERWARDS) {
    await driver.get(address + path);
    await waitFor(
      `the request for ${path}`,
      () => proxy.urls,
      (urls) => urls.includes(`GET ${address}${path}`),
    );
  }
  return { answers, early, before, after };
}
