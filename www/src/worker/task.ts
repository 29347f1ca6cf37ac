//! Runs tasks of the module.

import type { Failure, Task, Wanted } from "../../pkg/cek_nik";

/**
 * The bytes of a file, at most one more than it may have; the HTTP status if it is not 200; or the
 * reason why it could not be fetched.
 */
export type FetchResult = Uint8Array | number | Failure;

/** Runs a task to its end and fetches the files that it wants. */
export async function run<Result>(
  task: Task<Result>,
  fetchFile: (wanted: Wanted) => Promise<FetchResult>,
): Promise<Result> {
  for (;;) {
    const step = task.step();
    if ("result" in step) {
      return step.result;
    }
    const result = await fetchFile(step.wanted);
    if (typeof result === "object") {
      task.receive(result);
    } else if (typeof result === "number") {
      task.refuse(result);
    } else {
      task.fail(result);
    }
  }
}
