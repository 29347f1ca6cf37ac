//! embed.js: registers `<cek-nik>` for the widget that lies beside this script.

import { register } from "./embed";

/** `import.meta` would name the address of a module, but no classic script may contain it. */
function ownAddress(): string | undefined {
  const script = document.currentScript as HTMLScriptElement | null;
  return script ? script.src : /https?:\S+(?=:\d+:\d+)/.exec(new Error().stack ?? "")?.[0];
}

const address = ownAddress();
if (!address) {
  throw new Error('cek-nik: embed.js does not know its address. Load it by <script src="...">');
}
register(new URL("cek-nik.html", address).href);
