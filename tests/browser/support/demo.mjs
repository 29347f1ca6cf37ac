//! The demo site of tools/demo.toml, with keys that cost nothing.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { run, serve } from "./command.mjs";
import { CHEAP_ARGON2 } from "./site.mjs";

const tools = new URL("../../../tools/", import.meta.url);

/** In both lists, and in none. A birth date of 1 July and these serials belong to nobody. */
export const DEMO_NIKS = { both: "3201014107909001", none: "3201014107909999" };

/** Serves the demo site with its article. Gives the address. */
export async function serveDemo(resources) {
  const directory = await resources.directory();
  const put = (name, content) => writeFile(join(directory, name), content);
  const made = async (...options) => (await run(["sample", ...options])).stdout;
  const rows = await made("--count", "500", "--seed", "1", "--format", "bpjs");
  const row = rows.split("\n")[1].replace(/\d{16}/g, DEMO_NIKS.both);
  await put("kesehatan.csv", `${rows}${row}\n`);
  await put("pemilih.txt", `${await made("--count", "1000", "--seed", "2")}${DEMO_NIKS.both}\n`);
  const description = await readFile(new URL("demo.toml", tools), "utf8");
  await put("catalogue.toml", `argon2 = "${CHEAP_ARGON2}"\n${description}`);
  const site = join(directory, "site");
  await run(["build", "--accept-enumeration", "--out", site, join(directory, "catalogue.toml")]);
  await writeFile(join(site, "artikel.html"), await readFile(new URL("artikel.html", tools)));
  return serve(site, resources);
}
