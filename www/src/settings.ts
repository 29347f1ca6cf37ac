//! What a page may choose about the widget in it: it goes in through the address. The loader uses
//! the same forms, so that what it lets through is what is accepted inside.

import { CONTRAST_OF_ACCENT, CONTRAST_OF_INK, contrast } from "./colours";

export type Theme = "light" | "dark" | "auto";
export type Font = "system" | "serif" | "sans";

/**
 * What a page may choose. Whatever it wrote that is not of the documented form is as if it were not
 * there.
 */
export interface Settings {
  lang?: "id" | "en";
  theme?: Theme;
  /** A full address on the origin of the widget. */
  catalogue?: string;
  /** Ids of data sets; none of them need be in the catalogue. */
  datasets?: string[];
  /**
   * Nobody has compared it with the default backgrounds: use it only where `contrast` with the one
   * in use is `CONTRAST_OF_ACCENT`.
   */
  accent?: string;
  /** Only together with `ink`, and only where they can be told apart. */
  background?: string;
  ink?: string;
  /** In pixels. */
  radius?: number;
  font?: Font;
}

const COLOUR = /^#([\da-f]{3}){1,2}$/i;
const ID = "[a-z0-9][a-z0-9-]{0,63}";

/** Nothing in these forms can name a resource, nor make the explanations disappear. */
const FORMS: Record<string, RegExp> = {
  theme: /^(light|dark|auto)$/,
  dataset: RegExp(`^${ID}( +${ID})*$`),
  accent: COLOUR,
  background: COLOUR,
  ink: COLOUR,
  radius: /^(1?\d|2[0-4])$/,
  font: /^(system|serif|sans)$/,
};

export const SETTINGS = [...Object.keys(FORMS), "catalogue"];

/** A setting in the form in which it travels, or nothing where it has no business. */
export function accepted(name: string, value: string, widget: string): string | undefined {
  return name === "catalogue"
    ? pathBeside(widget, value)
    : FORMS[name]?.test(value)
      ? value
      : undefined;
}

/**
 * What an opaque origin calls itself, `null`, is everybody's: only an address on the web has an
 * origin of its own. A path that begins with two slashes would name another host when it is read
 * again.
 */
function pathBeside(widget: string, value: string): string | undefined {
  try {
    const { origin, pathname, search } = new URL(value, widget);
    const isNear =
      origin !== "null" && origin === new URL(widget).origin && !pathname.startsWith("//");
    return isNear ? pathname + search : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the settings out of the widget's own address. */
export function readSettings(address: string): Settings {
  const values = fragment(address);
  const given = (name: string) => {
    const value = values.get(name);
    return value ? accepted(name, value, address) : undefined;
  };
  const [lang, theme, font, radius, accent] = [
    values.get("lang"),
    given("theme"),
    given("font"),
    given("radius"),
    given("accent"),
  ];
  const [catalogue, dataset, background, ink] = [
    given("catalogue"),
    given("dataset"),
    given("background"),
    given("ink"),
  ];
  const pair =
    background && ink && contrast(background, ink) >= CONTRAST_OF_INK ? { background, ink } : {};
  return {
    ...(lang === "id" || lang === "en" ? { lang } : {}),
    ...(theme ? { theme: theme as Theme } : {}),
    ...(font ? { font: font as Font } : {}),
    ...(radius ? { radius: Number(radius) } : {}),
    ...(catalogue ? { catalogue: new URL(catalogue, address).href } : {}),
    ...(dataset ? { datasets: dataset.split(/ +/) } : {}),
    ...pair,
    ...(accent && (!pair.background || contrast(accent, pair.background) >= CONTRAST_OF_ACCENT)
      ? { accent }
      : {}),
  };
}

/**
 * WordPress writes `#?secret=...` behind the address, whether there is a fragment already or not.
 */
export function fragment(address: string): URLSearchParams {
  return new URLSearchParams(new URL(address).hash.slice(1).replace(/#?\?/, "&"));
}
