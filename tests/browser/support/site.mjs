//! Test sites, built by the real command line from made-up numbers.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { run, serve } from "./command.mjs";
import { prefixName } from "./key.mjs";

/** The data set with a single shard: no bit of a key leaves the device. */
export const WHOLE = "daftar-utuh";
/** The data set with several shards, chosen by a prefix of the key. */
export const SHARDED = "daftar-pecahan";
export const PREFIX_BITS = 6;

/** A cheap cost, for tests that are not about the cost. */
export const CHEAP_ARGON2 = "m=64,t=1,p=1";
export const DEFAULT_ARGON2 = "m=19456,t=2,p=1";

/** A fixed salt gives the same site on every run. */
const SALT = "63656b2d6e696b2062726f7773657231";

export const TITLES = {
  [WHOLE]: { id: "Daftar utuh buatan", en: "Made-up whole list" },
  [SHARDED]: { id: "Daftar pecahan buatan", en: "Made-up list in pieces" },
};

/**
 * Made-up numbers: in the first list only, in the second only, in both, in none; `filling` leaves
 * no shard of the second list empty, and `many` none of 512.
 */
export const niks = await samples();

/** The number of NIKs in each data set. */
export const SIZES = { [WHOLE]: 60, [SHARDED]: 60 + niks.filling.length };

async function samples() {
  const { stdout } = await run(["sample", "--count", "6000", "--seed", "7"]);
  const all = [...new Set(stdout.trim().split("\n"))];
  const stray = all.find((nik) => !/^\d{12}9\d{3}$/.test(nik));
  if (stray) {
    throw new Error("cek-nik sample wrote a number whose serial is below 9000");
  }
  return {
    whole: all.slice(0, 40),
    sharded: all.slice(40, 80),
    both: all.slice(80, 100),
    none: all.slice(100, 200),
    filling: all.slice(200, 740),
    many: all,
  };
}

/** A made-up name: as listed, as typed from the card, and the word that both reduce to. */
export const NAME = {
  listed: "HJ. RUMONDANG S., S.PD",
  typed: "Rumondang Sitanggala",
  word: "RUMONDANG",
};

/** One person of each kind, by their index among those of the kind, and the expected answers. */
export const people = (place) => ({
  "in both lists": { nik: niks.both[place], answers: { [WHOLE]: "member", [SHARDED]: "member" } },
  "in the whole list": {
    nik: niks.whole[place],
    answers: { [WHOLE]: "member", [SHARDED]: "non_member" },
  },
  "in the list in pieces": {
    nik: niks.sharded[place],
    answers: { [WHOLE]: "non_member", [SHARDED]: "member" },
  },
  "in no list": {
    nik: niks.none[place],
    answers: { [WHOLE]: "non_member", [SHARDED]: "non_member" },
  },
});

/**
 * A site with the two data sets, or with those of `lists`. `names` gives them other ids, `top` and
 * `more` are added to the description before and after them, and `files` to its directory. `locked`
 * makes the site name-locked, with one name for everybody. `few` leaves out the filling and uses
 * four shards, for a site with expensive keys.
 *
 * Tests share the site and must not change it: see [`Site.copy`].
 */
export async function makeSite(
  resources,
  {
    argon2 = CHEAP_ARGON2,
    names = {},
    lists: wanted = [WHOLE, SHARDED],
    top = "",
    more = "",
    files = {},
    locked = false,
    few = false,
  } = {},
) {
  const lists = {
    [WHOLE]: [...niks.whole.slice(0, few ? 10 : undefined), ...niks.both],
    [SHARDED]: [...niks.sharded, ...niks.both, ...(few ? [] : niks.filling)],
  };
  const bits = { [WHOLE]: 0, [SHARDED]: few ? 2 : PREFIX_BITS };
  const datasets = wanted.map((id) => ({
    id: names[id] ?? id,
    list: lists[id],
    title: TITLES[id],
    bits: bits[id],
  }));
  const inputs = datasets.map(({ id, list }) => {
    const rows = locked ? ["NIK;NAMA", ...list.map((nik) => `${nik};${NAME.listed}`)] : list;
    return [`${id}.txt`, rows.join("\n")];
  });
  const identifier = locked ? `identifier = "nik+nama"` : "";
  const directory = await builtSite(resources, {
    ...files,
    ...Object.fromEntries(inputs),
    "catalogue.toml": describe(argon2, datasets, `${identifier}\n${top}`, more),
  });
  return new Site(directory, resources, await readCatalogue(directory));
}

/**
 * The directory of a site built from these files. If run.mjs has named a shared directory, each
 * site is built once for all test files.
 */
async function builtSite(resources, files) {
  const shared = process.env.CEK_NIK_SITES;
  const inputs = createHash("sha256").update(JSON.stringify(files)).digest("hex");
  const final = shared && join(shared, inputs);
  if (final && existsSync(final)) {
    return join(final, "site");
  }
  const root = shared ? await mkdtemp(join(shared, "new-")) : await resources.directory();
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(root, name), content);
  }
  const directory = join(root, "site");
  // Tests use cheap keys, and ten small lists, which the command would refuse.
  await run(["build", "--accept-enumeration", "--out", directory, join(root, "catalogue.toml")]);
  if (!final) {
    return directory;
  }
  // Another process may have built the site first.
  await rename(root, final).catch((error) => {
    if (!existsSync(final)) {
      throw error;
    }
  });
  return join(final, "site");
}

/**
 * A site with the same lists under other names. Its shards have the same length, but belong to
 * other data sets.
 */
export const makeTwin = (resources) =>
  makeSite(resources, { names: { [WHOLE]: "lain-utuh", [SHARDED]: "lain-pecahan" } });

function describe(argon2, datasets, top, more) {
  const entries = datasets.map(({ id, title, bits }) =>
    [
      "[[dataset]]",
      `id = "${id}"`,
      `title = { id = "${title.id}", en = "${title.en}" }`,
      `date = "2021-05"`,
      `fields = ["NIK"]`,
      `inputs = ["${id}.txt"]`,
      `prefix_bits = ${bits}`,
    ].join("\n"),
  );
  const publisher = `[publisher]\nname = "Redaksi contoh"\ncontact = "redaksi@example.org"`;
  return [`argon2 = "${argon2}"\nsalt = "${SALT}"\n${top}`, publisher, ...entries, more].join(
    "\n\n",
  );
}

const readCatalogue = async (directory) =>
  JSON.parse(await readFile(join(directory, "catalogue.json"), "utf8"));

class Site {
  #resources;

  constructor(directory, resources, catalogue) {
    this.directory = directory;
    this.catalogue = catalogue;
    this.#resources = resources;
  }

  dataset(id) {
    return this.catalogue.datasets.find((dataset) => dataset.id === id);
  }

  read(path) {
    return readFile(join(this.directory, path));
  }

  write(path, content) {
    return writeFile(join(this.directory, path), content);
  }

  remove(path) {
    return rm(join(this.directory, path));
  }

  /** The bytes of a shard by its prefix. */
  shard({ id, root }, prefix) {
    return readFileSync(join(this.directory, "data", id, root, `${prefixName(prefix)}.cnk`));
  }

  async copy() {
    const directory = join(await this.#resources.directory(), "site");
    await cp(this.directory, directory, { recursive: true });
    return new Site(directory, this.#resources, structuredClone(this.catalogue));
  }

  /** Serves the site with the real server. Gives its address. */
  serve() {
    return serve(this.directory, this.#resources);
  }
}
