//! Addresses and telephone numbers in texts: links on a page of its own, text that one tap selects
//! in a frame, where links do nothing.

import { element } from "./element";

/** Web addresses, service codes such as *444#, and telephone numbers. */
const TARGETS =
  /((?:https?:\/\/)?\b[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:id|org|com|net)\b(?:\/[\w/.-]*\w)?\/?)|(\*[\d*]+#|\b(?:0\d{2,3}-\d{3,8}(?:-\d{3,5})?|\d{4}-\d{3}|157|165)\b)/gi;

export function linked(text: string): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let end = 0;
  for (const { 0: found, 1: address, index } of text.matchAll(TARGETS)) {
    // A mailbox.
    if (text[index - 1] !== "@") {
      parts.push(text.slice(end, index), target(found, address !== undefined));
      end = index + found.length;
    }
  }
  return [...parts, text.slice(end)];
}

function target(text: string, isAddress: boolean): HTMLElement {
  if (parent !== window) {
    return element("span", { class: "copy" }, text);
  }
  const href = isAddress
    ? text.replace(/^(?!https?:)/i, "https://")
    : `tel:${text.replace("#", "%23").replace(/-/g, "")}`;
  return element("a", { href, rel: "noreferrer", ...(isAddress && { target: "_blank" }) }, text);
}
