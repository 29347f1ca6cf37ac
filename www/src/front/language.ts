//! The language of the front page. Its static texts are in the page in both languages, and the style
//! hides those of the other one.

import type { Language } from "../texts";

const TITLES: Record<Language, string> = { id: "Cek NIK", en: "NIK checker" };

/** The language that a link to the page asks for. */
export const initialLanguage = (): Language =>
  new URLSearchParams(location.search).get("lang") === "en" ? "en" : "id";

/** Calls `choose` with the language of the button that the reader presses. */
export function onLanguage(choose: (language: Language) => void): void {
  for (const button of buttons()) {
    button.onclick = () => choose(button.lang as Language);
  }
}

export function showLanguage(language: Language): void {
  document.documentElement.lang = language;
  document.title = document.querySelector(`h1 [lang=${language}]`)?.textContent ?? "";
  (document.querySelector("iframe") as HTMLIFrameElement).title = TITLES[language];
  for (const button of buttons()) {
    button.setAttribute("aria-pressed", String(button.lang === language));
  }
}

const buttons = (): NodeListOf<HTMLElement> => document.querySelectorAll("#languages button");
