import { createChecker } from "cek-nik";
import { register } from "cek-nik/embed";
import init, { decode } from "cek-nik/wasm";
import module from "cek-nik/wasm/cek_nik_bg.wasm";

const site = new URLSearchParams(location.search).get("site");
register(site);
window.checker = createChecker(new URL("catalogue.json", site));
window.decode = async (nik) => {
  await init({ module_or_path: module });
  return decode(nik, 2026, 1, 1);
};
