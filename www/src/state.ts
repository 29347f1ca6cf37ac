import type { NikError, Report } from "../pkg/cek_nik";
import type { Download } from "./protocol";

/** A report that has answers. */
export type Answers = Extract<Report, { answers: unknown }>;

/** What the page shows. The names are those of `data-state`. */
export type State =
  | { name: "loading" }
  | { name: "ready"; cancelled?: true; problem?: NikError }
  | { name: "checking"; started: boolean; download?: Download }
  | { name: "answered"; report: Answers }
  | { name: "failed"; reason: string };
