//! What a reader who is in a list can do next: the page's own steps, and what the catalogue changes
//! about them.

import type { Catalogue, NextStep, Text } from "../pkg/cek_nik";
import own from "../../crates/publisher/texts/steps.json";
import { element, paragraph } from "./element";
import { isDate, type Words } from "./texts";

/**
 * No catalogue can bury the page's own words under its own. Longer ones are left out whole: half a
 * telephone number is a wrong one.
 */
const MOST = { steps: 12, situation: 100, what: 400 };

/**
 * No catalogue can replace or hide the first: it is what protects from somebody who uses such a
 * page as bait.
 */
const [first, ...others] = own as [NextStep, ...NextStep[]];

/** For the place where the first answer has just been read. */
export function firstStep(words: Words): HTMLElement {
  const situation = element("b", {}, words.pick(first.situation) + ":");
  return element("p", { class: "first" }, situation, " ", words.pick(first.what));
}

/** For below the last answer; nothing where the catalogue hides all there is. */
export function otherSteps(catalogue: Catalogue, words: Words): HTMLElement[] {
  const { heading, checked } = words.texts.steps;
  const items = merged(catalogue).map(({ situation, what, checked: date }) =>
    element(
      "details",
      {},
      element("summary", {}, words.pick(situation)),
      paragraph(
        words.pick(what),
        " ",
        element("small", {}, `(${words.fill(checked, { date: words.date(date) })})`),
      ),
    ),
  );
  return items.length
    ? [element("section", { class: "steps" }, element("h2", {}, heading), ...items)]
    : [];
}

/**
 * Those that the catalogue adds come ahead: an organisation's own line is nearer to its readers
 * than an authority's.
 */
function merged({ steps }: Catalogue): NextStep[] {
  const wellFormed = Array.isArray(steps) ? steps.slice(0, MOST.steps).filter(isStep) : [];
  const given = new Map(wellFormed.map((step) => [step.id, step]));
  const kept = others.map((step) => given.get(step.id) ?? step);
  for (const { id } of own) {
    given.delete(id);
  }
  return [...given.values(), ...kept].filter(({ hidden }) => hidden !== true);
}

/** Nobody has checked what the catalogue calls a step. */
const isStep = (step: NextStep | null): step is NextStep =>
  typeof step?.id === "string" &&
  (step.hidden === true ||
    (isDate(step.checked) && fits(step.situation, MOST.situation) && fits(step.what, MOST.what)));

const fits = (text: Text | undefined, most: number): boolean =>
  [text?.id, text?.en].every(
    (version) => typeof version === "string" && version && [...version].length <= most,
  );
