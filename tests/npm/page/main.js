import { createChecker } from "./cek-nik/index.js";
import { register } from "./cek-nik/embed.js";
import init, { decode } from "./cek-nik/wasm/cek_nik.js";

const site = new URLSearchParams(location.search).get("site");
register(site);
window.checker = createChecker(new URL("catalogue.json", site));
window.decode = async (nik) => {
  await init();
  return decode(nik, 2026, 1, 1);
};
