//! The front page around the widget's frame. It has a heading and a language switch of its own, so
//! the widget hides these and follows the page's language.

import type { Language } from "../texts";
import { fragment, readSettings } from "./settings";

export const isInFrontPage = (): boolean =>
  parent !== window && fragment(location.href).has("front");

export function followFrontPage(speak: (language: Language) => void): void {
  if (isInFrontPage()) {
    document.documentElement.toggleAttribute("data-front", true);
    addEventListener("hashchange", () => speak(readSettings(location.href).lang ?? "id"));
  }
}
