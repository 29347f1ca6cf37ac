//! The package in a page, through each bundler and without one, under a strict policy with Trusted
//! Types: a real check against a real site.

import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { consoleMessages, openBrowser } from "../browser/support/browser.mjs";
import { Resources } from "../browser/support/resources.mjs";
import { makeSite, NAME, niks, people } from "../browser/support/site.mjs";
import { policyFor, servePages, silentHost } from "./support/pages.mjs";
import { checkVector, vectorSites } from "./support/vectors.mjs";
import { installed, tool, workspace } from "./support/workspace.mjs";

const resources = new Resources();
const PEOPLE = people(0);
let driver;
let site;
before(async () => {
  driver = await openBrowser(resources);
  site = await (await makeSite(resources)).serve();
});
after(() => resources.close());

const run = (script, ...values) => driver.executeScript(script, ...values);
const summary = ({ answers, reason }) =>
  reason ?? Object.fromEntries(answers.map(({ id, outcome, reason }) => [id, reason ?? outcome]));

/** Builds a consumer. Gives the directory of its pages. */
const BUILD = {
  async vite(root) {
    const { build } = await import(
      tool.resolve("vite").replace(/index\.cjs$/, "dist/node/index.js")
    );
    await build({ root, logLevel: "error" });
    return join(root, "dist");
  },
  async webpack(context) {
    const webpack = tool("webpack");
    const path = join(context, "dist");
    const options = { mode: "production", context, entry: "./main.js", performance: false };
    await new Promise((resolve, reject) => {
      webpack({ ...options, output: { path, filename: "main.js" } }, (error, stats) =>
        error || stats.hasErrors() || stats.hasWarnings()
          ? reject(error ?? new Error(stats.toString()))
          : resolve(),
      );
    });
    await cp(join(context, "index.html"), join(path, "index.html"));
    return path;
  },
  async esbuild(root) {
    const outdir = join(root, "dist");
    const { warnings } = await tool("esbuild").build({
      entryPoints: [join(root, "main.js")],
      bundle: true,
      minify: true,
      format: "esm",
      loader: { ".wasm": "binary" },
      outdir,
      logLevel: "silent",
    });
    assert.deepEqual(warnings, []);
    await cp(join(root, "index.html"), join(outdir, "index.html"));
    return outdir;
  },
  async page(root) {
    await cp(installed, join(root, "cek-nik"), { recursive: true });
    return root;
  },
};

for (const [name, build] of Object.entries(BUILD)) {
  test(`checks, reads and embeds: ${name}`, async () => {
    const directory = await build(join(workspace, name));
    const address = await servePages(resources, directory, policyFor(site));
    await driver.get(`${address}?site=${encodeURIComponent(site)}`);
    for (const { nik, answers } of Object.values(PEOPLE)) {
      assert.deepEqual(summary(await run("return checker.check(arguments[0])", nik)), answers);
    }
    const [nik] = niks.none;
    const read = await run("return checker.decode(arguments[0])", nik);
    assert.equal(read.reading.serial, nik.slice(12));
    const byModule = await run("return decode(arguments[0])", nik);
    assert.deepEqual(byModule.reading.place, read.reading.place);
    const frame = await run(
      "return document.querySelector('cek-nik').shadowRoot.querySelector('iframe').src",
    );
    assert.equal(frame, `${site}cek-nik.html#lang=id`);
    assert.deepEqual(await consoleMessages(driver), []);
  });
}

describe("in a page", () => {
  let directory;
  before(async () => {
    directory = await BUILD.page(join(workspace, "page"));
  });

  async function visit(from, changed = {}) {
    const policy = { ...policyFor(from), ...changed };
    const address = await servePages(resources, directory, policy);
    await driver.get(`${address}?site=${encodeURIComponent(from)}`);
  }

  const check = () => run("return checker.check(arguments[0])", niks.both[0]).then(summary);

  const POLICIES = {
    "no module": [{ "script-src": "'self'" }, "module_failed"],
    "no worker": [{ "worker-src": "'none'" }, "worker_failed"],
    "no policy of this name": [{ "trusted-types": "other" }, "worker_failed"],
    "no request to the site": [{ "connect-src": "'self'" }, "catalogue_unreachable"],
  };
  for (const [what, [changed, reason]] of Object.entries(POLICIES)) {
    test(`a policy that allows ${what} gives a reason`, async () => {
      await visit(site, changed);
      assert.equal(await check(), reason);
    });
  }

  test("a name opens a name-locked site", async () => {
    await visit(await (await makeSite(resources, { locked: true })).serve());
    const script = "return checker.check(arguments[0], { name: arguments[1] })";
    const [nik] = niks.both;
    const { answers } = PEOPLE["in both lists"];
    assert.deepEqual(summary(await run(script, nik, NAME.typed)), answers);
    assert.deepEqual(await run("return checker.readName(arguments[0])", NAME.typed), {
      word: NAME.word,
    });
  });

  test("a signal ends the request at the host", async () => {
    const host = await silentHost(resources);
    await visit(host.address);
    await run(
      `window.controller = new AbortController();
      window.aborted = checker.check(arguments[0], { signal: controller.signal })
        .catch(({ name }) => name)`,
      niks.both[0],
    );
    await host.requested;
    assert.equal(await run("controller.abort(); return aborted"), "AbortError");
    await host.closed;
  });

  test("every vector of a check gives the expected answer", async () => {
    const { address, vectors } = await vectorSites(resources);
    await visit(address);
    const found = await run(
      `const { createChecker } = await import("./cek-nik/index.js");
       const found = [];
       for (const vector of arguments[1]) {
         found.push(await (${checkVector})(createChecker, arguments[0], vector));
       }
       return found`,
      address,
      vectors,
    );
    assert.ok(found.length >= 151, `only ${found.length} vectors`);
    vectors.forEach(({ path, expect }, at) => assert.deepEqual(found[at], expect, path));
  });
});
