//! Takes a task of the module to its end.

import type { Failure, Task, Wanted } from "../pkg/cek_nik";

/**
 * The bytes of a file, and at most one more than it may have; or the status that a host answered
 * with instead; or why it did not come.
 */
export type FetchResult = Uint8Array | number | Failure;

/** Goes from step to step, with the files that are result. */
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
