//! Appearance: applies the theme, colours, corners and font that the embedding page has chosen, as
//! long as the text stays readable.

import { CONTRAST_OF_ACCENT, contrast, mix } from "./colours";
import type { Settings } from "./settings";

const FAMILIES = {
  system: "system-ui, sans-serif",
  serif: "Georgia, Noto Serif, serif",
  sans: "Helvetica, Arial, sans-serif",
};

/** The share of ink in quiet text, which stays readable with it, and in lines. */
const QUIET = 0.85;
const RULE = 0.25;

export function applyAppearance(settings: Settings): void {
  const { theme = "auto", background, ink, radius, font } = settings;
  const { dataset, style } = document.documentElement;
  dataset.theme = theme;
  if (background && ink) {
    const colours = {
      "--paper": background,
      "--wash": background,
      "--ink": ink,
      "--accent": ink,
      "--alarm": ink,
      "--alarm-wash": background,
      "--quiet": mix(ink, background, QUIET),
      "--rule": mix(ink, background, RULE),
    };
    for (const [name, colour] of Object.entries(colours)) {
      style.setProperty(name, colour);
    }
    style.colorScheme =
      contrast(background, "#fff") > contrast(background, "#000") ? "dark" : "light";
  }
  if (radius !== undefined) {
    style.setProperty("--radius", `${radius}px`);
  }
  if (font) {
    style.setProperty("--text", FAMILIES[font]);
    style.setProperty("--heading", FAMILIES[font]);
  }
  applyAccent(settings);
  matchMedia("(prefers-color-scheme: dark)").onchange = () => applyAccent(settings);
}

/**
 * Uses the chosen accent only where it is readable. An accent that works in a light theme may not
 * work in a dark one; the widget then uses its own.
 */
function applyAccent({ accent, background }: Settings): void {
  if (accent) {
    const { style } = document.documentElement;
    style.setProperty("--accent", "");
    const paper =
      background ?? getComputedStyle(document.documentElement).getPropertyValue("--paper").trim();
    if (contrast(accent, paper) >= CONTRAST_OF_ACCENT) {
      style.setProperty("--accent", accent);
    }
  }
}
