//! The offline page as a reader uses it, from a file or from a host.

import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { packageVersion } from "../../../www/package-version.mjs";
import { Widget } from "./widget.mjs";

const PAGE = fileURLToPath(
  new URL(
    `../../../crates/publisher/pages/cek-nik-offline-${await packageVersion()}.html`,
    import.meta.url,
  ),
);

/** The page as published. */
export const offlinePage = readFileSync(PAGE, "utf8");

const PLACE_OF_PACK = '<template id="pack"></template>';

/** The page with a pack inside. */
export const withPack = (pack, page = offlinePage) =>
  page.replace(PLACE_OF_PACK, () => `<template id="pack">${pack.toString("base64")}</template>`);

/** Writes the page and other files into a new directory. Gives its path. */
export async function putOffline(
  resources,
  { page = offlinePage, name = "cek-nik-offline.html", files = {} } = {},
) {
  const directory = await resources.directory();
  await writeFile(join(directory, name), page);
  for (const [file, bytes] of Object.entries(files)) {
    await writeFile(join(directory, file), bytes);
  }
  return directory;
}

export const addressOf = (directory, name = "cek-nik-offline.html") =>
  pathToFileURL(join(directory, name)).href;

const RUNNING = ["loading", "opening"];

export class OfflineWidget extends Widget {
  /** Opens the page and waits for the file picker, or until the pack inside has been opened. */
  async visit(address) {
    await this.driver.get(address);
    return this.settled();
  }

  /** Chooses a file and waits for the result. */
  async choose(path) {
    await this.chooseOnly(path);
    return this.settled();
  }

  async chooseOnly(path) {
    await (await this.element("file")).sendKeys(path);
  }

  settled() {
    return this.until(
      "the page to have opened what it has",
      ({ state }) => !RUNNING.includes(state),
    );
  }

  /** The description of the lists. */
  lists() {
    return this.driver.executeScript("return document.getElementById('lists').innerText");
  }
}
