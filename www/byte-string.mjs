/**
 * Characters that a string in a script element cannot contain: HTML replaces NUL and CR, and
 * JavaScript ends a string at the others.
 */
const UNSAFE = '\0\n\r\\"';

/**
 * Bytes as a JavaScript string literal, one character per byte. After brotli it is hardly larger
 * than the bytes, while base64 is larger by a third and escapes by a twentieth. `src/module.ts`
 * decodes it.
 *
 * The first five characters replace the five unsafe ones, in their order. They are the rarest
 * bytes, since they must be replaced in turn: by a character that is higher by 256, which is lost
 * when it is stored as a byte.
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
  // After these, the HTML parser would see the end of the script or a comment.
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

/** Characters of one byte in UTF-8, without a meaning in HTML or JavaScript. */
const CANDIDATES = [
  ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789#%()*,:;=?@[]^_{|}~",
];

const higher = (character) => String.fromCharCode(character.charCodeAt(0) + 256);
