//! A host that compresses, and a slow line between it and the reader.

import { once } from "node:events";
import http from "node:http";
import { setTimeout } from "node:timers/promises";
import { brotliCompressSync } from "node:zlib";

/** A poor mobile network: milliseconds from a request to the first byte, and bits per second. */
export const SLOW = { roundTrip: 150, rate: 1_600_000 };

/** Bytes: 20 ms of the slow line. */
const PIECE = 4000;

/**
 * A proxy that all requests of a visit share. The browser's own throttling would give each frame of
 * another site and each worker a line of its own. As there, connecting is free.
 */
export class Line {
  #free = 0;

  constructor(resources, { roundTrip, rate }) {
    this.resources = resources;
    this.roundTrip = roundTrip;
    this.rate = rate;
  }

  /**
   * The files of `upstream`, compressed before the first visit. Gives their address on this line.
   */
  async to(upstream, paths) {
    const files = new Map();
    for (const path of paths) {
      files.set(`/${path}`, await take(new URL(path, upstream)));
    }
    return this.#open(async (path) => files.get(path) ?? take(new URL(path, upstream)));
  }

  /** Any other page, at any path. */
  toPage(html) {
    const page = compressed({ "content-type": "text/html; charset=utf-8" }, Buffer.from(html));
    return this.#open(() => page);
  }

  async #open(find) {
    const server = http.createServer(async ({ url }, response) => {
      try {
        const [{ status, headers, bytes }] = await Promise.all([
          find(url),
          setTimeout(this.roundTrip),
        ]);
        response.writeHead(status, headers);
        await this.#send(response, bytes);
      } catch (error) {
        response.destroy(error);
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    this.resources.defer(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${server.address().port}/`;
  }

  /** Sends in chunks, so that parallel downloads share the line. */
  async #send(response, bytes) {
    for (let from = 0; from < bytes.length; from += PIECE) {
      const piece = bytes.subarray(from, from + PIECE);
      this.#free = Math.max(this.#free, performance.now()) + (piece.length * 8000) / this.rate;
      await setTimeout(this.#free - performance.now());
      response.write(piece);
    }
    response.end();
  }
}

async function take(address) {
  const answer = await fetch(address);
  const headers = {
    "content-type": answer.headers.get("content-type"),
    "access-control-allow-origin": "*",
  };
  const bytes = Buffer.from(await answer.arrayBuffer());
  // Lists are as good as random.
  const known = /octet-stream/.test(headers["content-type"])
    ? { headers, bytes }
    : compressed(headers, bytes);
  return { status: answer.status, ...known };
}

const compressed = (headers, bytes) => ({
  status: 200,
  headers: { ...headers, "content-encoding": "br" },
  bytes: brotliCompressSync(bytes),
});
