//! Reads a NIK back in words, which the reader compares with the card.

import type { Place, Reading } from "../../pkg/cek_nik";
import { element, paragraph } from "./element";
import { grouped } from "./grouping";
import type { Words } from "../texts";

type Region = Extract<Place, { kind: "region" }>;

/**
 * The digits with doubtful ones marked, the sentence, what it cannot say, the word of the name, and
 * each warning.
 */
export function readBack(
  reading: Reading,
  typed: string,
  word: string | undefined,
  words: Words,
): HTMLElement[] {
  const { warnings } = reading;
  return [
    element("p", { class: "digits", "aria-hidden": "true" }, ...marked(typed, reading)),
    // Screen readers would read six digits as one large number.
    element(
      "p",
      { class: "heard" },
      [...grouped(plain(typed))].map((character) => character.trim() || ",").join(" "),
    ),
    element("p", { class: "sentence" }, sentence(reading, words)),
    paragraph(compare(reading, words)),
    ...(word ? [paragraph(words.fill(words.texts.reading.name, { word }))] : []),
    ...warnings.map(({ code, positions }) =>
      element(
        "p",
        { class: "warning", "data-warning": code },
        words.fill(words.texts.warning[code], { digits: at(typed, positions) }),
      ),
    ),
    ...(warnings.length ? [paragraph(words.texts.reading.even_so)] : []),
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
function plain(typed: string): string {
  const western = typed
    .normalize("NFKC")
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15));
  const digits = western.replace(/\D/g, "");
  return digits.length === 16 ? digits : "";
}

const at = (typed: string, positions: number[]): string =>
  positions.map((position) => plain(typed)[position - 1] ?? "").join("");

function sentence(reading: Reading, words: Words): string {
  const { person } = words.texts.reading;
  return words.fill(words.texts.reading.sentence, {
    person: person[reading.sex ?? "unknown"],
    birth: birth(reading, words),
    place: place(reading, words),
  });
}

/** The later date comes first if there are two: few readers are a hundred years old. */
function birth({ birth_dates: [first, second] }: Reading, words: Words): string {
  const { one, two, none } = words.texts.reading.birth;
  const last = second ?? first;
  if (!last) {
    return none;
  }
  const values = {
    day: last.slice(8).replace(/^0/, ""),
    month: words.month(last),
    year: last.slice(0, 4),
  };
  return words.fill(second ? two : one, { ...values, earlier: first?.slice(0, 4) ?? "" });
}

function place({ place: found, warnings }: Reading, words: Words): string {
  const texts = words.texts.reading.place;
  if (found.kind === "abroad") {
    return words.fill(texts.abroad, { country: found.country, mission: found.mission });
  }
  // An unknown place is left out. The warning says why.
  const province = provinceOf(found, words);
  switch (
    warnings.find(({ code }) => code === "province_unknown" || code === "regency_unknown")?.code
  ) {
    case "province_unknown":
      return texts.province_unknown;
    case "regency_unknown":
      return words.fill(texts.regency_unknown, { province });
    default:
      return words.fill(texts.region, { regency: regencyOf(found, words), province });
  }
}

function regencyOf({ regency: { kind, name, code } }: Region, words: Words): string {
  const texts = words.texts.reading.place;
  const isCity = kind === "city";
  return name
    ? words.fill(isCity ? texts.city : texts.regency, { name })
    : words.fill(isCity ? texts.unnamed_city : texts.unnamed_regency, { code });
}

function provinceOf({ province, regency }: Region, words: Words): string {
  const name = province.name ?? "";
  const now = regency.now?.province;
  return now ? words.fill(words.texts.reading.place.moved, { province: name, now }) : name;
}

function compare({ place: found, serial }: Reading, words: Words): string {
  const { compare: region, compare_abroad: abroad } = words.texts.reading;
  return found.kind === "region"
    ? words.fill(region, { district: found.district.code.slice(-2), serial })
    : words.fill(abroad, { serial });
}
