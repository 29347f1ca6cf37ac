//! Writes all pages and scripts of a site to crates/publisher/pages/. The same sources give the
//! same bytes.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import binaryen from "binaryen";
import { build } from "esbuild";
import { minify } from "terser";

import { byteString } from "./byte-string.mjs";
import { packageVersion } from "./package-version.mjs";

const here = new URL("./", import.meta.url);
/** The directory in the crate that embeds the pages. */
const pages = new URL("../crates/publisher/pages/", here);
/** The output of wasm-pack for a page: a module with only the functions of that page. */
const packageOf = (page) => new URL(`pkg/${page}/`, here);
const root = fileURLToPath(new URL("../", here));
// Properties of the loader that may be renamed. None of them is a name that browsers know.
const OWN_NAMES = /^(address|fail|frame|language|notice|patience|seen|tell|timer|watch)$/;
const BINDINGS = /cek_nik\.js$/;
const TEXTS = /texts.(id|en)\.json$/;
/** The character between two texts of a list. */
const SEPARATOR = "|";
const target = ["es2020", "chrome96", "firefox100", "safari15.4"];

/**
 * The two pages with a check. Both use the widget's template, with a script, a worker and texts of
 * their own. `connect` is what their policy lets them reach.
 */
const VARIANTS = {
  online: {
    script: "main.ts",
    worker: "worker/worker.ts",
    texts: ofWidget,
    connect: "http: https:",
  },
  offline: {
    script: "offline/main.ts",
    worker: "offline/worker.ts",
    texts: withOffline,
    connect: "'none'",
  },
};

const version = await packageVersion();
const VERSION = { VERSION: JSON.stringify(version) };
for (const page of ["online", "offline", "saving", ""]) {
  await checkModule(page);
}
const widget = await checkingPage("online");
const offline = await checkingPage("offline");
const save = await saveScript();
const index = await page("index.html", {
  icon: await iconAddress(),
  script: await frontScript(),
  version,
});

await mkdir(pages, { recursive: true });
for (const file of await unchangedFiles()) {
  await copyFile(new URL(file, here), new URL(file.split("/").at(-1), pages));
}
await writeFile(new URL(`cek-nik-${version}.html`, pages), widget);
await writeFile(new URL(`cek-nik-offline-${version}.html`, pages), offline);
await writeFile(new URL(`index-${version}.html`, pages), index);
await writeFile(new URL(`save-${version}.js`, pages), save);
await writeFile(new URL(`sw-${version}.js`, pages), await bundle("saving/sw.ts"));
await writeFile(
  new URL(`embed-${version}.js`, pages),
  await bundle("embedding/loader.ts", { mangleProps: OWN_NAMES }),
);

async function checkingPage(name) {
  const { connect } = VARIANTS[name];
  return page("widget.html", { script: await pageScript(name, VARIANTS[name]), connect }, name);
}

/**
 * Fills a template: minifies the style, inserts the script, and puts the hashes of both into the
 * policy.
 */
async function page(name, { script = "", ...values }, variant = "") {
  const template = only(variant, await readFile(new URL(`src/${name}`, here), "utf8"));
  const [, source] = /<style>(.*?)<\/style>/s.exec(template);
  const style = await minifiedStyle(source);
  const hashes = { "script-hash": sha256(script), "style-hash": sha256(style) };
  return template
    .replace(
      /\{\{([\w-]+)\}\}/g,
      (_, key) => ({ ...values, ...hashes })[key] ?? fail(`${name}: ${key} is not known`),
    )
    .replace(source, () => style)
    .replace("<script></script>", () => `<script>${script}</script>`);
}

/** The style with the files that it imports. */
async function minifiedStyle(contents) {
  const { outputFiles } = await build({
    stdin: { contents, loader: "css", resolveDir: fileURLToPath(new URL("src/", here)) },
    bundle: true,
    minify: true,
    target,
    charset: "utf8",
    write: false,
  });
  return outputFiles[0].text.trim();
}

/** Removes the lines of other variants, which are between `{{#name}}` and `{{/name}}`. */
function only(variant, template) {
  return template.replace(/\{\{#(\w+)\}\}\n(.*?)\{\{\/\1\}\}\n/gs, (_, name, lines) =>
    name === variant ? lines : "",
  );
}

async function pageScript(name, variant) {
  const { bytes, worker } = await moduleAndWorker(name, variant.worker);
  const code = await bundle(variant.script, {
    plugins: [onLoad(TEXTS, (file) => pageTexts(file, variant.texts))],
  });
  const literal = `\`${worker.replace(/[\\`]|\$(?=\{)/g, "\\$&")}\``;
  const values = { WORKER_CODE: literal, MODULE_BYTES: byteString(bytes) };
  return forElement(withValues(code, values));
}

/** The saving worker: a file of its own, with the module inside. */
async function saveScript() {
  const { bytes, worker } = await moduleAndWorker("saving", "saving/save.ts");
  return withValues(worker, { MODULE_BYTES: byteString(bytes) });
}

async function frontScript() {
  const define = { ...VERSION, SHELL_BYTES: await shellBytes() };
  return forElement(
    await bundle("front/main.ts", {
      define,
      plugins: [onLoad(TEXTS, (file) => pageTexts(file, ofSaving))],
    }),
  );
}

/** The icon as an address, so that it costs no request. */
async function iconAddress() {
  const svg = await readFile(new URL("icons/icon.svg", here), "utf8");
  const lines = svg
    .replace(/<!--.*?-->/gs, "")
    .replace(/\n */g, "")
    .replace(/"/g, "'");
  return `data:image/svg+xml,${lines.replace(/[#<>]/g, encodeURIComponent)}`;
}

/**
 * The bytes of the shell without the page for readers, which the reader has already. Hosts may
 * compress it.
 */
async function shellBytes() {
  const sizes = await Promise.all(
    (await unchangedFiles()).map(async (name) => (await stat(new URL(name, here))).size),
  );
  return String(
    sizes.reduce(
      (all, size) => all + size,
      Buffer.byteLength(widget) + Buffer.byteLength(offline) + Buffer.byteLength(save),
    ),
  );
}

/** The files of a site that are published unchanged. */
async function unchangedFiles() {
  const icons = await readdir(new URL("icons/", here));
  return [
    ...icons.filter((name) => name.endsWith(".png")).map((name) => `icons/${name}`),
    "src/manifest.webmanifest",
  ];
}

/**
 * A script with values for its free names. They become arguments of the function around it: behind the
 * code, a long value leaves brotli better models for both.
 */
function withValues(script, values) {
  const [before, after] = ['"use strict";(()=>{', "})();"];
  if (!script.startsWith(before) || !script.endsWith(after)) {
    fail("the minified script is no function that is called at once");
  }
  const code = script.slice(before.length, -after.length);
  const [names, texts] = [Object.keys(values), Object.values(values)];
  return `"use strict";((${names})=>{${code}})(${texts});`;
}

function forElement(script) {
  // A comment that opens inside a script element would swallow the element's end tag.
  if (/<\/script|<!--/i.test(script)) {
    fail("the script would end its own element");
  }
  return script;
}

async function bundle(name, options = {}) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`src/${name}`, here))],
    bundle: true,
    format: "iife",
    minify: true,
    target,
    charset: "utf8",
    legalComments: "none",
    write: false,
    // The bindings can also fetch the module from their own address; the bundle drops that.
    logOverride: { "empty-import-meta": "silent" },
    ...options,
  });
  const { text } = outputFiles[0];
  return options.minify === false ? text : smallest(text);
}

/** The code once more minified: Terser moves values to where they are used. */
async function smallest(code) {
  const { code: small } = await minify(code, {
    ecma: 2020,
    compress: { passes: 3, unsafe_arrows: true },
    format: { ascii_only: false },
  });
  return small;
}

function onLoad(filter, load) {
  return { name: String(filter), setup: (build) => build.onLoad({ filter }, load) };
}

/**
 * The texts of a language. Those of English are a list in the order of the Indonesian ones: the names
 * of some three hundred texts would otherwise be in the page twice.
 */
async function pageTexts({ path }, selected) {
  const read = async (language) => {
    const file = path.replace(TEXTS, `texts/${language}.json`);
    return selected(JSON.parse(await readFile(file, "utf8")));
  };
  const indonesian = await read("id");
  if (path.endsWith("id.json")) {
    return { contents: JSON.stringify(indonesian), loader: "json" };
  }
  const list = inOrderOf(indonesian, await read("en")).join(SEPARATOR);
  return {
    contents: `import id from "./id.json";
      const texts = ${JSON.stringify(list)}.split("${SEPARATOR}");
      const fill = (like) =>
        typeof like === "string"
          ? texts.shift()
          : Object.fromEntries(Object.entries(like).map(([name, value]) => [name, fill(value)]));
      export default fill(id);`,
    loader: "js",
    resolveDir: fileURLToPath(new URL("../crates/cli/texts/", here)),
  };
}

/** The texts of a language in the order of those of another. The type checker compares the names. */
function inOrderOf(like, texts) {
  if (typeof like === "string") {
    return texts.includes(SEPARATOR) ? fail(`"${SEPARATOR}" is in a text: ${texts}`) : [texts];
  }
  return Object.entries(like).flatMap(([name, value]) => inOrderOf(value, texts[name]));
}

/** The texts without those of the command line and other pages. */
function ofWidget({ cli, offline, saving, ...texts }) {
  return texts;
}

/** The texts of the page for readers. */
function ofSaving({ saving }) {
  return { saving };
}

/** The texts with those under `offline` merged over them. */
function withOffline({ cli, offline, saving, ...texts }) {
  const put = (over, under) =>
    typeof over === "object"
      ? Object.fromEntries(
          Object.keys({ ...under, ...over }).map((name) => [
            name,
            put(over[name] ?? under[name], under?.[name] ?? {}),
          ]),
        )
      : over;
  return put(offline, texts);
}

/**
 * A worker and its module, reduced to what the worker uses. No other script uses this module, so
 * the names between the two are shortened to a letter or two. Metadata of the tools is removed.
 */
async function moduleAndWorker(page, name) {
  const folder = packageOf(page);
  const bindings = await readFile(new URL("cek_nik.js", folder), "utf8");
  const withBindings = (contents) => [onLoad(BINDINGS, () => ({ contents }))];
  const plain = await bundle(name, {
    minify: false,
    define: VERSION,
    plugins: withBindings(bindings),
  });
  const used = fileURLToPath(new URL("used", folder));
  await writeFile(used, await withoutUnused(folder, plain));
  const short = fileURLToPath(new URL("short", folder));
  const passes = [
    "--minify-imports-and-exports-and-modules",
    "--strip-producers",
    "--strip-target-features",
  ];
  const { stdout } = await promisify(execFile)("wasm-opt", [used, ...passes, "--output", short]);
  const { imports, exports } = JSON.parse(stdout);
  const names = Object.fromEntries(imports.map(([, ...names]) => names));
  const worker = await bundle(name, {
    define: VERSION,
    drop: ["console"],
    mangleProps: new RegExp(`^(${Object.keys(names).join("|")})$`),
    mangleCache: names,
    plugins: withBindings(withShortExports(bindings, new Map(exports))),
  });

  const [[module]] = imports;
  const code = worker.replace(`"${module}"`, "a");
  // The npm package has the same worker and module as the widget.
  await writeFile(new URL("worker.js", folder), code);
  return { bytes: await readFile(short), worker: code };
}

/** The module without exports that the worker never calls, and without what only they need. */
async function withoutUnused(folder, worker) {
  const called = new Set([...worker.matchAll(/\bwasm\.(\w+)/g)].map(([, name]) => name));
  const module = binaryen.readBinary(await readFile(new URL("cek_nik_bg.wasm", folder)));
  for (let place = module.getNumExports() - 1; place >= 0; place--) {
    const { name } = binaryen.getExportInfo(module.getExportByIndex(place));
    if (!called.has(name)) {
      module.removeExport(name);
    }
  }
  module.runPasses(["remove-unused-module-elements"]);
  return module.emitBinary();
}

/**
 * The bindings with the short names of the exports. Names such as `decode` are too common to be
 * replaced everywhere.
 */
function withShortExports(bindings, names) {
  return bindings.replace(/\bwasm\.(\w+)/g, (whole, name) =>
    names.has(name) ? `wasm.${names.get(name)}` : whole,
  );
}

async function checkModule(page) {
  const bytes = await readFile(new URL("cek_nik_bg.wasm", packageOf(page))).catch(() =>
    fail("www/pkg is missing: build the WebAssembly modules first, see the Makefile"),
  );
  const text = bytes.toString("latin1");
  // In a container the home directory may be "/", which proves nothing.
  const paths = [root, `${homedir()}/`, "/home/", "/root/", "/Users/"].filter(
    (path) => path.length > 2,
  );
  const leak = paths.find((path) => text.includes(path));
  if (leak) {
    fail(
      `the WebAssembly module contains a path of the build machine (${leak}): ` +
        "build it with --remap-path-prefix, see the Makefile",
    );
  }
}

function sha256(text) {
  return createHash("sha256").update(text, "utf8").digest("base64");
}

function fail(message) {
  console.error(`build.mjs: ${message}`);
  process.exit(1);
}
