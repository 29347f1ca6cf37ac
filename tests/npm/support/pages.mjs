//! Pages of consumers, each on an origin of its own and under a strict policy.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";
import { extname, join } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

/** The policy that the README of the package asks for, and what the pages need besides. */
export const policyFor = (site) => ({
  "default-src": "'none'",
  "script-src": "'self' 'wasm-unsafe-eval'",
  "worker-src": "blob:",
  // The page's own host: the pages also fetch the module by its address.
  "connect-src": `'self' ${site}`,
  "frame-src": `${site}cek-nik.html`,
  "require-trusted-types-for": "'script'",
  "trusted-types": "cek-nik",
});

/** Serves a directory. Gives its address. */
export async function servePages(resources, directory, policy) {
  const header = Object.entries(policy)
    .map((directive) => directive.join(" "))
    .join("; ");
  const server = http.createServer(async ({ url }, response) => {
    const path = join(
      directory,
      new URL(url, "http://host").pathname.replace(/\/$/, "/index.html"),
    );
    try {
      const content = await readFile(path);
      const type = TYPES[extname(path)] ?? "application/octet-stream";
      response.writeHead(200, { "Content-Type": type, "Content-Security-Policy": header });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  return listen(resources, server);
}

/** Starts a server on a free port. Gives its address. */
export async function listen(resources, server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  resources.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

/**
 * A host that never sends its catalogue. `requested` and `closed` resolve with the request for it.
 * The frame of `<cek-nik>` gets an answer: its page would wait for it.
 */
export async function silentHost(resources) {
  const host = {};
  let arrived;
  host.requested = new Promise((resolve) => (arrived = resolve));
  host.closed = new Promise((resolve) => {
    host.server = http.createServer(({ url }, response) => {
      if (!url.endsWith("catalogue.json")) {
        response.writeHead(404).end();
        return;
      }
      response.on("close", resolve);
      arrived();
    });
  });
  return { ...host, address: await listen(resources, host.server) };
}
