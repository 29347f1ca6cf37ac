//! A host in front of the real server. It misbehaves on demand and otherwise forwards everything
//! unchanged.

import { once } from "node:events";
import http from "node:http";

export async function openHostileHost(upstream, resources) {
  const host = new HostileHost(upstream);
  await host.open();
  resources.defer(() => host.close());
  return host;
}

export class HostileHost {
  #upstream;
  #server;
  #port = 0;
  /**
   * The requests to answer badly, and how: `{ concerns(path), answer(response, honest, host) }`.
   */
  fault = undefined;

  constructor(upstream) {
    this.#upstream = upstream;
  }

  get address() {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** Listens; after the first time, on the same port again. */
  async open() {
    if (!this.#server?.listening) {
      this.#server = http.createServer((request, response) => this.#answer(request, response));
      this.#server.listen(this.#port, "127.0.0.1");
      await once(this.#server, "listening");
      this.#port = this.#server.address().port;
    }
  }

  /** Refuses connections from now on. */
  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Refuses connections from now on, but finishes the current response. */
  closeAfter(response) {
    response.setHeader("Connection", "close");
    this.#server.close();
  }

  async #answer(request, response) {
    try {
      const honest = await this.#fetch(request);
      if (this.fault?.concerns(new URL(request.url, this.address).pathname)) {
        await this.fault.answer(response, honest, this);
      } else {
        deliver(response, honest);
      }
    } catch (error) {
      response.destroy(error);
    }
  }

  async #fetch({ url, headers }) {
    // Always the whole file, even if the browser has it cached: a fault changes its bytes.
    const { "if-none-match": tag, "if-modified-since": date, ...others } = headers;
    const onward = http.get(new URL(url, this.#upstream), { headers: others, agent: false });
    const [answer] = await once(onward, "response");
    const pieces = [];
    for await (const piece of answer) {
      pieces.push(piece);
    }
    return {
      status: answer.statusCode,
      headers: kept(answer.headers),
      bytes: Buffer.concat(pieces),
    };
  }
}

/** Headers without those of the connection or of the bytes. */
function kept({ connection, "content-length": length, "transfer-encoding": coding, ...others }) {
  return others;
}

export function deliver(response, { status, headers, bytes }) {
  response.writeHead(status, { ...headers, "Content-Length": bytes.length });
  response.end(bytes);
}

/** Sends a byte a second, until the connection is closed. */
export function drip(response, { headers, bytes }) {
  response.writeHead(200, { ...headers, "Content-Length": bytes.length });
  const dripping = setInterval(() => response.write(bytes.subarray(0, 1)), 1_000);
  response.on("close", () => clearInterval(dripping));
}
