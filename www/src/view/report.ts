//! The report of a check, in words.

import type { Answer, Catalogue, Dataset } from "../../pkg/cek_nik";
import { element, labelled, paragraph } from "./element";
import { isNameLocked, type CompletedReport, type Prepared } from "../state";
import { firstStep, otherSteps } from "./steps";
import type { Words } from "../texts";

/** Outcomes in the order of display: the most important first. */
const OUTCOMES = ["member", "unknown", "non_member"] as const;

/** The number of lists with each outcome, in words. */
export function outcomeSummary(
  catalogue: Catalogue,
  report: CompletedReport,
  words: Words,
): string {
  return OUTCOMES.map((outcome) => ({
    outcome,
    count: withOutcome(outcome, catalogue, report).length,
  }))
    .filter(({ count }) => count)
    .map(({ outcome, count }) => words.fill(words.texts.tally[outcome], { count }))
    .join(" ");
}

/** The answers: by outcome, then in the order of the catalogue. */
export function reportElements(
  prepared: Prepared,
  report: CompletedReport,
  words: Words,
): HTMLElement[] {
  const { catalogue, all } = prepared;
  const locked = isNameLocked(prepared);
  const { page } = words.texts;
  const some = catalogue.datasets.length;
  const { name, contact, url } = catalogue.publisher ?? {};
  return [
    ...OUTCOMES.flatMap((outcome) => {
      const articles = withOutcome(outcome, catalogue, report).map(({ dataset, answer }) =>
        article(dataset, answer, locked, words),
      );
      return outcome === "member" && articles[0] ? withSteps(articles, catalogue, words) : articles;
    }),
    ...(some < all ? [paragraph(words.fill(page.left_out, { all, some }))] : []),
    ...labelled(page.publisher, readable([name, contact, url])),
  ];
}

/**
 * Joins texts of the catalogue. Its texts are not validated: values of another type are left out.
 */
const readable = (texts: unknown[]): string =>
  texts.filter((text) => text && typeof text === "string").join(", ");

/** The result when nothing could be checked. */
export function failureElement(reason: string, words: Words): HTMLElement {
  return element(
    "article",
    { "data-outcome": "unknown", "data-reason": reason },
    heading(words.texts.outcome.unknown),
    ...unknown(reason, words),
  );
}

function withOutcome(
  outcome: string,
  catalogue: Catalogue,
  { answers }: CompletedReport,
): { dataset: Dataset; answer: Answer }[] {
  return catalogue.datasets
    .map((dataset) => ({ dataset, answer: answerFor(dataset, answers) }))
    .filter(({ answer }) => answer.outcome === outcome);
}

function answerFor({ id }: Dataset, answers: Answer[]): Answer {
  return (
    answers.find((answer) => answer.id === id) ?? {
      id,
      outcome: "unknown",
      reason: "worker_failed",
    }
  );
}

function article(dataset: Dataset, answer: Answer, locked: boolean, words: Words): HTMLElement {
  const { id, outcome } = answer;
  const verdict = heading(words.texts.outcome[outcome], words.pick(dataset.title) || id);
  const attributes = { "data-dataset": id, "data-outcome": outcome };
  switch (answer.outcome) {
    case "member":
      return element("article", attributes, verdict, ...member(dataset, answer, words));
    case "non_member":
      return element("article", attributes, verdict, ...nonMember(dataset, locked, words));
    case "unknown": {
      const { reason } = answer;
      return element(
        "article",
        { ...attributes, "data-reason": reason },
        verdict,
        ...unknown(reason, words),
      );
    }
  }
}

function heading(outcome: string, title = ""): HTMLElement {
  return element("h2", { tabindex: "-1" }, element("span", {}, outcome), " ", title);
}

function member(dataset: Dataset, { certainty = 1 }: Answer, words: Words): HTMLElement[] {
  const { page } = words.texts;
  const { fields } = dataset;
  return [
    paragraph(
      words.fill(page.member, { facts: facts(dataset, words) }),
      " ",
      falseAlarm(dataset, certainty, words),
    ),
    ...background(dataset, words),
    ...labelled(page.fields, Array.isArray(fields) ? readable(fields) : ""),
  ];
}

function nonMember(dataset: Dataset, locked: boolean, words: Words): HTMLElement[] {
  const { page } = words.texts;
  const { rows_refused: refused = 0 } = dataset;
  return [
    paragraph(words.fill(page.non_member, { facts: facts(dataset, words) })),
    paragraph(page.typed),
    ...(locked ? [paragraph(page.spelling)] : []),
    ...(refused ? [paragraph(words.fill(page.refused, { refused }))] : []),
    ...background(dataset, words),
  ];
}

function unknown(reason: string, words: Words): HTMLElement[] {
  const { page } = words.texts;
  const { what, next } = words.reason(reason);
  return [
    paragraph(what, " ", element("b", {}, next)),
    paragraph(page.unknown),
    element("p", { class: "quiet" }, `${page.code}: ${reason}`),
  ];
}

/** The size and the date of the list, if the catalogue has them. */
export function facts({ distinct, date }: Dataset, words: Words): string {
  const size = distinct ? words.fill(words.texts.page.size, { distinct }) : "";
  const known = [size, words.date(date)].filter(Boolean).join(", ");
  return known && ` (${known})`;
}

function falseAlarm(dataset: Dataset, certainty: number, words: Words): string {
  const { page } = words.texts;
  // For a list as large as the population, the certainty is meaningless.
  return certainty < 1
    ? words.fill(page.false_alarm, outOf(1 - certainty))
    : words.fill(page.false_alarm_rate, outOf(dataset.false_positive_rate));
}

/** A share as "about 1 in 100", never rounded down to zero. */
function outOf(share: number): { base: number; wrong: number } {
  let base = 100;
  while (base * share < 0.5 && base < 1e6) {
    base *= 10;
  }
  return { base, wrong: Math.max(1, Math.round(base * share)) };
}

function background(dataset: Dataset, words: Words): HTMLElement[] {
  const { page } = words.texts;
  const { rows = 0, rows_claimed: claimed = 0 } = dataset;
  const description = words.pick(dataset.description);
  return [
    ...(description ? [paragraph(description)] : []),
    ...(rows && claimed > rows ? [paragraph(words.fill(page.claimed, { claimed, rows }))] : []),
    ...labelled(page.source, words.pick(dataset.source)),
    ...labelled(page.disputed, words.pick(dataset.disputed)),
  ];
}

/** The first step follows the first answer; the others follow the last. */
function withSteps(articles: HTMLElement[], catalogue: Catalogue, words: Words): HTMLElement[] {
  articles[0]?.querySelector("p")?.after(firstStep(words));
  return [...articles, ...otherSteps(catalogue, words)];
}
