//! Next steps for a reader who is in a list: the page's own, and the changes that the catalogue
//! makes.

import type { Catalogue, NextStep, Text } from "../../pkg/cek_nik";
import own from "../../../crates/publisher/texts/steps.json";
import { element, paragraph } from "./element";
import { isDate, type Words } from "../texts";

/**
 * Limits that keep a catalogue from burying the page's own text. Longer texts are left out whole:
 * half a telephone number is a wrong one.
 */
const MOST = { steps: 12, situation: 100, what: 400 };

/**
 * A catalogue cannot replace or hide the first step: it protects readers from people who use such a
 * page as bait.
 */
const [first, ...others] = own as [NextStep, ...NextStep[]];

/** The first step, shown after the first answer. */
export function firstStep(words: Words): HTMLElement {
  const situation = element("b", {}, words.pick(first.situation) + ":");
  return element("p", { class: "first" }, situation, " ", words.pick(first.what));
}

/** The other steps, shown after the last answer. Empty if the catalogue hides all of them. */
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
 * Added steps come first: an organisation's own hotline is closer to its readers than an
 * authority's.
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

/** Validates a step: the core does not check the catalogue's steps. */
const isStep = (step: NextStep | null): step is NextStep =>
  typeof step?.id === "string" &&
  (step.hidden === true ||
    (isDate(step.checked) && fits(step.situation, MOST.situation) && fits(step.what, MOST.what)));

const fits = (text: Text | undefined, most: number): boolean =>
  [text?.id, text?.en].every(
    (version) => typeof version === "string" && version && [...version].length <= most,
  );
