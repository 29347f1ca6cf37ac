/**
 * An element with attributes and content. Strings are inserted as text, never as markup, so a
 * catalogue cannot inject elements.
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

/** A paragraph `Label: text`, or nothing if the text is empty. */
export const labelled = (label: string, text: string): HTMLElement[] =>
  text ? [paragraph(element("b", {}, label + ":"), " ", text)] : [];
