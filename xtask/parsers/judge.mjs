//! The rules of the comparison; the header of compare.mjs explains them.

/**
 * The groups of cases, in the order of the table, and what is true of the cases in them. The last
 * that holds is a case's group.
 */
const RULES = [
  ["men", () => true],
  ["women", ({ expect }) => expect.reading.sex === "female"],
  ["a birthday in either century", ({ expect }) => expect.reading.birth_dates.length === 2],
  ["a birthday that has not come yet in this century", comesWithinAYear],
  [
    "former codes, and gaps",
    ({ expect: { reading } }) => reading.place.regency.now || !reading.place.regency.name,
  ],
  ["districts 00 and beyond the highest", warned("district_zero", "district_unknown")],
  ["Papua by the codes from before 2022 (91, 92)", startsWith(/9[12]/)],
  ["Papua by the codes since 2022 (93–96)", startsWith(/9[3-6]/)],
  ["provinces and regencies that never were", warned("province_unknown", "regency_unknown")],
  ["30 February, 31 April and the like", warned("date_impossible")],
  ["29 February", startsWith(/.{6}[26]902/)],
  ["months 00 and 13–99", warned("month_impossible")],
  ["days 00, 32–40 and 72–99", warned("day_impossible")],
  ["men of up to 25 years, and family cards", warned("family_card")],
  ["serial 0000, and what spreadsheets leave", warned("serial_zero")],
  ["citizens abroad (99)", ({ expect }) => expect.reading.place.kind === "abroad"],
  [
    "sixteen zeros, nines, digits in a row",
    ({ text }) => /^(.)\1*$/.test(text) || text === "1234567890123456",
  ],
  ["not sixteen digits", ({ expect }) => expect.error],
  ["as people write it", ({ text, expect }) => expect.reading && !/^[0-9]{16}$/.test(text)],
  ["a clock that is set to a day before 2001", ({ today }) => today < "2001"],
];

const APART = 2;

/** The groups that are counted together, and those that are not. */
export const GROUPS = RULES.slice(0, -APART).map(([group]) => group);
export const ASIDE = RULES.slice(-APART).map(([group]) => group);

export function groupOf(one) {
  return RULES.findLast(([, holds]) => holds(one))[0];
}

function warned(...codes) {
  return ({ expect }) => codes.some((code) => expect.reading?.warnings.includes(code));
}

function startsWith(pattern) {
  return ({ text }) => text.search(pattern) === 0;
}

/**
 * Whether the same day a century later is still to come, and close enough for a parser that looks
 * at years alone to trip.
 */
function comesWithinAYear({ today, expect }) {
  const [date] = expect.reading.birth_dates;
  return date && addYears(date, 100) > today && addYears(date, 99) <= today;
}

function addYears(date, years) {
  return `${Number(date.slice(0, 4)) + years}${date.slice(4)}`;
}

const ACCEPT = "valid";
const REFUSE = "invalid";
const FLAG = "invalid, or a warning";
const EITHER = "valid or invalid";

/** What a parser has to say to the number as a whole. */
export function duty({ text, expect: { error }, strong }) {
  if (error) {
    return text.replace(/[^0-9]/g, "").length === 16 ? EITHER : REFUSE;
  }
  return strong ? FLAG : ACCEPT;
}

/** What is wrong with an answer. */
export function faults(one, said) {
  if (said.throws) {
    return ["throws"];
  }
  const must = duty(one);
  if (!said.valid) {
    return must === ACCEPT ? ["refused"] : [];
  }
  const wrong = must === REFUSE || (must === FLAG && !said.warned) ? ["accepted"] : [];
  return one.expect.reading ? [...wrong, ...wrongFields(one.expect.reading, said)] : wrong;
}

function wrongFields({ place, birth_dates: dates, sex }, said) {
  const wrong = {
    date: said.date && !dates.includes(said.date),
    sex: said.sex && sex && said.sex !== sex,
    province: differ(said.province, place.province?.name),
    regency: differ(said.regency, place.regency?.name),
  };
  return Object.keys(wrong).filter((field) => wrong[field]);
}

/** What stands before a name without being part of it. */
const TITLES =
  /\b(KABUPATEN|KAB|KOTA|KOT|ADMINISTRASI|ADM|DAERAH KHUSUS IBUKOTA|DKI|DAERAH ISTIMEWA|DI)\b/g;

/** Former names and other spellings in the packages' tables, without titles and spaces. */
const SAME_NAMES = {
  MALUKUTENGGARABARAT: "KEPULAUANTANIMBAR",
  MAMUJUUTARA: "PASANGKAYU",
  PADANGSIDEMPUAN: "PADANGSIDIMPUAN",
  PAHUWATO: "POHUWATO",
  PANGKAJENEKEPULAUAN: "PANGKAJENEDANKEPULAUAN",
  PIDEJAYA: "PIDIEJAYA",
  TOBASAMOSIR: "TOBA",
};

/**
 * A name of so many letters may be cut off. One letter less, and Bolaang Mongondow would pass for
 * its neighbours.
 */
const CUT_OFF = 17;

function differ(one, other) {
  if (!one || !other) {
    return false;
  }
  const [short, long] = [bare(one), bare(other)].sort((a, b) => a.length - b.length);
  return short !== long && !(short.length >= CUT_OFF && long.startsWith(short));
}

function bare(name) {
  const spelt = name
    .toUpperCase()
    .replace(/\bKEP\b/, "KEPULAUAN")
    .replace("SUMATRA", "SUMATERA");
  const letters = spelt.replace(TITLES, "").replace(/[^A-Z]/g, "");
  return SAME_NAMES[letters] ?? letters;
}
