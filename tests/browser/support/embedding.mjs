//! Pages of publishers that embed the widget, on hosts of their own.

import { once } from "node:events";
import http from "node:http";
import { fileURLToPath } from "node:url";

import { bundle } from "./deps.mjs";
import { waitFor } from "./wait.mjs";

const SOURCES = fileURLToPath(new URL("../../../www/src/", import.meta.url));

/** The script element of the loader, as publishers are told to write it. */
export const loader = (site) =>
  `<script src="${site}embed.js" async referrerpolicy="no-referrer"></script>`;

/** A publisher's page. `head` and `body` are HTML. */
export function page(body, { head = "", lang = "id" } = {}) {
  return `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>Berita</title>${head}<body><h1>Berita</h1>${body}`;
}

/** Records every message and every event of the widget. */
export const LISTENER = `<script>
  window.heard = [];
  window.messages = [];
  for (const name of ["ready", "resize", "error"]) {
    addEventListener("cek-nik:" + name, ({ target, detail }) => heard.push({ name, id: target.id, detail }));
  }
  addEventListener("message", ({ data }) => messages.push(data));
</script>`;

/**
 * Serves pages, `{ "/path": html }` or `{ "/path": { html, headers } }`, on an origin of their own.
 */
export async function openPublisher(resources, pages) {
  const server = http.createServer(({ url }, response) => {
    const found = pages[new URL(url, "http://host").pathname];
    const { html, headers } = typeof found === "string" ? { html: found } : (found ?? {});
    response.writeHead(html === undefined ? 404 : 200, {
      "Content-Type": "text/html; charset=utf-8",
      ...headers,
    });
    response.end(html);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  resources.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** A copy of the site with a dummy widget: it exposes its settings and reports its height once. */
export async function standIn(site) {
  const copy = await site.copy();
  const script = await bundled(`
    import { tellFrame } from "./embedding/frame";
    import { readSettings } from "./embedding/settings";
    document.body.dataset.settings = JSON.stringify(readSettings(location.href));
    document.body.dataset.born = Math.random();
    window.tellFrame = tellFrame;
    new ResizeObserver((_, observer) => {
      const height = document.documentElement.offsetHeight;
      if (height) {
        observer.disconnect();
        tellFrame(height);
      }
    }).observe(document.documentElement);`);
  await copy.write(
    "cek-nik.html",
    `<!doctype html><title>pengganti</title><body style="margin:0;height:432px"><script>${script}</script>`,
  );
  return copy;
}

async function bundled(contents) {
  const { outputFiles } = await bundle({
    stdin: { contents, resolveDir: SOURCES },
    bundle: true,
    format: "iife",
    write: false,
    minify: true,
  });
  return outputFiles[0].text;
}

/** The exports of a source file of the widget. */
export async function source(name) {
  const { outputFiles } = await bundle({
    entryPoints: [SOURCES + name],
    bundle: true,
    format: "esm",
    write: false,
  });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

/** The frame inside the loader's shadow root. */
export const frameOf = (driver, selector = "cek-nik") =>
  waitFor(
    "the frame",
    () =>
      driver.executeScript(
        (query) => document.querySelector(query)?.shadowRoot?.querySelector("iframe"),
        selector,
      ),
    (frame) => frame,
  );

/** Scrolls to the frame and switches to it. */
export async function enter(driver, selector) {
  const frame = await frameOf(driver, selector);
  await driver.executeScript("arguments[0].scrollIntoView()", frame);
  await driver.switchTo().frame(frame);
}

/** The events recorded by `LISTENER`. */
export const heard = (driver) => driver.executeScript("return heard");

export const until = (driver, what, script, satisfied = Boolean, limit) =>
  waitFor(what, () => driver.executeScript(script), satisfied, limit);
