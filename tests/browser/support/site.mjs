//! Test sites, made by the real command line from made-up numbers.

import { readFileSync } from "node:fs";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { run, serve } from "./command.mjs";
import { prefixName } from "./key.mjs";

/** The set of one shard, of which no bit leaves the device. */
export const WHOLE = "daftar-utuh";
/** The set of which a few bits choose the shard. */
export const SHARDED = "daftar-pecahan";
export const PREFIX_BITS = 6;

/** For tests that are not about the cost. */
export const CHEAP_ARGON2 = "m=64,t=1,p=1";
export const DEFAULT_ARGON2 = "m=19456,t=2,p=1";

/** A fixed salt makes the same site on every run, so that no test depends on luck. */
const SALT = "63656b2d6e696b2062726f7773657231";

export const TITLES = {
  [WHOLE]: { id: "Daftar utuh buatan", en: "Made-up whole list" },
  [SHARDED]: { id: "Daftar pecahan buatan", en: "Made-up list in pieces" },
};

/**
 * Made-up numbers: in the first list alone, in the second alone, in both, in none; those that leave
 * no piece of the second list empty; and enough to leave none empty in pieces of nine bits.
 */
export const niks = await samples();

/** How many NIKs each set has. */
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

/**
 * How a name is written in a list, how its bearer types it as the card has it, and the word that
 * both come to. All are made up.
 */
export const NAME = {
  listed: "HJ. RUMONDANG S., S.PD",
  typed: "Rumondang Sitanggala",
  word: "RUMONDANG",
};

/**
 * Somebody of each kind, the one at a place among their like, and what the check of each has to
 * say.
 */
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
 * Builds a site with the two data sets, or with those of `lists`. `names` gives them other ids,
 * `more` stands behind them in the description, and `files` beside it. `locked` makes it
 * name-locked, with one name for everybody.
 */
export async function makeSite(
  resources,
  {
    argon2 = CHEAP_ARGON2,
    names = {},
    lists: wanted = [WHOLE, SHARDED],
    more = "",
    files = {},
    locked = false,
  } = {},
) {
  const root = await resources.directory();
  const lists = {
    [WHOLE]: [...niks.whole, ...niks.both],
    [SHARDED]: [...niks.sharded, ...niks.both, ...niks.filling],
  };
  const datasets = Object.entries(lists)
    .filter(([id]) => wanted.includes(id))
    .map(([id, list]) => ({
      id: names[id] ?? id,
      list,
      title: TITLES[id],
      bits: id === WHOLE ? 0 : PREFIX_BITS,
    }));
  for (const { id, list } of datasets) {
    await writeFile(
      join(root, `${id}.txt`),
      (locked ? ["NIK;NAMA", ...list.map((nik) => `${nik};${NAME.listed}`)] : list).join("\n"),
    );
  }
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(root, name), content);
  }
  await writeFile(
    join(root, "catalogue.toml"),
    describe(argon2, datasets, locked ? `identifier = "nik+nama"` : "", more),
  );
  const directory = join(root, "site");
  // Keys of tests are cheap, and ten lists are more than so few people that it does not matter.
  await run(["build", "--accept-enumeration", "--out", directory, join(root, "catalogue.toml")]);
  return new Site(directory, resources, await readCatalogue(directory));
}

/**
 * The same lists under other names: its shards have the length of the first site's, and are those
 * of other data sets.
 */
export const makeTwin = (resources) =>
  makeSite(resources, { names: { [WHOLE]: "lain-utuh", [SHARDED]: "lain-pecahan" } });

function describe(argon2, datasets, identifier, more) {
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
  return [
    `argon2 = "${argon2}"\nsalt = "${SALT}"\n${identifier}`,
    publisher,
    ...entries,
    more,
  ].join("\n\n");
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

  /** The bytes of a shard, by its place among those of the data set. */
  shard({ id, root }, prefix) {
    return readFileSync(join(this.directory, "data", id, root, `${prefixName(prefix)}.cnk`));
  }

  async copy() {
    const directory = join(await this.#resources.directory(), "site");
    await cp(this.directory, directory, { recursive: true });
    return new Site(directory, this.#resources, structuredClone(this.catalogue));
  }

  /** Gives the address at which the real server serves it. */
  serve() {
    return serve(this.directory, this.#resources);
  }
}
