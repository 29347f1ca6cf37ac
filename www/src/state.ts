import type { Catalogue, NameError, NikError, Reading } from "../pkg/cek_nik";
import type { Listener } from "./worker/checker";
import type { Network } from "./lock";
import type { Fetched, Report, Transfer, Typed } from "./worker/protocol";

/** What was fetched before the input is shown. */
export interface Prepared {
  catalogue: Catalogue;
  fetched: Fetched[];
  network: Network;
  /** The directories that a narrowed page can still reach. */
  places?: string[];
  /** The pinned key that has signed the catalogue, or empty. */
  key: string;
  /** The number of lists in the catalogue, including those that the settings leave out. */
  all: number;
  /** Starts a check of what was typed. A retry downloads what has failed again. */
  check(typed: Typed, listener: Listener, isRetry: boolean): void;
}

/** Whether a check needs the name as well as the NIK. */
export const isNameLocked = ({ catalogue }: Prepared): boolean =>
  catalogue.identifier === "nik+nama";

/** A report of a completed check: one answer for each data set. */
export type CompletedReport = Extract<Report, { answers: unknown }>;

/** What is wrong with the input. The number comes first, as on the page. */
interface Problem {
  nik?: NikError | undefined;
  name?: NameError | undefined;
}

/** What the page shows. The names are the values of `data-state`. */
export type State =
  | { name: "loading" }
  | { name: "start" }
  | { name: "opening"; transfer?: Transfer }
  | { name: "offered"; bytes: number }
  | { name: "downloading"; transfer?: Transfer }
  | { name: "ready"; cancelled?: true; forgotten?: true; edited?: true; problem?: Problem }
  /** `asked`: the reader has finished typing, so that the focus may move to the reading. */
  | { name: "reading"; reading: Reading; typed: Typed; word?: string | undefined; asked: boolean }
  | { name: "checking"; transfer?: Transfer }
  | { name: "answered"; report: CompletedReport; retry: boolean }
  | { name: "failed"; reason: string; retry: boolean };
