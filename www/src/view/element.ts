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
export const labelled = (label: string, ...text: (Node | string)[]): HTMLElement[] =>
  text.some(Boolean) ? [paragraph(element("b", {}, label + ":"), " ", ...text)] : [];

/** A drawing of 24 by 24 units that says nothing to screen readers. */
export function icon(path: string): Element {
  const namespace = "http://www.w3.org/2000/svg";
  const [drawing, shape] = ["svg", "path"].map((tag) => document.createElementNS(namespace, tag));
  drawing!.setAttribute("viewBox", "0 0 24 24");
  drawing!.setAttribute("aria-hidden", "true");
  shape!.setAttribute("d", path);
  drawing!.append(shape!);
  return drawing!;
}
