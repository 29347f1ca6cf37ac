//! What the exports give and take, for TypeScript.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface Text { id?: string; en?: string }

/** One data set as the catalogue describes it. What decides the check has been validated; what people read may be missing. */
export interface Dataset {
  id: string;
  title?: Text;
  description?: Text;
  source?: Text;
  disputed?: Text;
  date?: string;
  rows_claimed?: number;
  rows?: number;
  rows_refused?: number;
  distinct: number;
  fields?: string[];
  prefix_bits: number;
  filter: { kind: string; bits?: number; hashes?: number };
  false_positive_rate: number;
  shard_bytes: number;
  root: string;
  built?: string;
}

/** What a reader can do next. With the id of one of the page's own steps it replaces that one, or hides it. */
export interface NextStep { id: string; checked?: string; situation?: Text; what?: Text; hidden?: boolean }

/** catalogue.json. */
export interface Catalogue {
  format: string;
  version: number;
  publisher?: { name?: string; contact?: string; url?: string };
  /** With `nik+nama`, a check takes a name besides the NIK: the catalogue is name-locked. */
  identifier: "nik" | "nik+nama";
  salt: string;
  kdf: { name: string; version?: number; memory_kib?: number; iterations?: number; parallelism?: number };
  datasets: Dataset[];
  steps?: NextStep[];
}

/**
 * The answer for one data set, in the order of the catalogue. `unknown` means: could not check. `certainty` is the share of the
 * people told `member` for whom it is true, 0 to 1.
 */
export type Answer =
  | { id: string; outcome: "member" | "non_member"; certainty: number }
  | { id: string; outcome: "unknown"; reason: string; certainty?: number };

/** Something under way: steps until it is done, and whatever it wants is brought, refused, or fails, before its next step. */
export interface Task<Result> extends RunningTask {
  step(): Step<Result>;
}

export type Step<Result> = { wanted: Wanted } | { result: Result };

/**
 * A file: where it lies, relative to the catalogue (empty: the catalogue itself, whatever its name is), and the most bytes that it
 * may have; one more is enough to show that it is too long. `total`, where it is known: the bytes of all files that the task is
 * going to want.
 */
export interface Wanted { path: string; most: number; total: number | undefined }

/** The catalogue, or why there is none. */
export type Opened =
  | { catalogue: Catalogue }
  | { reason: string };

/**
 * A pack: how many bytes must be read of it from its first byte, before anything can be said of it; or its catalogue, and where the
 * shards of each data set begin, by its id; or why it is of no use.
 */
export type PackOpened =
  | { need: number }
  | { catalogue: Catalogue; places: Map<string, number> }
  | { reason: string };

/** Whole sets by the id of their data set; verified. */
export type Held = Map<string, Uint8Array>;

/** What could be downloaded before anybody has typed a number. `complete`: no check of this catalogue needs the network any more. */
export interface Downloaded { held: Held; complete: boolean }

/**
 * What one check gives: everything, or why nothing could be checked. `prefix_bits` is how many bits of the key were in the addresses,
 * and `sharers` how many people in the country have the same.
 */
export type Report =
  | { answers: Answer[]; prefix_bits: number; sharers: number }
  | { reason: string };

/** Why what was typed is not a NIK. */
export type NikError =
  | { code: "empty" }
  | { code: "length"; digits: number }
  | { code: "not_a_digit"; position: number };

/** The word of a name that counts, 2 to 60 letters A to Z, or why there is none. */
export type NameRead = { word: string } | { error: NameError };

export type NameError = "no_word" | "word_too_long" | "not_a_letter";

/** What a NIK claims, or why what was typed is none. */
export type Decoded = { reading: Reading } | { error: NikError };

/** What a NIK claims: where and as whom its bearer was first registered. */
export interface Reading {
  place: Region | Abroad;
  /** `YYYY-MM-DD`: one, or two a century apart and the earlier first, or none where the digits are no date. */
  birth_dates: string[];
  sex: "male" | "female" | null;
  /** The last four digits. */
  serial: string;
  warnings: Warning[];
}

/** Codes of the Ministry of Home Affairs, such as 32, 32.01 and 32.01.01. Names are today's; `null` where none is known. */
export interface Region {
  kind: "region";
  province: { code: string; name: string | null };
  regency: {
    code: string;
    kind: "regency" | "city" | null;
    name: string | null;
    /** Where the code is a former one: today's code, and the name of the province that it is in. */
    now?: { code: string; province: string | null };
  };
  /** `known` unless the number is 00 or beyond the highest of the regency. */
  district: { code: string; known: boolean };
}

/** The number of a citizen abroad who never had another: three digits for the country, one for the mission. */
export interface Abroad {
  kind: "abroad";
  country: string;
  mission: string;
}

/** What makes a typing error likely. A real NIK may draw any of them. `positions` are digits, counted from 1. */
export interface Warning {
  code: WarningCode;
  severity: "strong" | "soft";
  positions: number[];
}

export type WarningCode =
  | "province_unknown"
  | "regency_unknown"
  | "district_zero"
  | "district_unknown"
  | "day_impossible"
  | "month_impossible"
  | "date_impossible"
  | "leap_day_impossible"
  | "date_in_future"
  | "serial_zero"
  | "serial_high"
  | "family_card"
  | "rounded";
"#;
