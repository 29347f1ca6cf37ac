/**
 * An element with attributes and content. Text is only ever put in as text, so that no catalogue
 * can bring markup along.
 */
export function element(
  tag: string,
  attributes: Record<string, string>,
  ...content: (Node | string)[]
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...content);
  return made;
}

export const paragraph = (...content: (Node | string)[]): HTMLElement =>
  element("p", {}, ...content);

/** `Label: text`, or nothing where there is no text. */
export const labelled = (label: string, text: string): HTMLElement[] =>
  text ? [paragraph(element("b", {}, label + ":"), " ", text)] : [];
