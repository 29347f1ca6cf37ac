/**
 * The bytes of a file in a vector (docs/FORMAT.md, section 9): text in an encoding, or pairs of a
 * text and how many times it is repeated.
 */
export function fileBytes(given, encoding) {
  const pieces = typeof given === "string" ? [[given, 1]] : given;
  return Buffer.concat(
    pieces.map(([text, times]) => {
      const piece = Buffer.from(text, encoding);
      return Buffer.alloc(piece.length * times, piece);
    }),
  );
}
