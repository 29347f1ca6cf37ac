//! Writes the npm package to npm/package/ or to another directory, from the output of wasm-pack and
//! of www/build.mjs. The same sources give the same bytes.

import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { packageVersion } from "../www/package-version.mjs";

const { build } = createRequire(new URL("../www/package.json", import.meta.url))("esbuild");

const here = new URL("./", import.meta.url);
const root = new URL("../", here);
const pkg = new URL("www/pkg/", root);
const [directory = fileURLToPath(new URL("package", here))] = process.argv.slice(2);
const target = pathToFileURL(`${directory}/`);
/** The output of the TypeScript compiler, which also has declarations of the widget's sources. */
const declarations = new URL("www/pkg/declarations/", root);

await rm(target, { recursive: true, force: true });
await mkdir(new URL("wasm/", target), { recursive: true });
await Promise.all([scripts(), embedded(), types(), module(), documents()]);

/** Not minified: these files are read by those who depend on them. */
async function scripts() {
  await build({
    entryPoints: ["index", "node", "embed"].map((name) =>
      fileURLToPath(new URL(`${name}.ts`, here)),
    ),
    bundle: true,
    format: "esm",
    // Comments name the sources by their paths from here.
    absWorkingDir: fileURLToPath(root),
    target: ["es2020", "chrome96", "firefox100", "safari15.4", "node20"],
    external: ["./embedded.js", "node:*"],
    outdir: fileURLToPath(target),
    charset: "utf8",
    logLevel: "warning",
  });
}

async function embedded() {
  const worker = await readFile(new URL("online/worker.js", pkg), "utf8");
  const bytes = await readFile(new URL("online/short", pkg));
  const code = `// The worker and the module of the widget, see build.mjs.
export const WORKER = ${JSON.stringify(worker)};
export const MODULE = "${bytes.toString("base64")}";
`;
  await writeFile(new URL("embedded.js", target), code);
}

async function types() {
  await rm(declarations, { recursive: true, force: true });
  for (const project of ["tsconfig.node.json", "tsconfig.json"]) {
    const words = ["--project", fileURLToPath(new URL(project, here))];
    await compile(...words, "--outDir", fileURLToPath(declarations));
  }
  for (const file of ["api.d.ts", "embed.d.ts", "index.d.ts"]) {
    const text = await readFile(new URL(`npm/${file}`, declarations), "utf8");
    // Resolvers that do not know `exports` find the types of the module by their path.
    const own = text.replaceAll('"cek-nik/wasm"', '"./wasm/cek_nik.js"');
    await writeFile(new URL(file, target), own);
  }
}

async function compile(...words) {
  const compiler = fileURLToPath(new URL("www/node_modules/.bin/tsc", root));
  await promisify(execFile)(compiler, words).catch(({ stdout }) => fail(stdout));
}

function fail(message) {
  console.error(`npm/build.mjs: ${message}`);
  process.exit(1);
}

async function module() {
  for (const name of ["cek_nik.js", "cek_nik.d.ts", "cek_nik_bg.wasm", "cek_nik_bg.wasm.d.ts"]) {
    await copyFile(new URL(name, pkg), new URL(`wasm/${name}`, target));
  }
}

async function documents() {
  const manifest = JSON.parse(await readFile(new URL("package.json", here), "utf8"));
  manifest.version = await packageVersion();
  await writeFile(new URL("package.json", target), `${JSON.stringify(manifest, undefined, 2)}\n`);
  await copyFile(new URL("README.md", here), new URL("README.md", target));
  for (const name of ["LICENSE-APACHE", "LICENSE-MIT"]) {
    await copyFile(new URL(name, root), new URL(name, target));
  }
}
