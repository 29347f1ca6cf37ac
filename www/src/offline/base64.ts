/** Characters to decode at once: a multiple of four, and few enough for any phone. */
const PIECE = 1 << 20;

/** The number of bytes in so many characters. */
const held = (characters: number): number => (characters / 4) * 3;

/**
 * Decodes base64. A chunk that is not base64 is skipped, and an incomplete group at the end is
 * dropped. The result is then shorter than its header says, which the module notices.
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
