//! What is checked, and who runs the page: shown before the input.

import { facts, titleOf } from "./answers";
import { element, labelled } from "./element";
import { linked } from "./links";
import type { Prepared } from "../state";
import type { Words } from "../texts";

/** The number of lists that are named before the input. An answer names all. */
const MOST = 4;

/** The titles with date and size, after an introduction, and the publisher. */
export function listElements(
  introduction: HTMLElement[],
  prepared: Prepared,
  words: Words,
): HTMLElement[] {
  const { datasets } = prepared.catalogue;
  const named = datasets.length > MOST + 1 ? datasets.slice(0, MOST) : datasets;
  const count = datasets.length - named.length;
  const titles = named.map((dataset) =>
    [titleOf(dataset, words), ...facts(dataset, words)].join("\u00a0· "),
  );
  const more = count ? [words.fill(words.texts.page.more_lists, { count })] : [];
  return [
    ...introduction,
    element("ul", {}, ...[...titles, ...more].map((text) => element("li", {}, text))),
    ...publisher(prepared, words),
  ];
}

/** Who runs the page, and how to reach them. */
export function publisher({ catalogue }: Prepared, words: Words): HTMLElement[] {
  const { name, contact, url } = catalogue.publisher ?? {};
  return labelled(words.texts.page.publisher, ...linked(readable([name, contact || url])));
}

/**
 * Joins texts of the catalogue. Its texts are not validated: values of another type are left out.
 */
export const readable = (texts: unknown[]): string =>
  texts.filter((text) => text && typeof text === "string").join(", ");
