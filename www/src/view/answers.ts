//! The answers of a report, in the order of display.

import type { Answer, Catalogue, Dataset } from "../../pkg/cek_nik";
import type { CompletedReport } from "../state";
import type { Words } from "../texts";

/** A data set with its answer. */
export interface Checked {
  dataset: Dataset;
  answer: Answer;
}

/** Outcomes in the order of display: the most important first. */
export const OUTCOMES = ["member", "unknown", "non_member"] as const;

/** All data sets: by outcome, then in the order of the catalogue. */
export function inOrder({ datasets }: Catalogue, { answers }: CompletedReport): Checked[] {
  const all = datasets.map((dataset) => ({ dataset, answer: answerFor(dataset, answers) }));
  return OUTCOMES.flatMap((outcome) => withOutcome(all, outcome));
}

export const withOutcome = (all: Checked[], outcome: Answer["outcome"]): Checked[] =>
  all.filter(({ answer }) => answer.outcome === outcome);

function answerFor({ id }: Dataset, answers: Answer[]): Answer {
  return (
    answers.find((answer) => answer.id === id) ?? {
      id,
      outcome: "unknown",
      reason: "worker_failed",
    }
  );
}

export const titleOf = ({ title, id }: Dataset, words: Words): string => words.pick(title) || id;

/** The date and the size of the list, if the catalogue has them. */
export function facts({ distinct, date }: Dataset, words: Words): string[] {
  const size = distinct ? words.fill(words.texts.page.size, { distinct }) : "";
  return [words.date(date), size].filter(Boolean);
}
