//! The table of faults on the front page: a list that could not be fetched whole is not saved, the page
//! says why, and saves the list once the host is right.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { failures, firstOfEach } from "./support/failures.mjs";
import { alike, inEngines } from "./support/in-engines.mjs";
import { Resources } from "./support/resources.mjs";
import { openSavingHost } from "./support/saving-host.mjs";
import { Saving } from "./support/saving.mjs";
import { makeSite, makeTwin, SHARDED, WHOLE } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";

const resources = new Resources();
after(() => resources.close());

const site = await makeSite(resources);
const table = firstOfEach(failures(site, await makeTwin(resources))).filter(
  ({ slow, closed, name }) => !slow && !closed && !name.includes("gone afterwards"),
);
const upstream = await site.serve();

/** Reasons for which the page offers a list for saving only in words. */
const UNUSABLE = ["dataset_invalid", "prefix_too_long"];

/** Saving takes longer than failing: one fault for each file is repaired. */
const repaired = alike("", table, ({ file }) => file);

inEngines(["chromium", "firefox"], (engine) => {
  let driver;
  let saving;
  before(async () => {
    driver = await openBrowser(resources, { engine, profile: await resources.directory() });
    saving = new Saving(driver);
  });

  for (const fault of alike(engine, table, ({ file }) => file)) {
    const { name, reason, concerns, answer, file } = fault;
    test(name, async () => {
      const id = file.startsWith(`data/${WHOLE}/`) ? WHOLE : SHARDED;
      const { address, misbehave } = await openSavingHost(upstream, resources);
      misbehave({ concerns, answer });
      await saving.open(address);
      const offered = await saving.until(
        "the lists, or why there are none",
        ({ activity, buttons, reason }) =>
          reason !== null || (activity === "idle" && buttons.length > 0),
      );
      if (UNUSABLE.includes(reason)) {
        assert.ok(!offered.buttons.includes(`saving-save-${id}`), offered.text);
        assert.ok(offered.text.includes(texts.id.saving.unsavable), offered.text);
        return;
      }
      if (offered.reason === null) {
        await saving.click(`save-${id}`);
      }
      const ended = await saving.until(
        "the reason",
        ({ activity, reason }) => activity === "idle" && reason !== null,
      );
      assert.equal(ended.reason, reason);
      assert.equal(await saving.record("saved.json"), null);
      if (!repaired.includes(fault)) {
        return;
      }
      misbehave();
      await saving.open(address);
      const isNext = (button) => ["saving-go-on", `saving-save-${id}`].includes(button);
      const { buttons } = await saving.until(
        "what to do next",
        ({ activity, buttons }) => activity === "idle" && buttons.some(isNext),
      );
      await saving.clickOn(`#${buttons.find(isNext)}`);
      await saving.until(
        "the list to be saved",
        ({ activity, buttons }) =>
          activity === "idle" && buttons.includes("saving-remove") && !buttons.some(isNext),
      );
      assert.notEqual(await saving.record("saved.json"), null);
    });
  }
});
