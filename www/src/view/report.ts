//! The report of a check: the verdict, then help, then a card for each list.

import type { Dataset } from "../../pkg/cek_nik";
import { facts, inOrder, titleOf, withOutcome, type Checked } from "./answers";
import { element, labelled, paragraph } from "./element";
import { publisher, readable } from "./lists";
import type { CompletedReport, Prepared } from "../state";
import { help, nextSteps } from "./steps";
import type { Words } from "../texts";
import { explanation, falseAlarm, reasonOf, verdict } from "./verdict";

export function reportElements(
  prepared: Prepared,
  report: CompletedReport,
  words: Words,
): HTMLElement[] {
  const { catalogue } = prepared;
  const { page } = words.texts;
  const all = inOrder(catalogue, report);
  const [main] = all;
  const isMember = main?.answer.outcome === "member";
  const explained = withOutcome(all, "unknown").map(reasonOf)[0];
  return [
    verdict(all, prepared, report.expired, words),
    ...(main?.answer.outcome === "unknown" ? [] : [help(isMember, words)]),
    ...(isMember ? nextSteps(catalogue, words) : []),
    element(
      "section",
      { class: "cards" },
      element("h2", {}, page.checked_lists),
      ...all.map((checked) => card(checked, explained, words)),
    ),
    element("div", { class: "quiet" }, ...publisher(prepared, words)),
  ];
}

/** `explained` is the reason that the verdict explains already. */
function card(checked: Checked, explained: string | undefined, words: Words): HTMLElement {
  const { dataset, answer } = checked;
  const { outcome, page } = words.texts;
  const { fields } = dataset;
  const exposed = Array.isArray(fields) ? readable(fields) : "";
  const isMember = answer.outcome === "member";
  const reason = reasonOf(checked);
  return element(
    "article",
    {
      "data-dataset": dataset.id,
      "data-outcome": answer.outcome,
      ...(reason && { "data-reason": reason }),
    },
    element("h3", {}, titleOf(dataset, words)),
    element(
      "p",
      {},
      element("b", {}, outcome[answer.outcome]),
      ...facts(dataset, words).map((fact) => `\u00a0· ${fact}`),
    ),
    ...(reason && reason !== explained ? [explanation(reason, words)] : []),
    ...(reason ? [element("p", { class: "quiet" }, `${page.code}: ${reason}`)] : []),
    ...(isMember ? labelled(page.leaked, exposed) : []),
    details(
      page.about,
      ...(isMember ? [paragraph(falseAlarm(checked, words))] : labelled(page.fields, exposed)),
      ...background(dataset, words),
    ),
  );
}

const details = (summary: string, ...content: HTMLElement[]): HTMLElement =>
  element("details", {}, element("summary", {}, summary), ...content);

function background(dataset: Dataset, words: Words): HTMLElement[] {
  const { page, verdict } = words.texts;
  const { rows = 0, rows_claimed: claimed = 0, rows_refused: refused = 0 } = dataset;
  const description = words.pick(dataset.description);
  return [
    ...(description ? [paragraph(description)] : []),
    ...(rows && claimed > rows ? [paragraph(words.fill(page.claimed, { claimed, rows }))] : []),
    ...(refused ? [paragraph(words.fill(verdict.refused, { refused }))] : []),
    ...labelled(page.source, words.pick(dataset.source)),
    ...labelled(page.disputed, words.pick(dataset.disputed)),
  ];
}
