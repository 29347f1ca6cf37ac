//! Changes a part of the page into another one, and writes only what differs. A button that stays
//! keeps the focus and the click that is under way on it; a screen reader announces nothing twice.

/** The attribute that the reader changes. */
const OF_READER = "open";

/** Gives `parent` this content. Elements are recognized by their name and id. */
export function patch(parent: Element, content: Node[]): void {
  let old = parent.firstChild;
  content.forEach((wanted, index) => {
    const later = content.slice(index);
    while (old && !later.some((one) => isSame(old as Node, one))) {
      old = removed(old);
    }
    if (old && isSame(old, wanted)) {
      update(old, wanted);
      old = old.nextSibling;
    } else {
      parent.insertBefore(wanted, old);
    }
  });
  while (old) {
    old = removed(old);
  }
}

const isSame = (one: Node, other: Node): boolean =>
  one.nodeName === other.nodeName && (one as Element).id === (other as Element).id;

function removed(node: ChildNode): ChildNode | null {
  const { nextSibling } = node;
  node.remove();
  return nextSibling;
}

function update(old: Node, wanted: Node): void {
  if (old instanceof HTMLElement && wanted instanceof HTMLElement) {
    for (const name of new Set([...old.getAttributeNames(), ...wanted.getAttributeNames()])) {
      if (name !== OF_READER) {
        updateAttribute(old, name, wanted.getAttribute(name));
      }
    }
    old.onclick = wanted.onclick;
    patch(old, [...wanted.childNodes]);
  } else if (old.nodeValue !== wanted.nodeValue) {
    old.nodeValue = wanted.nodeValue;
  }
}

/** Writes an attribute only if it changes; `null` removes it. */
export function updateAttribute(element: Element, name: string, value: string | null): void {
  if (value === null) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}
