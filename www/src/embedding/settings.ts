//! Settings that the embedding page chooses. They are passed in the widget's address. The loader
//! and the widget use the same patterns.

import { CONTRAST_OF_ACCENT, CONTRAST_OF_INK, contrast } from "./colours";

type Theme = "light" | "dark" | "auto";
type Font = "system" | "serif" | "sans";

/** Settings of the widget. Values that do not match the documented form are ignored. */
export interface Settings {
  lang?: "id" | "en";
  theme?: Theme;
  /** An absolute address on the widget's origin. */
  catalogue?: string;
  /** Ids of data sets. They may be missing from the catalogue. */
  datasets?: string[];
  /**
   * The public key that must have signed the catalogue. It may be no key at all: one with a typing
   * error must not be as good as none.
   */
  key?: string;
  /** Directories with the same site on other hosts. */
  mirrors?: string;
  /** The number of the newest edition that the embedding page has seen. */
  edition?: number;
  /**
   * Not compared with the default backgrounds: use it only if its `contrast` with the current one
   * is at least `CONTRAST_OF_ACCENT`.
   */
  accent?: string;
  /** Set together with `ink`, and only if their contrast is sufficient. */
  background?: string;
  ink?: string;
  /** In pixels. */
  radius?: number;
  font?: Font;
}

const COLOUR = /^#([\da-f]{3}){1,2}$/i;
const ID = "[a-z0-9][a-z0-9-]{0,63}";

/** At most four directories in a text or a list, without what is no address of one. */
export const mirrorsIn = (directories: unknown): string[] =>
  String(directories)
    .split(/[\s,]+/)
    .filter((directory) => /^https?:\/\/[^;'*?#]+\/$/.test(directory))
    .slice(0, 4);

/**
 * Patterns of the settings. No value that matches can hide the explanations, and only mirrors name
 * another host.
 */
const FORMS: Record<string, RegExp> = {
  theme: /^(light|dark|auto)$/,
  dataset: RegExp(`^${ID}( +${ID})*$`),
  key: /./,
  mirrors: /./,
  accent: COLOUR,
  background: COLOUR,
  ink: COLOUR,
  radius: /^(1?\d|2[0-4])$/,
  font: /^(system|serif|sans)$/,
};

export const SETTINGS = [...Object.keys(FORMS), "catalogue"];

/** The setting as it is written into the address, or `undefined` if it is not valid. */
export function accepted(name: string, value: string, widget: string): string | undefined {
  return name === "catalogue"
    ? pathBeside(widget, value)
    : FORMS[name]?.test(value)
      ? value
      : undefined;
}

/**
 * A path on the widget's origin. Opaque origins are all called `null`, so only web addresses have
 * an origin of their own. A path that begins with two slashes would name another host when it is
 * parsed again.
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

/** Reads the settings from the widget's address. */
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
  const [catalogue, dataset, key, mirrors, background, ink] = [
    given("catalogue"),
    given("dataset"),
    given("key"),
    // Not on a page of its own: a link must not choose who learns of a check.
    globalThis.parent === globalThis.window ? undefined : given("mirrors"),
    given("background"),
    given("ink"),
  ];
  const [edition] = /^\d+$/.exec(values.get("edition") ?? "") ?? [];
  const pair =
    background && ink && contrast(background, ink) >= CONTRAST_OF_INK ? { background, ink } : {};
  return {
    ...(lang === "id" || lang === "en" ? { lang } : {}),
    ...(theme ? { theme: theme as Theme } : {}),
    ...(font ? { font: font as Font } : {}),
    ...(radius ? { radius: Number(radius) } : {}),
    ...(catalogue ? { catalogue: new URL(catalogue, address).href } : {}),
    ...(dataset ? { datasets: dataset.split(/ +/) } : {}),
    ...(key ? { key } : {}),
    ...(mirrors ? { mirrors } : {}),
    ...(edition ? { edition: Number(edition) } : {}),
    ...pair,
    ...(accent && (!pair.background || contrast(accent, pair.background) >= CONTRAST_OF_ACCENT)
      ? { accent }
      : {}),
  };
}

/**
 * The parameters in the fragment. WordPress appends `#?secret=...` even if there is a fragment
 * already.
 */
export function fragment(address: string): URLSearchParams {
  return new URLSearchParams(new URL(address).hash.slice(1).replace(/#?\?/, "&"));
}
