//! What a test has opened, closed again whatever happens: processes, servers, browsers,
//! directories.

import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

export class Resources {
  #opened = [];
  #atExit = () => this.#abandon();
  // By leaving, so that others who wait for the exit get to clean up too.
  #atSignal = () => process.exit(1);

  constructor() {
    process.on("exit", this.#atExit);
    for (const signal of SIGNALS) {
      // Not once: the second of two signals would end the process in the middle of its cleaning.
      process.on(signal, this.#atSignal);
    }
    // Whoever read the results is gone. The test runner would die of that without an exit.
    process.stdout.on("error", this.#atSignal);
  }

  /** `close` may take its time; `abandon` is for when there is none left. */
  defer(close, abandon = () => {}) {
    this.#opened.push({ close, abandon });
  }

  /** In reverse order: a browser ends before the directory of its profile is removed. */
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
    // A browser that has just ended may still be writing to its profile.
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
        // It may have ended by itself; the others must be ended all the same.
      }
    }
  }
}
