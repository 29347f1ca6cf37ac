//! Packs the npm package, installs it beside a copy of the consumers, and runs their tests.
//! `node run.mjs NAME ...` runs only the files whose names contain one of the names.

import { rmSync } from "node:fs";
import { cp, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

import { command } from "./support/command.mjs";

const here = fileURLToPath(new URL("./", import.meta.url));
const names = process.argv.slice(2);

// Below the directory with the bundlers, where the consumers find them.
const workspace = await mkdtemp(join(process.env.CEK_NIK_BUNDLERS, "work-"));
process.on("exit", () => rmSync(workspace, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => process.exit(1));
}

const manifest = { "private": true, "type": "module" };
await writeFile(join(workspace, "package.json"), JSON.stringify(manifest));
for (const name of ["esbuild", "node", "page", "types", "vite", "webpack"]) {
  await cp(join(here, name), join(workspace, name), { recursive: true });
}
const quiet = ["--silent", "--ignore-scripts", "--offline", "--no-audit", "--no-fund"];
const source = fileURLToPath(new URL("../../npm/package", import.meta.url));
const tarball = (
  await command(workspace, "npm", "pack", source, "--silent", "--ignore-scripts")
).trim();
await command(workspace, "npm", "install", ...quiet, "--no-package-lock", "--prefix", ".", tarball);
Object.assign(process.env, {
  CEK_NIK_WORKSPACE: workspace,
  CEK_NIK_TARBALL: join(workspace, tarball),
});

const files = (await readdir(here))
  .filter((file) => file.endsWith(".test.mjs"))
  .filter((file) => !names.length || names.some((name) => file.includes(name)));
// A worker that does not end would keep its test waiting for ever.
const limits = { concurrency: 2, timeout: 600_000 };
const results = run({ files: files.map((file) => join(here, file)), ...limits });
results.on("test:fail", () => {
  process.exitCode = 1;
});
results.compose(new spec()).pipe(process.stdout);
