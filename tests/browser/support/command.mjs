//! The real command line.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const BINARY =
  process.env.CEK_NIK_BINARY ??
  fileURLToPath(new URL("../../../target/release/cek-nik", import.meta.url));

/** The environment without proxies: the tests use loopback. */
export const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/_proxy$/i.test(name)),
);

const start = (...words) =>
  spawn(BINARY, words, { env: environment, stdio: ["pipe", "pipe", "pipe"] });

/** Runs a command to its end. */
export async function run(words, { stdin = "", accept = [0] } = {}) {
  const child = start(...words);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  // The command may end before it has read everything.
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  const [status] = await once(child, "close");
  if (!accept.includes(status)) {
    throw new Error(
      `cek-nik ${words.join(" ")} ended with ${status}: ${await stderr}${await stdout}`,
    );
  }
  return { status, stdout: await stdout, stderr: await stderr };
}

/** Runs `cek-nik serve`, by default on a free port. Gives the address with a trailing slash. */
export async function serve(directory, resources, port = 0) {
  const child = start("serve", directory, "--port", `${port}`);
  resources.defer(
    async () => {
      if (child.exitCode === null && child.kill()) {
        await once(child, "close");
      }
    },
    () => child.kill("SIGKILL"),
  );
  const stderr = collect(child.stderr);
  child.stdin.end();
  child.stdout.setEncoding("utf8");
  for await (const line of child.stdout) {
    const [address] = /^http:\/\/127\.0\.0\.1:\d+\//.exec(line) ?? [];
    if (address) {
      return address;
    }
  }
  throw new Error(`cek-nik serve ended without an address: ${await stderr}`);
}

async function collect(stream) {
  const pieces = [];
  for await (const piece of stream) {
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}
