//! The banner above an answer: what was found, how certain that is, and what it does not say.

import type { Answer } from "../../pkg/cek_nik";
import { OUTCOMES, titleOf, withOutcome, type Checked } from "./answers";
import { element, icon, paragraph } from "./element";
import { isNameLocked, type Prepared } from "../state";
import type { Words } from "../texts";

type Outcome = Answer["outcome"];

/** A warning sign, a circle with a question mark, and a sheet of paper. */
const ICONS: Record<Outcome, string> = {
  member: "M12 2 1 21h22zm1 16h-2v-2h2zm0-4h-2V9h2z",
  unknown:
    "M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22m0 2a9 9 0 1 1 0 18 9 9 0 0 1 0-18m-1 13h2v2h-2zm1-10" +
    "a4 4 0 0 0-4 4h2a2 2 0 1 1 3 1.7c-1.3.8-2 1.5-2 3.3h2c0-1.1.4-1.5 1.3-2.1A4 4 0 0 0 12 6",
  non_member: "M4 2v20h16V2zm2 2h12v16H6zm2 3v2h8V7zm0 4v2h8v-2zm0 4v2h5v-2z",
};

/**
 * The banner of a completed check. The most important outcome gives its heading and look. `expired`
 * is the last day of the edition, if it has passed.
 */
export function verdict(
  all: Checked[],
  prepared: Prepared,
  expired: string | undefined,
  words: Words,
): HTMLElement {
  const { texts } = words;
  const [main = "unknown", ...others] = outcomes(all);
  const members = withOutcome(all, "member");
  const missed = withOutcome(all, "unknown");
  const rest = others.flatMap((outcome) =>
    outcome === "member"
      ? []
      : [words.fill(texts.verdict.rest[outcome], { count: withOutcome(all, outcome).length })],
  );
  return banner(
    main,
    verdictHeading(all, words),
    ...(members.length
      ? [paragraph(texts.verdict.calm, " ", certainty(members, words))]
      : missed.length
        ? [paragraph(texts.verdict.not_answer)]
        : [paragraph(texts.verdict.others)]),
    ...(rest.length ? [paragraph(rest.join(" "))] : []),
    ...(expired
      ? [paragraph(words.fill(texts.verdict.expired, { date: words.date(expired) }))]
      : []),
    ...reservations(all, prepared, words),
    ...(missed[0] ? [explanation(reasonOf(missed[0]), words)] : []),
  );
}

/** The banner when nothing could be checked. */
export function failure(reason: string, words: Words): HTMLElement {
  const { texts } = words;
  const { failed, not_answer } = texts.verdict;
  const made = banner(
    "unknown",
    failed,
    paragraph(not_answer),
    explanation(reason, words),
    element("p", { class: "quiet" }, `${texts.page.code}: ${reason}`),
  );
  made.dataset.reason = reason;
  return made;
}

/** The heading of the banner, which screen readers also hear when the answer comes. */
export function verdictHeading(all: Checked[], words: Words): string {
  const { one, all: every, some } = words.texts.verdict;
  const [main = "unknown"] = outcomes(all);
  const [first] = all;
  const count = withOutcome(all, main).length;
  if (all.length === 1 && first) {
    return words.fill(one[main], { title: titleOf(first.dataset, words) });
  }
  return count === all.length || main === "non_member"
    ? words.fill(every[main], { count })
    : words.fill(some[main], { count, all: all.length });
}

const outcomes = (all: Checked[]): Outcome[] =>
  OUTCOMES.filter((outcome) => withOutcome(all, outcome).length);

function banner(outcome: Outcome, heading: string, ...content: HTMLElement[]): HTMLElement {
  return element(
    "section",
    { class: "verdict", "data-verdict": outcome },
    icon(ICONS[outcome]),
    element("h2", { tabindex: "-1" }, heading),
    ...content,
  );
}

/** What happened, and what the reader can do about it. */
export function explanation(reason: string, words: Words): HTMLElement {
  const { what, next } = words.reason(reason);
  return paragraph(what, " ", element("b", {}, next));
}

export const reasonOf = ({ answer }: Checked): string =>
  answer.outcome === "unknown" ? answer.reason : "";

/** What "not in the list" leaves open. */
function reservations(all: Checked[], prepared: Prepared, words: Words): HTMLElement[] {
  const { texts } = words;
  const absent = withOutcome(all, "non_member");
  const refused = absent.reduce((sum, { dataset }) => sum + (Number(dataset.rows_refused) || 0), 0);
  const some = prepared.catalogue.datasets.length;
  return [
    absent.length && isNameLocked(prepared) ? texts.verdict.spelling : "",
    refused ? words.fill(texts.verdict.refused, { refused }) : "",
    some < prepared.all ? words.fill(texts.page.left_out, { all: prepared.all, some }) : "",
  ]
    .filter(Boolean)
    .map((text) => paragraph(text));
}

/** The certainty in people. The least certain list speaks for all. */
function certainty(members: Checked[], words: Words): string {
  const { false_alarm: one, false_alarm_each: each } = words.texts.verdict;
  const doubt = Math.max(...members.map(doubtOf));
  return doubt > 0
    ? words.fill(members.length > 1 ? each : one, outOf(doubt))
    : falseAlarm(members[0]!, words);
}

const doubtOf = ({ answer }: Checked): number => 1 - (answer.certainty ?? 1);

/** The certainty of one list. */
export function falseAlarm(member: Checked, words: Words): string {
  const { false_alarm, false_alarm_rate } = words.texts.verdict;
  const doubt = doubtOf(member);
  // For a list as large as the population, the certainty is meaningless.
  return doubt > 0
    ? words.fill(false_alarm, outOf(doubt))
    : words.fill(false_alarm_rate, outOf(member.dataset.false_positive_rate));
}

/** A share as "about 1 in 100", never rounded down to zero. */
function outOf(share: number): { base: number; wrong: number } {
  let base = 100;
  while (base * share < 0.5 && base < 1e6) {
    base *= 10;
  }
  return { base, wrong: Math.max(1, Math.round(base * share)) };
}
