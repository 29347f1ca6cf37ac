//! Takes a task of the module to its end.

import type { Failure, Task, Wanted } from "../pkg/cek_nik";

/**
 * The bytes of a file, and at most one more than it may have; or the status that a host answered
 * with instead; or why it did not come.
 */
export type Brought = Uint8Array | number | Failure;

/** Goes from step to step, with the files that are brought. */
export async function run<Result>(
  task: Task<Result>,
  bring: (wanted: Wanted) => Promise<Brought>,
): Promise<Result> {
  for (;;) {
    const step = task.step();
    if ("result" in step) {
      return step.result;
    }
    const brought = await bring(step.wanted);
    if (typeof brought === "object") {
      task.receive(brought);
    } else if (typeof brought === "number") {
      task.refuse(brought);
    } else {
      task.fail(brought);
    }
  }
}
