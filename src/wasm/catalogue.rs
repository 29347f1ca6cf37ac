//! TypeScript types without a Rust counterpart: `catalogue.json`, which the engine parses, and
//! values that only pass through the module.

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
  /** The number of the edition, from 1. */
  edition?: number;
  /** The day of publication, `YYYY-MM-DD`, if the edition expires. */
  published?: string;
  /** The last day for which the publisher vouches for the edition, `YYYY-MM-DD`. */
  expires?: string;
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
  /** Directories with the same site on other hosts. They count only if the catalogue is signed. */
  mirrors?: string[];
  steps?: NextStep[];
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Verifies the Ed25519 signatures of two messages by a public key: 32 bytes, and 64 each. */
export type Verify = (
  signed: [key: Bytes, message: Bytes, signature: Bytes, message2: Bytes, signature2: Bytes],
) => Promise<boolean>;

/** Data sets with a single file, by id, or a number for the failure of its request. */
export type Held = Map<string, Uint8Array | number>;
"#;
