/** Characters that are decoded at once: a multiple of four, and little enough for any telephone. */
const PIECE = 1 << 20;

/** How many bytes so many characters hold. */
const held = (characters: number): number => (characters / 4) * 3;

/**
 * The bytes of a text in base64. Of what is no base64 nothing is left, and what is left over at the
 * end of a text that was copied in part is dropped: the bytes are then fewer than they say
 * themselves.
 */
export function decodeBase64(
  text: string,
  progress: (received: number, total: number) => void,
): Uint8Array<ArrayBuffer> {
  const total = text.length - (text.length % 4);
  const bytes = new Uint8Array(held(total));
  let length = 0;
  for (let received = 0; received < total; received += PIECE) {
    progress(held(received), held(total));
    const characters = decodePiece(text.slice(received, Math.min(received + PIECE, total)));
    for (let at = 0; at < characters.length; at++) {
      bytes[length++] = characters.charCodeAt(at);
    }
  }
  return bytes.subarray(0, length);
}

function decodePiece(text: string): string {
  try {
    return atob(text);
  } catch {
    return "";
  }
}
