//! Resources that a test has opened, released in every case: processes, servers, browsers,
//! directories.

import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

export class Resources {
  #opened = [];
  #atExit = () => this.#abandon();
  // Exits, so that other exit handlers can clean up too.
  #atSignal = () => process.exit(1);

  constructor() {
    process.on("exit", this.#atExit);
    for (const signal of SIGNALS) {
      // Not `once`: a second signal would end the process during its cleanup.
      process.on(signal, this.#atSignal);
    }
    // The reader of the results is gone. The test runner would die without an exit event.
    process.stdout.on("error", this.#atSignal);
  }

  /**
   * Registers a resource. `close` may be asynchronous; `abandon` must be synchronous, for an exit.
   */
  defer(close, abandon = () => {}) {
    this.#opened.push({ close, abandon });
  }

  /** In reverse order: a browser ends before its profile is removed. */
  async close() {
    const failures = [];
    for (let last; (last = this.#opened.at(-1)); this.#opened.pop()) {
      await Promise.resolve(last.close()).catch((error) => failures.push(error));
    }
    process.removeListener("exit", this.#atExit);
    process.stdout.removeListener("error", this.#atSignal);
    for (const signal of SIGNALS) {
      process.removeListener(signal, this.#atSignal);
    }
    if (failures.length) {
      throw new AggregateError(failures, "could not clean up");
    }
  }

  async directory() {
    const path = await mkdtemp(join(tmpdir(), "cek-nik-browser-"));
    // A browser that has just ended may still write to its profile.
    const patiently = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 };
    this.defer(
      () => rm(path, patiently),
      () => rmSync(path, patiently),
    );
    return path;
  }

  #abandon() {
    for (let last; (last = this.#opened.pop());) {
      try {
        last.abandon();
      } catch {
        // It may have ended already; the others must still be released.
      }
    }
  }
}
