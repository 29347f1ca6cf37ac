//! The packed package: the same bytes each time, files, exports and types.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { command } from "./support/command.mjs";
import { installed, tarball, tool, workspace } from "./support/workspace.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const sha256 = async (path) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
const bin = (name) => join(workspace, "../node_modules/.bin", name);

test("has the same SHA-256 when it is built and packed again", async () => {
  const directory = await mkdtemp(join(workspace, "again-"));
  const built = join(directory, "package");
  await command(root, "node", "npm/build.mjs", built);
  const name = await command(directory, "npm", "pack", built, "--silent", "--ignore-scripts");
  assert.equal(await sha256(join(directory, name.trim())), await sha256(tarball));
});

test("holds what its consumers need, and nothing else", async () => {
  const files = (await command(workspace, "tar", "--list", "--file", tarball)).trim().split("\n");
  assert.deepEqual(files.map((file) => file.replace("package/", "")).sort(), [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "api.d.ts",
    "embed.d.ts",
    "embed.js",
    "embedded.js",
    "index.d.ts",
    "index.js",
    "node.js",
    "package.json",
    "wasm/cek_nik.d.ts",
    "wasm/cek_nik.js",
    "wasm/cek_nik_bg.wasm",
    "wasm/cek_nik_bg.wasm.d.ts",
  ]);
});

test("names types first, and no code that runs on import", async () => {
  const { exports, sideEffects, dependencies } = JSON.parse(
    await readFile(join(installed, "package.json"), "utf8"),
  );
  for (const name of [".", "./embed", "./wasm"]) {
    assert.equal(Object.keys(exports[name])[0], "types", name);
  }
  assert.equal(sideEffects, false);
  assert.equal(dependencies, undefined);
  // A bundler drops an import of which nothing is used, so nothing may be lost by that.
  const { outputFiles } = await tool("esbuild").build({
    stdin: { contents: `import "cek-nik"; import "cek-nik/embed";`, resolveDir: workspace },
    bundle: true,
    write: false,
    logLevel: "silent",
  });
  assert.ok(outputFiles[0].text.length < 100, outputFiles[0].text);
});

test("satisfies publint", async () => {
  await command(workspace, bin("publint"), "run", tarball, "--strict");
});

test("satisfies arethetypeswrong", async () => {
  await command(
    workspace,
    bin("attw"),
    tarball,
    ...["--profile", "esm-only", "--format", "ascii"],
    ...["--exclude-entrypoints", "wasm/cek_nik_bg.wasm"],
  );
});

for (const resolution of ["bundler", "node16"]) {
  test(`has types for strict TypeScript with moduleResolution ${resolution}`, async () => {
    await command(workspace, bin("tsc"), "--project", `types/${resolution}`);
  });
}
