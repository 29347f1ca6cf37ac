//! A publisher's settings, as the widget applies them.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { openBrowser } from "../support/browser.mjs";
import { enter, loader, openPublisher, page } from "../support/embedding.mjs";
import { Resources } from "../support/resources.mjs";
import { makeSite, niks, SHARDED, WHOLE } from "../support/site.mjs";
import { texts } from "../support/texts.mjs";
import { waitFor } from "../support/wait.mjs";
import { summary, Widget } from "../support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const site = await (await makeSite(resources)).serve();

let driver;
let widget;
before(async () => {
  driver = await openBrowser(resources);
  widget = new Widget(driver);
});

const scheme = (value) =>
  driver.sendDevToolsCommand("Emulation.setEmulatedMedia", {
    features: [{ name: "prefers-color-scheme", value }],
  });

beforeEach(() => scheme("light"));

/** Opens the widget with these attributes of the element. */
async function embedded(attributes) {
  await driver.switchTo().defaultContent();
  const publisher = await openPublisher(resources, {
    "/": page(`${loader(site)}<cek-nik ${attributes}></cek-nik>`),
  });
  await driver.get(publisher);
  await enter(driver);
  await widget.started();
}

/** The computed styles. */
const worn = () =>
  driver.executeScript(() => {
    const style = (selector) => getComputedStyle(document.querySelector(selector));
    return {
      paper: style("body").backgroundColor,
      ink: style("body").color,
      text: style("body").fontFamily,
      heading: style("h1").fontFamily,
      button: style("#start").backgroundColor,
      radius: style("#start").borderTopLeftRadius,
      quiet: style("#status").color,
      scheme: style(":root").colorScheme,
    };
  });

const DAY = { paper: "rgb(255, 255, 255)", ink: "rgb(27, 27, 26)", button: "rgb(18, 73, 127)" };
const NIGHT = { paper: "rgb(22, 22, 21)", ink: "rgb(236, 235, 232)", button: "rgb(147, 191, 240)" };

/** Changes of the device arrive a moment later. */
const assertWears = (expected) =>
  waitFor("the look to be " + JSON.stringify(expected), worn, (found) =>
    Object.entries(expected).every(([name, value]) => found[name] === value),
  );

describe("the look", () => {
  test("follows the device where nothing is chosen", async () => {
    await embedded("");
    await assertWears(DAY);
    await scheme("dark");
    await assertWears(NIGHT);
  });

  for (const [theme, device, look] of [
    ["light", "dark", DAY],
    ["dark", "light", NIGHT],
  ]) {
    test(`is ${theme} on a ${device} device where that is chosen`, async () => {
      await scheme(device);
      await embedded(`theme="${theme}"`);
      await assertWears({ ...look, scheme: theme });
    });
  }

  test("takes colours, corners and letters", async () => {
    await embedded('background="#102a1c" ink="#ffffff" accent="#ffd54a" radius="18" font="serif"');
    const serif = 'Georgia, "Noto Serif", serif';
    await assertWears({
      paper: "rgb(16, 42, 28)",
      ink: "rgb(255, 255, 255)",
      button: "rgb(255, 213, 74)",
      radius: "18px",
      text: serif,
      heading: serif,
      scheme: "dark",
    });
  });

  test("draws quiet words between two colours", async () => {
    await embedded('background="#ffffff" ink="#000000"');
    await assertWears({ quiet: "rgb(38, 38, 38)", button: "rgb(0, 0, 0)", scheme: "light" });
  });

  test("has its own accent where the chosen one cannot be read, by day or by night", async () => {
    await embedded('accent="#7a0000"');
    await assertWears({ button: "rgb(122, 0, 0)" });
    await scheme("dark");
    await assertWears({ button: NIGHT.button });
    await scheme("light");
    await assertWears({ button: "rgb(122, 0, 0)" });
  });
});

test("the language is that of the page, or of the element", async () => {
  await embedded('lang="en"');
  const { language, status } = await widget.snapshot();
  assert.deepEqual({ language, status }, { language: "en", status: texts.en.page.start_status });
});

describe("the lists", () => {
  const LEFT_OUT = texts.id.page.left_out.replace("{all}", 2).replace("{some}", 1);

  test("are only those that are chosen, and it says so", async () => {
    await embedded(`dataset="${WHOLE} daftar-yang-tidak-ada"`);
    await widget.ready();
    assert.equal(
      (await widget.snapshot()).network,
      "cut",
      "the list that is left out is not asked for",
    );
    assert.deepEqual(summary(await widget.check(niks.both[0])), { [WHOLE]: "member" });
    const shown = await driver.executeScript(
      "return document.getElementById('answers').textContent",
    );
    assert.ok(shown.includes(LEFT_OUT), shown);
  });

  test("are all of them where none is chosen, and nothing is said of it", async () => {
    await embedded("");
    await widget.ready();
    assert.deepEqual(summary(await widget.check(niks.both[0])), {
      [WHOLE]: "member",
      [SHARDED]: "member",
    });
    const shown = await driver.executeScript(
      "return document.getElementById('answers').textContent",
    );
    assert.ok(!shown.includes(LEFT_OUT.slice(0, 12)), shown);
  });

  test("that do not exist are a failure", async () => {
    await embedded('dataset="daftar-yang-tidak-ada"');
    assert.deepEqual(summary(await widget.ready()), { page: "unknown: dataset_missing" });
  });
});

test("another catalogue of the same site is used in the place of the first", async () => {
  await embedded('catalogue="tidak-ada.json"');
  assert.deepEqual(summary(await widget.ready()), { page: "unknown: catalogue_not_found" });
  await embedded('catalogue="/catalogue.json?edisi=2"');
  await widget.ready();
  assert.deepEqual(summary(await widget.check(niks.none[0])), {
    [WHOLE]: "non_member",
    [SHARDED]: "non_member",
  });
});
