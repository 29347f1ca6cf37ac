//! Help after an answer: the first steps, and for readers who are in a list the questions that the
//! page answers, with the changes that the catalogue makes.

import type { Catalogue, NextStep, Text } from "../../pkg/cek_nik";
import own from "../../../crates/publisher/texts/steps.json";
import { element, paragraph } from "./element";
import { linked } from "./links";
import { isDate, type Words } from "../texts";

/**
 * Limits that keep a catalogue from burying the page's own text. Longer texts are left out whole:
 * half a telephone number is a wrong one.
 */
const MOST = { steps: 12, situation: 100, what: 400 };

/** The page's own steps that are shown at once. The others are under one heading. */
const SHOWN = ["loans", "sim", "money"];

/**
 * A catalogue cannot replace or hide the first step: it protects readers from people who use such a
 * page as bait.
 */
const [first, ...others] = own as [NextStep, ...NextStep[]];

/** What everybody should do, right below the verdict. */
export function help(isMember: boolean, words: Words): HTMLElement {
  const { heading, codes, again } = words.texts.help;
  const [title, ...lines] = isMember
    ? [words.pick(first.situation), ...words.pick(first.what).split("\n")]
    : [heading, codes, again];
  return element(
    "section",
    { class: "first" },
    element("h2", {}, title!),
    element("ul", {}, ...lines.map((line) => element("li", {}, line))),
  );
}

/** The questions with their answers. Empty if the catalogue hides all of them. */
export function nextSteps(catalogue: Catalogue, words: Words): HTMLElement[] {
  const { heading, more } = words.texts.steps;
  const steps = merged(catalogue);
  const isShown = ({ id }: NextStep): boolean =>
    SHOWN.includes(id) || !others.some((step) => step.id === id);
  const questions = (of: NextStep[]): HTMLElement[] => of.map((step) => question(step, words));
  const rest = questions(steps.filter((step) => !isShown(step)));
  return steps.length
    ? [
        element(
          "section",
          { class: "steps" },
          element("h2", {}, heading),
          ...questions(steps.filter(isShown)),
          ...(rest.length
            ? [
                element(
                  "details",
                  {},
                  element("summary", { class: "more" }, more),
                  element("div", {}, ...rest),
                ),
              ]
            : []),
        ),
      ]
    : [];
}

function question({ situation, what, checked }: NextStep, words: Words): HTMLElement {
  const date = words.fill(words.texts.steps.checked, { date: words.date(checked) });
  return element(
    "details",
    {},
    element("summary", {}, words.pick(situation)),
    paragraph(...linked(words.pick(what)), " ", element("small", {}, `(${date})`)),
  );
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
