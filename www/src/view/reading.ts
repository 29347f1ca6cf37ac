//! Reads a NIK back in rows, which the reader compares with the card.

import type { Place, Reading } from "../../pkg/cek_nik";
import { element } from "./element";
import { grouped } from "./grouping";
import type { Words } from "../texts";

type Region = Extract<Place, { kind: "region" }>;

/** The rows, the doubtful digits with a warning for each, and what the rows mean. */
export function readBack(
  reading: Reading,
  typed: string,
  word: string | undefined,
  words: Words,
): HTMLElement[] {
  const { warnings } = reading;
  const { rows, warning } = words.texts;
  const digits = marked(typed, reading);
  return [
    // Screen readers would read six digits as one large number.
    element(
      "p",
      { class: "heard" },
      [...grouped(plain(typed))].map((character) => character.trim() || ",").join(" "),
    ),
    element("dl", {}, ...compared(reading, word, words).map(([name, value]) => row(name, value))),
    ...(digits.some((part) => typeof part !== "string")
      ? [element("p", { class: "digits", "aria-hidden": "true" }, ...digits)]
      : []),
    ...warnings.map(({ code, positions }) =>
      element(
        "p",
        { class: "warning", "data-warning": code },
        words.fill(warning[code], { digits: at(typed, positions) }),
      ),
    ),
    element("p", { class: "quiet" }, warnings.length ? rows.even_so : rows.meaning),
  ];
}

const row = (name: string, value: string): HTMLElement =>
  element("div", {}, element("dt", {}, name), element("dd", {}, value));

function compared(reading: Reading, word: string | undefined, words: Words): [string, string][] {
  const { rows } = words.texts;
  const { place: found, sex, serial } = reading;
  return [
    [rows.sex, sex ? rows[sex] : rows.unreadable],
    [rows.birth, birth(reading, words)],
    [rows.place, place(reading, words)],
    ...(found.kind === "region"
      ? [
          [
            rows.district,
            words.fill(rows.district_digits, { district: found.district.code.slice(-2) }),
          ] as [string, string],
        ]
      : []),
    [rows.serial, serial],
    ...(word ? [[rows.name, word] as [string, string]] : []),
  ];
}

function marked(typed: string, { warnings }: Reading): (Node | string)[] {
  // Marks on all digits would point at none.
  const positions = warnings
    .map((warning) => warning.positions)
    .filter(({ length }) => length < 16)
    .flat();
  let position = 0;
  return [...grouped(plain(typed))].map((character) => {
    position += character === " " ? 0 : 1;
    return character !== " " && positions.includes(position)
      ? element("mark", {}, character)
      : character;
  });
}

/**
 * The digits as cards print them. Empty for scripts that are not converted here: the digits are
 * only displayed.
 */
export function plain(typed: string): string {
  const western = typed
    .normalize("NFKC")
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15));
  const digits = western.replace(/\D/g, "");
  return digits.length === 16 ? digits : "";
}

const at = (typed: string, positions: number[]): string =>
  positions.map((position) => plain(typed)[position - 1] ?? "").join("");

/** The later date comes first if there are two: few readers are a hundred years old. */
function birth({ birth_dates: [first, second] }: Reading, words: Words): string {
  const { one, two, unreadable } = words.texts.rows;
  const last = second ?? first;
  if (!last) {
    return unreadable;
  }
  const values = {
    day: last.slice(8).replace(/^0/, ""),
    month: words.month(last),
    year: last.slice(0, 4),
  };
  return words.fill(second ? two : one, { ...values, earlier: first?.slice(0, 4) ?? "" });
}

function place({ place: found, warnings }: Reading, words: Words): string {
  const { rows } = words.texts;
  if (found.kind === "abroad") {
    return words.fill(rows.abroad, { country: found.country, mission: found.mission });
  }
  // An unknown place is left out. The warning says why.
  const province = provinceOf(found, words);
  switch (
    warnings.find(({ code }) => code === "province_unknown" || code === "regency_unknown")?.code
  ) {
    case "province_unknown":
      return rows.unknown;
    case "regency_unknown":
      return words.fill(rows.regency_unknown, { province });
    default:
      return words.fill(rows.region, { regency: regencyOf(found, words), province });
  }
}

function regencyOf({ regency: { kind, name, code } }: Region, words: Words): string {
  const { rows } = words.texts;
  const isCity = kind === "city";
  return name
    ? words.fill(isCity ? rows.city : rows.regency, { name })
    : words.fill(isCity ? rows.unnamed_city : rows.unnamed_regency, { code });
}

function provinceOf({ province, regency }: Region, words: Words): string {
  const name = province.name ?? "";
  const now = regency.now?.province;
  return now ? words.fill(words.texts.rows.moved, { province: name, now }) : name;
}
