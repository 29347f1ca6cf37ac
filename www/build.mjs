//! Writes the widget, the page around it and the loader to dist/. The same sources give the same bytes.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build, transform } from "esbuild";

import { byteString } from "./byte-string.mjs";
import { packageVersion } from "./package-version.mjs";

const here = new URL("./", import.meta.url);
const MODULE = new URL("pkg/cek_nik_bg.wasm", here);
const root = fileURLToPath(new URL("../", here));
// What the loader calls its own things; none of it is a name that browsers know.
const OWN_NAMES = /^(address|fail|frame|language|look|notice|patience|seen|tell|timer)$/;
const target = ["es2020", "chrome96", "firefox100", "safari15.4"];

const version = await packageVersion();
const widget = await page("widget.html", { script: await pageScript() });
const index = await page("index.html", { version, "widget-sha256": sha256(widget, "hex") });

await mkdir(new URL("dist/", here), { recursive: true });
await writeFile(new URL(`dist/cek-nik-${version}.html`, here), widget);
await writeFile(new URL(`dist/index-${version}.html`, here), index);
await writeFile(new URL(`dist/embed-${version}.js`, here), await bundle("embed.ts", { mangleProps: OWN_NAMES }));

/** Fills a template: its style minified, its script put in, both named by their hashes in its policy. */
async function page(name, { script = "", ...values }) {
  const template = await readFile(new URL(`src/${name}`, here), "utf8");
  const [, source] = /<style>(.*?)<\/style>/s.exec(template);
  const { code } = await transform(source, { loader: "css", minify: true, target, charset: "utf8" });
  const style = code.trim();
  const hashes = { "script-hash": sha256(script, "base64"), "style-hash": sha256(style, "base64") };
  return template
    .replace(/\{\{([\w-]+)\}\}/g, (_, key) => ({ ...values, ...hashes })[key] ?? fail(`${name}: ${key} is not known`))
    .replace(source, () => style)
    .replace("<script></script>", () => `<script>${script}</script>`);
}

async function pageScript() {
  const { bytes, worker } = await moduleAndWorker();
  const module = byteString(bytes);
  const code = await bundle("main.ts", { define: { WORKER_CODE: JSON.stringify(worker) } });
  const pieces = code.split("MODULE_BYTES");
  if (pieces.length !== 2) {
    fail(`the module is used ${pieces.length - 1} times in main.ts, not once`);
  }
  const script = pieces.join(module);
  // In a script element a comment that opens before it would swallow its end.
  if (/<\/script|<!--/i.test(script)) {
    fail("the script would end its own element");
  }
  return script;
}

async function bundle(name, { plugins = [], ...options } = {}) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`src/${name}`, here))],
    bundle: true,
    format: "iife",
    minify: true,
    target,
    charset: "utf8",
    legalComments: "none",
    write: false,
    plugins: [onLoad(/texts.(id|en)\.json$/, pageTexts), ...plugins],
    // The bindings can also fetch the module from beside themselves, which the bundle drops.
    logOverride: { "empty-import-meta": "silent" },
    ...options,
  });
  return outputFiles[0].text.trim();
}

function onLoad(filter, load) {
  return { name: String(filter), setup: (build) => build.onLoad({ filter }, load) };
}

/** The texts without those that only the command line uses. */
async function pageTexts({ path }) {
  const { cli, ...texts } = JSON.parse(await readFile(path, "utf8"));
  return { contents: JSON.stringify(texts), loader: "json" };
}

/**
 * The module, and the only script that knows it: so the names by which they call each other, some seventy with hashes in them,
 * may become a letter or two in both. What the tools say about themselves is left out.
 */
async function moduleAndWorker() {
  await checkModule();
  const short = fileURLToPath(new URL("pkg/short", here));
  const passes = ["--minify-imports-and-exports-and-modules", "--strip-producers", "--strip-target-features"];
  const { stdout } = await promisify(execFile)("wasm-opt", [fileURLToPath(MODULE), ...passes, "--output", short]);
  const { imports, exports } = JSON.parse(stdout);
  const names = Object.fromEntries(imports.map(([, ...names]) => names));
  const worker = await bundle("worker.ts", {
    // The bindings clean up after themselves where a page lives long; this worker ends with its check.
    define: { FinalizationRegistry: "undefined", "Symbol.dispose": "undefined" },
    drop: ["console"],
    mangleProps: new RegExp(`^(${Object.keys(names).join("|")})$`),
    mangleCache: names,
    plugins: [onLoad(/cek_nik\.js$/, (file) => withShortExports(file, new Map(exports)))],
  });

  const [[bindings]] = imports;
  return { bytes: await readFile(short), worker: worker.replace(`"${bindings}"`, "a") };
}

/** The bindings with the new names of the exports. The old ones are too common to change wherever they stand, such as `decode`. */
async function withShortExports({ path }, names) {
  const bindings = await readFile(path, "utf8");
  return { contents: bindings.replace(/\bwasm\.(\w+)/g, (whole, name) => (names.has(name) ? `wasm.${names.get(name)}` : whole)) };
}

async function checkModule() {
  const bytes = await readFile(MODULE).catch(() =>
    fail("www/pkg is missing: build the WebAssembly module first, see the Makefile"),
  );
  const text = bytes.toString("latin1");
  // In a container, home may be "/", which proves nothing.
  const paths = [root, `${homedir()}/`, "/home/", "/root/", "/Users/"].filter((path) => path.length > 2);
  const leak = paths.find((path) => text.includes(path));
  if (leak) {
    fail(`the WebAssembly module names a path of the machine that it was built on (${leak}): build it with --remap-path-prefix, see the Makefile`);
  }
}

function sha256(text, encoding) {
  return createHash("sha256").update(text, "utf8").digest(encoding);
}

function fail(message) {
  console.error(`build.mjs: ${message}`);
  process.exit(1);
}
