/** What build.mjs had to keep out of the script, see byte-string.mjs. */
const UNSAFE = '\0\n\r\\"';

/** Compiled in the background, once for all workers. */
export async function compileModule(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(bytesOf(MODULE_BYTES));
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const standIns = text.slice(0, UNSAFE.length);
  return Uint8Array.from(text.slice(UNSAFE.length), (character) => {
    const place = standIns.indexOf(character);
    return (place < 0 ? character : UNSAFE.charAt(place)).charCodeAt(0);
  });
}
