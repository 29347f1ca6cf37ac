import type { Catalogue, Decoded, Fetched, NameRead, Reason, Report, Transfer } from "cek-nik/wasm";

// Generated from the Rust types.
export type {
  Answer,
  Catalogue,
  Dataset,
  Decoded,
  District,
  Fetched,
  NameError,
  NameRead,
  NewCode,
  NikError,
  Outcome,
  Place,
  Province,
  Reading,
  Reason,
  Regency,
  RegencyKind,
  Report,
  Severity,
  Sex,
  Text,
  Transfer,
  Warning,
  WarningCode,
} from "cek-nik/wasm";

export interface CheckerOptions {
  /** Ids of the lists to check. By default all lists of the catalogue. */
  datasets?: readonly string[];
  /**
   * The publisher's public key, 56 characters that begin with `RW`. Only a catalogue that it has
   * signed is then used: `catalogue.json.minisig` is requested beside the catalogue.
   */
  key?: string;
  /**
   * Addresses of the same site's directory on other hosts, with a slash at the end. They are asked in
   * this order when the host of the catalogue is down, slow or wrong; with a `key` also those that
   * the catalogue names. Each learns at most what the first host learns.
   */
  mirrors?: readonly string[];
}

export interface CallOptions {
  /**
   * Aborts the call: it rejects with the signal's reason (an `AbortError` by default), its requests
   * stop, and its worker ends.
   */
  signal?: AbortSignal;
  /** Gets the bytes received so far, at most every 16 milliseconds. */
  onProgress?: (transfer: Transfer) => void;
}

export interface CheckOptions extends CallOptions {
  /** The name on the card. Only name-locked catalogues need it (`identifier: "nik+nama"`). */
  name?: string;
}

/**
 * The catalogue of a site, or the reason why it cannot be used. With `complete`, a check needs the
 * network no more. `fetched` lists the files that were requested.
 */
export type Opened =
  | { catalogue: Catalogue; complete: boolean; fetched: Fetched[] }
  | { reason: Reason; fetched: Fetched[] };

export interface Checker {
  /**
   * Fetches the catalogue and each list that is a single file, before a number is known. Everybody
   * requests the same files. The checker keeps them for its checks; a second call replaces them, but
   * never by an older edition.
   */
  open(options?: CallOptions): Promise<Opened>;

  /** Reads a NIK back: where, when and as whom it was registered. It sends nothing. */
  decode(nik: string): Promise<Decoded>;

  /** Finds the word of a name that a name-locked catalogue compares. It sends nothing. */
  readName(name: string): Promise<NameRead>;

  /**
   * Checks a NIK against every list, after `open` if that has not succeeded yet.
   *
   * The report has one answer for each list, or a `reason` why nothing could be checked. No failure
   * reads as "not in the list". Call `decode` first: most wrong digits make a NIK of another person.
   *
   * @throws {TypeError} `nik` is not a NIK, or `name` has no word: `decode` and `readName` say why.
   */
  check(nik: string, options?: CheckOptions): Promise<Report>;
}
