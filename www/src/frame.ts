//! What the widget and the page around it may say to each other: settings go in through the address, a height comes out. The
//! loader uses the same forms, so that what it lets through is what is accepted inside.

export type Theme = "light" | "dark" | "auto";
export type Font = "system" | "serif" | "sans";

/** What a page may choose. Whatever it wrote that is not of the documented form is as if it were not there. */
export interface Settings {
  lang?: "id" | "en";
  theme?: Theme;
  /** A full address on the origin of the widget. */
  catalogue?: string;
  /** Ids of data sets; none of them need be in the catalogue. */
  datasets?: string[];
  /** Nobody has compared it with the default backgrounds: use it only where `contrast` with the one in use is `CONTRAST_OF_ACCENT`. */
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

/** As in WCAG 2.2 for text on buttons. */
export const CONTRAST_OF_ACCENT = 4.5;
/** The quiet texts are drawn between the two, and must be readable too. */
const CONTRAST_OF_INK = 7;

/** A setting in the form in which it travels, or nothing where it has no business. */
export function accepted(name: string, value: string, widget: string): string | undefined {
  return name === "catalogue" ? pathBeside(widget, value) : FORMS[name]?.test(value) ? value : undefined;
}

/** What an opaque origin calls itself, `null`, is everybody's: only an address on the web has an origin of its own. */
function pathBeside(widget: string, value: string): string | undefined {
  try {
    const { origin, pathname, search } = new URL(value, widget);
    return origin !== "null" && origin === new URL(widget).origin ? pathname + search : undefined;
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
  const [lang, theme, font, radius, accent] = [values.get("lang"), given("theme"), given("font"), given("radius"), given("accent")];
  const [catalogue, dataset, background, ink] = [given("catalogue"), given("dataset"), given("background"), given("ink")];
  const pair = background && ink && contrast(background, ink) >= CONTRAST_OF_INK ? { background, ink } : {};
  return {
    ...(lang === "id" || lang === "en" ? { lang } : {}),
    ...(theme ? { theme: theme as Theme } : {}),
    ...(font ? { font: font as Font } : {}),
    ...(radius ? { radius: Number(radius) } : {}),
    ...(catalogue ? { catalogue: new URL(catalogue, address).href } : {}),
    ...(dataset ? { datasets: dataset.split(/ +/) } : {}),
    ...pair,
    ...(accent && (!pair.background || contrast(accent, pair.background) >= CONTRAST_OF_ACCENT) ? { accent } : {}),
  };
}

/** So much of the one colour in the other. */
export function mix(one: string, other: string, share: number): string {
  const others = channels(other);
  return `rgb(${channels(one).map((value, at) => Math.round(value * share + others[at]! * (1 - share)))})`;
}

/** How well two colours can be told apart, from 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Red, green and blue, 0 to 255. */
function channels(colour: string): number[] {
  const digits = colour.length === 4 ? colour.replace(/[\da-f]/gi, "$&$&") : colour;
  return [1, 3, 5].map((at) => parseInt(digits.slice(at, at + 2), 16));
}

/**
 * Tells the page around the widget how high the widget wants to be, in whatever language that page understands. The first
 * call also says that the widget has loaded.
 *
 * This is all that ever leaves the frame, and everybody on that page can hear it. So neither the height nor the moment of a call
 * may depend on what was typed or answered: that is the caller's duty, and cannot be done here.
 */
export function tellFrame(height: number): void {
  // Where it is not displayed, nothing is known about its height.
  if (parent === window || !(height > 0)) {
    return;
  }
  if (!told) {
    addEventListener("message", repeat);
  }
  told = Math.ceil(height);
  for (const message of heightMessages(told, location.href)) {
    parent.postMessage(message, "*");
  }
}

let told: number | undefined;

/**
 * WordPress asks again when its own script came after the widget: https://github.com/WordPress/wordpress-develop/pull/1745
 */
function repeat({ source, data }: MessageEvent): void {
  if (told && source === parent && data?.message === "ready" && data.secret === secret(location.href)) {
    tellFrame(told);
  }
}

/** The messages that say a height, one for each convention that pages of publishers follow. */
export function heightMessages(height: number, address: string): unknown[] {
  const messages: unknown[] = [
    { type: "cek-nik:height", height },
    // https://github.com/ampproject/amphtml/blob/main/extensions/amp-iframe/amp-iframe.md, "Iframe resizing"
    { sentinel: "amp", type: "embed-size", height },
    // The snippet that Datawrapper gives its users looks for the frame that has sent it, or for the id in the frame's address.
    // https://developer.datawrapper.de/docs/responsive-iframe
    { "datawrapper-height": { "cek-nik": height } },
    // Medium, and others who follow Embedly: https://github.com/datawrapper/datawrapper sends it in these words.
    JSON.stringify({ src: address, context: "iframe.resize", height }),
  ];
  // Pym's parent puts the name of its child into the query: https://github.com/nprapps/pym.js, `_makeMessage`
  const child = new URL(address).searchParams.get("childId");
  if (child && /^[\w.:-]{1,64}$/.test(child)) {
    messages.push(["pym", child, "height", height].join("xPYMx"));
  }
  // https://github.com/WordPress/WordPress/blob/master/wp-includes/js/wp-embed.js, `receiveEmbedMessage`
  const key = secret(address);
  if (key) {
    messages.push({ message: "height", value: height, secret: key });
  }
  return messages;
}

/** By which WordPress knows its frames. */
function secret(address: string): string | undefined {
  const value = fragment(address).get("secret");
  return value && /^[a-z\d]{1,64}$/i.test(value) ? value : undefined;
}

/** WordPress writes `#?secret=...` behind the address, whether there is a fragment already or not. */
function fragment(address: string): URLSearchParams {
  return new URLSearchParams(new URL(address).hash.slice(1).replace(/#?\?/, "&"));
}
