//! Colours of the form `#rgb` or `#rrggbb`, and their contrast.

/** The minimum contrast of an accent: WCAG 2.2 for text on buttons. */
export const CONTRAST_OF_ACCENT = 4.5;
/**
 * The minimum contrast of ink and background. Quiet text is drawn between the two and must be
 * readable too.
 */
export const CONTRAST_OF_INK = 7;

/** A mix of two colours; `share` is the share of `one`, from 0 to 1. */
export function mix(one: string, other: string, share: number): string {
  const others = channels(other);
  return `rgb(${channels(one).map((own, at) =>
    Math.round(own * share + others[at]! * (1 - share)),
  )})`;
}

/**
 * The contrast ratio of two colours, from 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */
export function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [
    number,
    number,
  ];
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
