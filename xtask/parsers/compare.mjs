//! Compares parsers in use today by the cases of tests/nik.json: compare.mjs PACKAGES [--cases].
//! `make compare-parsers` installs the packages and runs this with their directory. The table goes
//! to stdout, as Markdown; with --cases, every wrong answer is listed below it.
//!
//! Each parser is called as its documentation says: on a string (none documents numbers, so none is
//! judged on them), on the day of the case and in the time zone of Jakarta. First its validity
//! check runs; if that accepts, the fields are read. Fields of a number that was refused, and
//! fields that a parser never gives, are not judged. nusantara-valid has two entry points and is
//! listed twice.
//!
//! What counts as wrong:
//! - refused: the number draws no strong warning of ours, but the parser calls it invalid. Soft
//!   warnings are no reason to refuse: a number with one can be right.
//! - accepted: the number breaks the rules (a strong warning of ours) or is not a number (an error
//!   of ours), but the parser calls it valid without a warning. A sign or the like beside sixteen
//!   digits may be refused or left out.
//! - date: a date of birth that is none of ours. If two centuries are possible, either date is
//!   right. That a parser does not report both is noted in a row of its own and not counted.
//! - sex: the other one.
//! - province, regency: another one's name. Kinds (Kabupaten, Kota), honours (Daerah Istimewa),
//!   spelling and former names are ignored. If either side has no name, nothing is compared.
//! - throws: an exception instead of an answer. Exceptions that are documented as a refusal do not
//!   count.
//!
//! A case is wrong once, however many of its fields are. Two groups are listed below the sum:
//! numbers as people write them, which a parser may leave to its caller to clean, and clocks set to
//! a day before there were such numbers.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ASIDE, GROUPS, duty, faults, groupOf } from "./judge.mjs";

const FIELDS = ["date", "sex", "province", "regency"];
const TIMEOUT = 60_000;

const [packages, option] = process.argv.slice(2);
if (!packages || (option && option !== "--cases")) {
  fail("usage: compare.mjs PACKAGES [--cases]");
}

const cases = readCases();
const parsers = [
  ...answersOf(process.execPath, "parse.mjs"),
  ...answersOf("python3", "parse.py"),
].map(judged);
print(table());
if (option) {
  print(listing());
}

function readCases() {
  const { today, warnings, cases } = JSON.parse(
    readFileSync(new URL("../../tests/nik.json", import.meta.url), "utf8"),
  );
  const strong = (code) => warnings[code].severity === "strong";
  return cases.map((one) => {
    const dated = { today, ...one, strong: (one.expect.reading?.warnings ?? []).some(strong) };
    return { ...dated, group: groupOf(dated) };
  });
}

/**
 * What the parsers of one language say to all cases. They run apart, so that one that hangs or ends
 * its process is found out.
 */
function answersOf(program, script) {
  const { status, error, stdout } = spawnSync(
    program,
    [fileURLToPath(new URL(script, import.meta.url)), packages],
    {
      input: JSON.stringify(cases.map(({ text, today }) => ({ text, today }))),
      env: { ...process.env, TZ: "Asia/Jakarta" },
      stdio: ["pipe", "pipe", "inherit"],
      maxBuffer: 1 << 26,
      timeout: TIMEOUT,
    },
  );
  return status === 0
    ? JSON.parse(stdout)
    : fail(`${script}: ${error?.message ?? `ended with ${status}`}`);
}

function judged({ name, version, answers }) {
  const results = cases.map((one, index) => ({
    case: one,
    said: answers[index],
    faults: faults(one, answers[index]),
  }));
  return {
    name,
    version,
    results,
    gives: FIELDS.filter((field) => answers.some((said) => said[field])),
  };
}

function table() {
  const counts = (groups) =>
    parsers.map(({ results }) =>
      tally(results.filter((result) => groups.includes(result.case.group))),
    );
  return markdown(
    [
      "wrong, of the cases in the group",
      ...parsers.map(({ name, version }) => `${name} ${version}`),
    ],
    [
      ["judged: validity, and", ...parsers.map(({ gives }) => gives.join(", ") || "nothing else")],
      ...GROUPS.map((group) => [group, ...counts([group])]),
      ["**all of these**", ...counts(GROUPS).map((count) => `**${count}**`)],
      ...ASIDE.map((group) => [`apart: ${group}`, ...counts([group])]),
      [
        "not counted: a single date, where two are possible",
        ...parsers.map(({ results }) => singleDates(results)),
      ],
    ],
  );
}

function tally(results) {
  return `${results.filter((result) => result.faults.length > 0).length} of ${results.length}`;
}

function singleDates(results) {
  const two = results.filter((result) => result.case.expect.reading?.birth_dates.length === 2);
  return `${two.filter(({ said }) => said.date).length} of ${two.length}`;
}

function listing() {
  const wrong = parsers.flatMap(({ name, gives, results }) =>
    results
      .filter((result) => result.faults.length > 0)
      .map((result) => [
        name,
        result.case.case,
        `\`${visible(result.case.text)}\``,
        result.faults.join(", "),
        said(result.said, gives),
        expected(result.case, gives),
      ]),
  );
  return markdown(["parser", "case", "text", "wrong", "said", "expected"], wrong);
}

function visible(text) {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function said(answer, gives) {
  if (answer.throws) {
    return answer.throws;
  }
  const validity = answer.valid ? `valid${answer.warned ? ", with a warning" : ""}` : "invalid";
  return [
    validity,
    ...(answer.valid ? gives.map((field) => answer[field] ?? `no ${field}`) : []),
  ].join("; ");
}

function expected(one, gives) {
  const { place, birth_dates: dates, sex } = one.expect.reading ?? {};
  const fields = {
    date: dates?.join(" or "),
    sex,
    province: place?.province?.name,
    regency: place?.regency?.name,
  };
  return [
    duty(one),
    ...(one.expect.reading ? gives.map((field) => fields[field] || `no ${field}`) : []),
  ].join("; ");
}

function markdown(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function print(text) {
  process.stdout.write(`${text}\n\n`);
}

function fail(message) {
  console.error(`compare.mjs: ${message}`);
  process.exit(1);
}
