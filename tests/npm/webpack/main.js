import { createChecker } from "cek-nik";
import { register } from "cek-nik/embed";
import init, { decode } from "cek-nik/wasm";

const site = new URLSearchParams(location.search).get("site");
register(site);
window.checker = createChecker(new URL("catalogue.json", site));
window.decode = async (nik) => {
  // The bundler has found the module and copied it.
  await init();
  return decode(nik, 2026, 1, 1);
};
