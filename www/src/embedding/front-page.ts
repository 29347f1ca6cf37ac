//! The front page around the widget's frame. It has a heading and a language switch of its own, so
//! the widget hides these and follows the page's language.

import type { Language } from "../texts";
import { fragment, readSettings } from "./settings";

export function followFrontPage(speak: (language: Language) => void): void {
  if (fragment(location.href).has("front")) {
    document.documentElement.toggleAttribute("data-front", true);
    addEventListener("hashchange", () => speak(readSettings(location.href).lang ?? "id"));
  }
}
