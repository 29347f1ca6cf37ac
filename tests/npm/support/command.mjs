import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs a program in a directory. Gives what it prints, and throws it if the program fails. */
export async function command(directory, program, ...words) {
  try {
    const { stdout } = await promisify(execFile)(program, words, { cwd: directory });
    return stdout;
  } catch ({ stdout, stderr }) {
    throw new Error(`${program} ${words.join(" ")} failed:\n${stdout}${stderr}`);
  }
}
