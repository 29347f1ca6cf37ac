//! Name-locked catalogues: the widget also asks for the name and says what follows from that.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { Key } from "./support/deps.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, NAME, niks, people, SHARDED, WHOLE } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";
import { summary, Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const NOBODY = { [WHOLE]: "non_member", [SHARDED]: "non_member" };
const { id, en } = texts;

let widget;
let address;
before(async () => {
  widget = new Widget(await openBrowser(resources));
  address = await (await makeSite(resources, { locked: true })).serve();
});
beforeEach(() => widget.open(address));

for (const [who, { nik, answers }] of Object.entries(people(1))) {
  test(`${who}, with the name as on the card`, async () => {
    assert.deepEqual(summary(await widget.check(nik, NAME.typed)), answers);
  });
}

describe("somebody in both lists", () => {
  const [nik] = niks.both;

  const SPELLINGS = {
    "a title": "Hj. Rumondang",
    "small letters": "rumondang",
    "an initial": "S. Rumondang",
    "the word alone": "RUMONDANG",
    "spaces around it": "  Rumondang  ",
  };
  for (const [how, name] of Object.entries(SPELLINGS)) {
    test(`is found with ${how}`, async () => {
      assert.deepEqual(Object.values(summary(await widget.check(nik, name))), ["member", "member"]);
    });
  }

  test("is not found under another name, and is told what the spelling does", async () => {
    const shown = await widget.check(nik, "Rumondhang");
    assert.deepEqual(summary(shown), NOBODY);
    assert.ok(shown.banner.includes(id.verdict.spelling), shown.banner);
  });
});

test("the word that is compared is read back", async () => {
  await widget.type(niks.none[0], "Dr. Hj. Nur'aini, S.Pd.");
  const { claims } = await widget.until(
    "the number to be read",
    ({ state }) => state === "reading",
  );
  assert.match(claims, RegExp(`${id.rows.name}\\s+NURAINI`));
});

const WITHOUT_A_WORD = {
  "": "no_word",
  "H. M.": "no_word",
  "Siti 2": undefined,
  S1ti: "not_a_letter",
  [`${"a".repeat(61)}`]: "word_too_long",
};
for (const [name, code] of Object.entries(WITHOUT_A_WORD)) {
  test(`the name "${name}" ${code ? `draws ${code}` : "is read"}`, async () => {
    await widget.type(niks.none[0], name);
    const shown = await widget.read();
    assert.equal(shown.nameProblem, code ? id.name_error[code] : "");
    assert.equal(shown.problem, "");
    assert.equal(shown.focused, code ? "name" : "reading-heading");
  });
}

test("both errors are shown at once, the number's first, in the reader's language", async () => {
  await widget.type("123", "H.");
  await widget.click("check");
  const shown = await widget.until("the complaint", ({ problem }) => problem !== "");
  assert.equal(shown.nameProblem, id.name_error.no_word);
  assert.equal(shown.focused, "nik");
  await widget.speak("en");
  const spoken = await widget.snapshot();
  assert.match(spoken.problem, /3 digits/);
  assert.equal(spoken.nameProblem, en.name_error.no_word);
});

test("the key that ends a line goes from the number to the name, and from there on", async () => {
  await widget.type(niks.none[0]);
  await (await widget.element("nik")).sendKeys(Key.ENTER);
  const { focused, nameProblem } = await widget.snapshot();
  assert.deepEqual([focused, nameProblem], ["name", ""]);
  await (await widget.element("name")).sendKeys(NAME.typed, Key.ENTER);
  await widget.until("the number to be read", ({ state }) => state === "reading");
});

test("the receipt speaks of the name", async () => {
  await widget.check(niks.none[0], NAME.typed);
  const receipt = await widget.driver.executeScript(
    "return document.getElementById('receipt').textContent",
  );
  assert.ok(receipt.includes(id.receipt.number_and_name), receipt);
});

test("after an answer neither the number nor the name is left", async () => {
  await widget.check(niks.none[0], NAME.typed);
  assert.deepEqual(
    await widget.driver.executeScript(
      "return [...document.querySelectorAll('input')].map(({ value }) => value)",
    ),
    ["", ""],
  );
});

test("without the lock nobody is asked for a name", async () => {
  await widget.open(await (await makeSite(resources)).serve());
  assert.equal(await widget.shows("name"), false);
  await widget.click("why");
  assert.equal(await widget.shows("why-name"), false);
});
