import type { Catalogue, NameError, NikError, Reading } from "../pkg/cek_nik";
import type { Listener } from "./checker";
import type { Network } from "./lock";
import type { Fetched, Report, Transfer, Typed } from "./protocol";

/** What was fetched before the input is there. */
export interface Prepared {
  catalogue: Catalogue;
  fetched: Fetched[];
  network: Network;
  /** How many lists there are, those included that the page around the widget leaves out. */
  all: number;
  /** Starts a check of what was typed. */
  check(typed: Typed, listener: Listener): void;
}

/** Whether a check takes the name besides the NIK. */
export const isNameLocked = ({ catalogue }: Prepared): boolean =>
  catalogue.identifier === "nik+nama";

/** A report of a check that was made: an answer for each data set. */
export type CompletedReport = Extract<Report, { answers: unknown }>;

/** What keeps what was typed from being checked. The number comes first, as on the page. */
export interface Problem {
  nik?: NikError | undefined;
  name?: NameError | undefined;
}

/** What the page shows. The names are those of `data-state`. */
export type State =
  | { name: "loading" }
  | { name: "start" }
  | { name: "opening"; transfer?: Transfer }
  | { name: "offered"; bytes: number }
  | { name: "downloading"; transfer?: Transfer }
  | { name: "ready"; cancelled?: true; forgotten?: true; problem?: Problem }
  | { name: "reading"; reading: Reading; typed: Typed; word?: string | undefined }
  | { name: "checking"; transfer?: Transfer }
  | { name: "answered"; report: CompletedReport; retry: boolean }
  | { name: "failed"; reason: string; retry: boolean };
