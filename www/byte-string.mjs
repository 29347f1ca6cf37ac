/**
 * What cannot stand in a string inside a script element: HTML replaces NUL and CR, and JavaScript
 * ends a string at the others.
 */
const UNSAFE = '\0\n\r\\"';

/**
 * Bytes as a JavaScript string literal, one character for each byte: after brotli hardly larger
 * than the bytes alone, where base64 is a third larger and escapes, for a module full of zeros, a
 * twentieth. `src/module.ts` reads it back.
 *
 * The first five characters are those that stand for the five unsafe ones, in their order: the
 * rarest, because they must give way in turn. A character that gives way is 256 higher, which a
 * conversion to bytes takes off again.
 */
export function byteString(bytes) {
  const text = bytes.toString("latin1");
  const standIns = rarest(text, UNSAFE.length);
  const safe = text.replace(/[^]/g, (character) => {
    const place = UNSAFE.indexOf(character);
    return place >= 0
      ? standIns[place]
      : standIns.includes(character)
        ? higher(character)
        : character;
  });
  // After these the HTML parser would see the end of the script or a comment.
  return `"${standIns.join("")}${safe.replace(/<(?=[/!s])/gi, higher)}"`;
}

function rarest(text, count) {
  const uses = new Map(CANDIDATES.map((character) => [character, 0]));
  for (const character of text) {
    if (uses.has(character)) {
      uses.set(character, uses.get(character) + 1);
    }
  }
  return CANDIDATES.sort((a, b) => uses.get(a) - uses.get(b)).slice(0, count);
}

/** One byte long in UTF-8, and without a meaning in HTML or JavaScript. */
const CANDIDATES = [
  ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789#%()*,:;=?@[]^_{|}~",
];

const higher = (character) => String.fromCharCode(character.charCodeAt(0) + 256);
