//! A forward proxy that records every byte a browser sends and forwards requests to loopback only.

import { once } from "node:events";
import http from "node:http";
import { pipeline } from "node:stream";

export async function openRecordingProxy(resources) {
  const proxy = new RecordingProxy();
  await proxy.listen(resources);
  return proxy;
}

class RecordingProxy {
  /** Requests in order: method, address, header lines as sent, body. */
  requests = [];
  /** Every byte of every connection, including bytes outside of requests. */
  #bytes = [];
  #server = http.createServer();

  async listen(resources) {
    this.#server.on("connection", (socket) =>
      socket.on("data", (piece) => this.#bytes.push(piece)),
    );
    this.#server.on("request", (request, response) => this.#forward(request, response));
    this.#server.on("connect", (request, socket) => {
      this.#record(request, Buffer.alloc(0));
      socket.on("error", () => {});
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.port = this.#server.address().port;
    resources.defer(() => {
      this.#server.closeAllConnections();
      this.#server.close();
    });
  }

  forget() {
    this.requests = [];
    this.#bytes = [];
  }

  get bytes() {
    return Buffer.concat(this.#bytes);
  }

  get urls() {
    return this.requests.map(({ method, url }) => `${method} ${url}`);
  }

  #record({ method, url, httpVersion, rawHeaders }, body) {
    const lines = [`${method} ${url} HTTP/${httpVersion}`];
    for (let i = 0; i < rawHeaders.length; i += 2) {
      lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
    }
    this.requests.push({
      method,
      url,
      bytes: Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), body]),
    });
  }

  async #forward(request, response) {
    const body = [];
    for await (const piece of request) {
      body.push(piece);
    }
    this.#record(request, Buffer.concat(body));
    const target = URL.canParse(request.url) ? new URL(request.url) : undefined;
    if (target?.protocol !== "http:" || target.hostname !== "127.0.0.1") {
      // Nothing leaves this computer, but the request is recorded.
      response
        .writeHead(204, { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" })
        .end();
      return;
    }
    const headers = { ...request.headers };
    delete headers["proxy-connection"];
    const onward = http.request(target, { method: request.method, headers });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      // A cut of the host is a cut for the page.
      pipeline(answer, response, () => {});
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    onward.end(Buffer.concat(body));
  }
}
