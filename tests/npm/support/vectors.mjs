//! The vectors of checks, each as a site: docs/FORMAT.md, section 9.

import { readdir, readFile } from "node:fs/promises";
import http from "node:http";

import { fileBytes } from "../../vector-file.mjs";
import { listen } from "./pages.mjs";

/** The vector for clients that never ask for a name. This one takes a name, or gets none. */
const NOT_OF_THE_PACKAGE = "name-not-asked.json";

const VECTORS = new URL("../../vectors/", import.meta.url);

/** Serves a site for each vector. Gives the address, and what to check at which path below it. */
export async function vectorSites(resources) {
  const files = new Map();
  const vectors = [];
  for (const { name, check, expect } of await all()) {
    if (check && name !== NOT_OF_THE_PACKAGE) {
      const path = name.replace(".json", "");
      if (check.catalogue !== undefined) {
        files.set(`/${path}/catalogue.json`, fileBytes(check.catalogue, "utf8"));
      }
      for (const [file, given] of Object.entries(check.files)) {
        files.set(`/${path}/${file}`, fileBytes(given, "hex"));
      }
      vectors.push({ path, nik: check.nik, name: check.name, expect });
    }
  }
  return { address: await served(resources, files), vectors };
}

/** Serves a catalogue with its signature for each vector of signatures. */
export async function signatureSites(resources) {
  const files = new Map();
  const vectors = [];
  for (const { name, signature, expect } of await all()) {
    if (signature) {
      const path = name.replace(".json", "");
      const { catalogue, file, key } = signature;
      files.set(`/${path}/catalogue.json`, Buffer.from(catalogue));
      if (file !== undefined && file !== null) {
        files.set(`/${path}/catalogue.json.minisig`, Buffer.from(file, "hex"));
      }
      vectors.push({ path, key, expect });
    }
  }
  return { address: await served(resources, files), vectors };
}

/** All vectors but those of key files, which are in a directory of their own. */
async function all() {
  const names = (await readdir(VECTORS)).filter((name) => name.endsWith(".json"));
  return Promise.all(
    names.map(async (name) => ({
      name,
      ...JSON.parse(await readFile(new URL(name, VECTORS), "utf8")),
    })),
  );
}

function served(resources, files) {
  const server = http.createServer(({ url }, response) => {
    response.writeHead(files.has(url) ? 200 : 404, { "Access-Control-Allow-Origin": "*" });
    response.end(files.get(url));
  });
  return listen(resources, server);
}

/** Checks a vector, with the package's `createChecker`. Runs in a page, too. */
export async function checkVector(createChecker, address, { path, nik, name }) {
  const checker = createChecker(`${address}${path}/catalogue.json`);
  const { reason, answers } = await checker.check(nik, name === undefined ? {} : { name });
  return reason
    ? { reason }
    : {
        datasets: answers.map(({ id, outcome, reason }) => ({
          id,
          outcome,
          ...(reason && { reason }),
        })),
      };
}
