//! What a test has opened, closed again whatever happens: processes, servers, browsers, directories.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class Resources {
  #closers = [];
  #interrupted = async (signal) => {
    await this.close();
    process.kill(process.pid, signal);
  };

  constructor() {
    process.once("SIGINT", this.#interrupted);
    process.once("SIGTERM", this.#interrupted);
  }

  defer(close) {
    this.#closers.push(close);
  }

  /** In reverse order: a browser ends before the directory of its profile is removed. */
  async close() {
    process.removeListener("SIGINT", this.#interrupted);
    process.removeListener("SIGTERM", this.#interrupted);
    const failures = [];
    for (let close; (close = this.#closers.pop()); ) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length) {
      throw new AggregateError(failures, "could not clean up");
    }
  }

  async directory() {
    const path = await mkdtemp(join(tmpdir(), "cek-nik-browser-"));
    // A browser that has just ended may still be writing to its profile.
    this.defer(() => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
    return path;
  }
}
