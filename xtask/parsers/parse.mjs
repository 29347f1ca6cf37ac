//! What the npm packages say to each case: parse.mjs PACKAGES, with the cases on stdin and the
//! answers on stdout, as JSON. Only for compare.mjs.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const packages = resolve(process.argv[2]);
const cases = JSON.parse(readFileSync(0, "utf8"));
const setClock = fakeClock();
const require = createRequire(join(packages, "package.json"));

const SEXES = {
  pria: "male",
  "LAKI-LAKI": "male",
  Male: "male",
  wanita: "female",
  PEREMPUAN: "female",
  Female: "female",
};
const REFUSED = { valid: false };

process.stdout.write(
  JSON.stringify([
    answers("nik-parser", "nik-parser", nikParser(require("nik-parser"))),
    answers("nik-parse", "nik-parse", nikParse),
    answers("nusantara-valid", "nusantara-valid", nusantara(require("nusantara-valid"))),
    answers(
      "nusantara-valid, extended",
      "nusantara-valid",
      nusantara(require("nusantara-valid/dist/cjs/nusantara-valid.extended.js")),
    ),
  ]),
);

/** Has to be in place before the packages are loaded. */
function fakeClock() {
  const RealDate = Date;
  let now = 0;
  globalThis.Date = class extends RealDate {
    constructor(...values) {
      super(...(values.length > 0 ? values : [now]));
    }

    static now() {
      return now;
    }
  };
  return (today) => {
    now = RealDate.parse(`${today}T12:00:00+07:00`);
  };
}

function answers(name, packageName, parse) {
  const { version } = require(`${packageName}/package.json`);
  return { name, version, answers: cases.map((one) => answer(parse, one)) };
}

function answer(parse, { text, today }) {
  setClock(today);
  try {
    return parse(text);
  } catch (error) {
    return { throws: `${error.name}: ${error.message}` };
  }
}

function nikParser({ nikParser: parse }) {
  return (text) => {
    const nik = parse(text);
    if (!nik.isValid()) {
      return REFUSED;
    }
    return {
      valid: true,
      date: localDay(nik.lahir()),
      sex: SEXES[nik.kelamin()],
      province: nik.province(),
      regency: nik.kabupatenKota(),
    };
  };
}

/**
 * There is only a command: it reads its arguments when it is loaded, by yargs, and prints an
 * object.
 */
function nikParse(text) {
  const { status, data } = printedBy("nik-parse", [`--nik=${text}`]);
  if (status !== "success") {
    return REFUSED;
  }
  return {
    valid: true,
    date: data.lahir.split("/").reverse().join("-"),
    sex: SEXES[data.kelamin],
    province: data.provinsi,
    regency: data.kotakab,
  };
}

function printedBy(command, options) {
  const { argv } = process;
  const { log } = console;
  let printed;
  for (const loaded of [command, "yargs"]) {
    delete require.cache[require.resolve(loaded)];
  }
  process.argv = [argv[0], command, ...options];
  console.log = (value) => {
    printed = value;
  };
  try {
    require(command);
  } finally {
    process.argv = argv;
    console.log = log;
  }
  return printed;
}

function nusantara({ isValidNIK, getDataNIK }) {
  return (text) => {
    if (!isValidNIK(text)) {
      return REFUSED;
    }
    const { birthday, sex, province, regency } = getDataNIK(text);
    return {
      valid: true,
      date: localDay(birthday),
      sex: SEXES[sex],
      province: province?.name,
      regency: regency?.name,
    };
  };
}

/** The day that a caller in Jakarta sees. */
function localDay(date) {
  if (!date || Number.isNaN(date.getTime())) {
    return undefined;
  }
  const pad = (number, digits) => String(number).padStart(digits, "0");
  return [pad(date.getFullYear(), 4), pad(date.getMonth() + 1, 2), pad(date.getDate(), 2)].join(
    "-",
  );
}
