import { readFile } from "node:fs/promises";

/** The version of the crate and of the widget. */
export async function packageVersion() {
  const manifest = await readFile(new URL("../Cargo.toml", import.meta.url), "utf8");
  const found = /^\[workspace\.package\]\n(?:[^[\n].*\n|\n)*?version = "([^"]+)"/m.exec(manifest);
  if (!found) {
    throw new Error("Cargo.toml has no version under [workspace.package]");
  }
  return found[1];
}
