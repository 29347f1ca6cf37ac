//! TypeScript types of the exports.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface Text { id?: string; en?: string }

/**
 * One data set of the catalogue. The fields that decide the check have been validated; those for
 * people may be missing.
 */
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

/** A next step for readers. It replaces or hides the page's own step with the same id. */
export interface NextStep {
  id: string;
  checked?: string;
  situation?: Text;
  what?: Text;
  hidden?: boolean;
}

/** catalogue.json. */
export interface Catalogue {
  format: string;
  version: number;
  publisher?: { name?: string; contact?: string; url?: string };
  /** With `nik+nama`, a check takes a name besides the NIK: the catalogue is name-locked. */
  identifier: "nik" | "nik+nama";
  salt: string;
  kdf: {
    name: string;
    version?: number;
    memory_kib?: number;
    iterations?: number;
    parallelism?: number;
  };
  datasets: Dataset[];
  steps?: NextStep[];
}

/**
 * The answer for one data set, in the order of the catalogue. `unknown` means: could not check.
 * `certainty` is the share of true answers among all `member` answers, 0 to 1.
 */
export type Answer =
  | { id: string; outcome: "member" | "non_member"; certainty: number }
  | { id: string; outcome: "unknown"; reason: string; certainty?: number };

/**
 * A running task. The page calls `step` until the task is done, and delivers, refuses or fails each
 * wanted file before the next step.
 */
export interface Task<Result> extends RunningTask {
  step(): Step<Result>;
}

export type Step<Result> = { wanted: Wanted } | { result: Result };

/**
 * A file: its path relative to the catalogue (empty: the catalogue itself), and its longest length
 * in bytes; one byte more shows that it is too long. `total`, if known, is the length of all files
 * that the task will want.
 */
export interface Wanted { path: string; most: number; total: number | undefined }

/** The catalogue, or the reason why there is none. */
export type Opened =
  | { catalogue: Catalogue }
  | { reason: string };

/**
 * A pack: the number of bytes that must be read from its beginning first; or its catalogue, and the
 * offset of the first shard of each data set by its id; or the reason why it is not usable.
 */
export type PackOpened =
  | { need: number }
  | { catalogue: Catalogue; places: Map<string, number> }
  | { reason: string };

/** Verified data sets with a single file, by id. */
export type Held = Map<string, Uint8Array>;

/**
 * The files that were downloaded before a number is typed. `complete`: no check of this catalogue
 * needs the network any more.
 */
export interface Downloaded { held: Held; complete: boolean }

/**
 * The report of a check, or the reason why nothing could be checked. `prefix_bits` is the number of
 * bits of the key in the addresses, and `sharers` the number of people in the country with the same
 * bits.
 */
export type Report =
  | { answers: Answer[]; prefix_bits: number; sharers: number }
  | { reason: string };

/** The reason why the typed text is not a NIK. */
export type NikError =
  | { code: "empty" }
  | { code: "length"; digits: number }
  | { code: "not_a_digit"; position: number };

/** The word of a name, 2 to 60 letters A to Z, or the reason why there is none. */
export type NameRead = { word: string } | { error: NameError };

export type NameError = "no_word" | "word_too_long" | "not_a_letter";

/** The reading of a NIK, or the reason why the typed text is none. */
export type Decoded = { reading: Reading } | { error: NikError };

/** The reading of a NIK: where and as whom its bearer was first registered. */
export interface Reading {
  place: Region | Abroad;
  /** `YYYY-MM-DD`: one, or two a century apart, the earlier first; none if no such day exists. */
  birth_dates: string[];
  sex: "male" | "female" | null;
  /** The last four digits. */
  serial: string;
  warnings: Warning[];
}

/**
 * A region, by codes of the Ministry of Home Affairs such as 32, 32.01 and 32.01.01. Names are
 * today's; `null` if unknown.
 */
export interface Region {
  kind: "region";
  province: { code: string; name: string | null };
  regency: {
    code: string;
    kind: "regency" | "city" | null;
    name: string | null;
    /** Only for a former code: today's code, and the name of its province. */
    now?: { code: string; province: string | null };
  };
  /** `known` unless the number is 00 or beyond the highest of the regency. */
  district: { code: string; known: boolean };
}

/** The number of a citizen abroad who never had a NIK: country in three digits, mission in one. */
export interface Abroad {
  kind: "abroad";
  country: string;
  mission: string;
}

/** A sign of a typing error. A real NIK may have any. `positions` are digits, counted from 1. */
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
