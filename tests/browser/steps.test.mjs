//! Next steps for a reader who is in a list: the page's own, and the changes of the catalogue.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { deliver, openHostileHost } from "./support/hostile-host.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, niks, SHARDED, WHOLE } from "./support/site.mjs";
import { steps as own, texts } from "./support/texts.mjs";
import { summary, Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const LANGUAGES = Object.keys(texts);
const [first, ...others] = own;

let widget;
let plain;
before(async () => {
  widget = new Widget(await openBrowser(resources));
  plain = await openHostileHost(await (await makeSite(resources)).serve(), resources);
});
beforeEach(() => {
  plain.fault = undefined;
});

/** Runs inside the page. */
function read() {
  const text = (element) => element?.textContent;
  return {
    first: [...document.querySelectorAll(".first > h2, .first li")].map(text),
    headings: [...document.querySelectorAll("section:not([hidden]) > h2")].map(text),
    steps: [...document.querySelectorAll(".steps summary:not(.more)")].map((situation) => [
      text(situation),
      text(situation.nextElementSibling),
    ]),
    foreign: [...document.querySelectorAll("#answers :is(img, script, a, iframe)")].filter(
      (one) => !(one.rel === "noreferrer" && /^(https:\/\/|tel:)[\w*%./-]+$/.test(one.href)),
    ).length,
  };
}

/** Checks somebody in a list and gives the steps shown in each language. */
async function told(address) {
  await widget.open(address);
  assert.deepEqual(summary(await widget.check(niks.whole[1])), {
    [WHOLE]: "member",
    [SHARDED]: "non_member",
  });
  const seen = {};
  for (const language of LANGUAGES) {
    await widget.speak(language);
    seen[language] = await widget.driver.executeScript(read);
  }
  return seen;
}

function inWords(date, language) {
  const [year, month] = date.split("-");
  return month ? `${texts[language].cli.months[month - 1]} ${year}` : year;
}

const line = ({ situation, what, checked }, language) => {
  const date = texts[language].steps.checked.replace("{date}", inWords(checked, language));
  return [situation[language], `${what[language]} (${date})`];
};

/** Asserts that exactly these steps are shown after the page's first. */
function assertTold(seen, expected) {
  for (const language of LANGUAGES) {
    const { first: saidFirst, steps, headings, foreign } = seen[language];
    assert.deepEqual(saidFirst, [first.situation[language], ...first.what[language].split("\n")]);
    assert.deepEqual(
      steps,
      expected.map((step) => line(step, language)),
    );
    assert.equal(
      headings.includes(texts[language].steps.heading),
      expected.length > 0,
      `the headings: ${headings}`,
    );
    assert.equal(foreign, 0, "a step brought an element along");
  }
}

/** The steps shown if the host changes the catalogue. */
async function toldBy(steps) {
  plain.fault = {
    concerns: (path) => path === "/catalogue.json",
    answer: (response, honest) =>
      deliver(response, {
        ...honest,
        bytes: Buffer.from(JSON.stringify({ ...JSON.parse(honest.bytes), steps })),
      }),
  };
  return told(plain.address);
}

const step = (id, changes = {}) => ({
  id,
  checked: "2026-10",
  situation: { id: `Keadaan ${id}`, en: `Situation ${id}` },
  what: { id: `Telepon contoh: 021-000 (${id})`, en: `Example telephone: 021-000 (${id})` },
  ...changes,
});

test("the page's own are all told, with the date in words", async () => {
  assert.ok(others.length >= 6);
  const seen = await told(plain.address);
  assertTold(seen, others);
  assert.match(seen.id.steps.flat().join(), /\(keterangan per Januari 2026\)/);
  assert.match(seen.en.steps.flat().join(), /\(as of January 2026\)/);
});

test("nobody who is in no list is told any", async () => {
  await widget.open(plain.address);
  await widget.check(niks.none[1]);
  const { first: saidFirst, steps } = await widget.driver.executeScript(read);
  const { heading, codes, again } = texts.id.help;
  assert.deepEqual([saidFirst, steps], [[heading, codes, again], []]);
});

test("what the publisher adds, replaces and hides", async () => {
  const added = step("hotline");
  const replaced = step("bpjs");
  const table = ({ id, checked, situation, what }) =>
    `[[steps]]\nid = "${id}"\nchecked = "${checked}"\n` +
    `situation = { id = "${situation.id}", en = "${situation.en}" }\nwhat = { id = "${what.id}", en = "${what.en}" }`;
  const more = [table(replaced), `[[steps]]\nid = "party"\nhidden = true`, table(added)].join("\n");
  const site = await makeSite(resources, { more });
  const kept = others
    .filter(({ id }) => id !== "party")
    .map((it) => (it.id === "bpjs" ? replaced : it));
  assertTold(await told(await site.serve()), [added, ...kept]);
});

describe("a catalogue that nobody has checked", () => {
  const good = step("hotline");
  const text = (changes) => ({ ...good.what, ...changes });
  const long = (length) => ({ id: "\u{1f4de}".repeat(length), en: "\u{1f4de}".repeat(length) });

  const NO_STEPS = {
    "a number": 7,
    "a text": "steps",
    null: null,
    "an object": { hotline: good },
    "a list of a list": [[good]],
  };
  for (const [name, steps] of Object.entries(NO_STEPS)) {
    test(`changes nothing by ${name} in the place of the steps`, async () =>
      assertTold(await toldBy(steps), others));
  }

  test("has its ill-formed steps ignored, and the others told", async () => {
    const batches = [
      [
        null,
        1,
        "hotline",
        [],
        {},
        { ...good, id: undefined },
        { ...good, id: 5 },
        { ...good, id: ["bpjs"], hidden: true },
      ],
      [
        undefined,
        null,
        2026,
        ["2026"],
        "yesterday",
        "2026-13",
        "2026-1",
        "2026-10-01T00:00",
        "",
      ].map((checked, place) => step(`date-${place}`, { checked })),
      [
        undefined,
        null,
        "text",
        ["a", "b"],
        { id: "a" },
        text({ en: 5 }),
        text({ id: "" }),
        text({ en: null }),
        long(401),
      ].map((what, place) => step(`what-${place}`, { what })),
      [undefined, "text", { en: "a" }, { id: 5, en: "a" }, long(101)].map((situation, place) =>
        step(`situation-${place}`, { situation }),
      ),
      ["yes", 1, {}, "true"].map((hidden, place) => ({ id: others[place].id, hidden })),
    ];
    for (const batch of batches) {
      assert.ok(batch.length < 12);
      assertTold(await toldBy([...batch, good]), [good, ...others]);
    }
  });

  test("cannot touch the first", async () => {
    for (const attempt of [step(first.id), { id: first.id, hidden: true }]) {
      assertTold(await toldBy([attempt]), others);
    }
  });

  test("cannot bury the page under many steps or long ones", async () => {
    const longest = (place) => step(`s${place}`, { situation: long(100), what: long(400) });
    const many = Array.from({ length: 13 }, (_, place) => longest(place));
    assertTold(await toldBy(many), [...many.slice(0, 12), ...others]);
  });

  test("has the last of two with the same id told", async () => {
    const later = step("hotline", { checked: "2026" });
    assertTold(await toldBy([good, later]), [later, ...others]);
  });

  test("brings no markup along", async () => {
    const markup = step("markup", {
      what: text({
        id: "<img src=x><a href='tel:1'>1</a>",
        en: "{date} <script>alert(1)</script>",
      }),
    });
    assertTold(await toldBy([markup]), [markup, ...others]);
  });

  test("may hide all but the first", async () => {
    assertTold(await toldBy(others.map(({ id }) => ({ id, hidden: true }))), []);
  });
});

test("addresses and numbers are links on a page of its own, and one tap selects them in a frame", async () => {
  const targets = () =>
    widget.driver.executeScript(() =>
      [...document.querySelectorAll(".steps :is(a, .copy)")].map((one) => [
        one.textContent,
        one.getAttribute("href"),
        one.rel ?? getComputedStyle(one).userSelect,
      ]),
    );
  const expected = [
    ["idebku.ojk.go.id", "https://idebku.ojk.go.id"],
    ["157", "tel:157"],
    ["*444#", "tel:*444%23"],
    ["*123*4444#", "tel:*123*4444%23"],
    ["iasc.ojk.go.id", "https://iasc.ojk.go.id"],
    ["157", "tel:157"],
    ["1500-537", "tel:1500537"],
    ["0811-800-5373", "tel:08118005373"],
    ["infopemilu.kpu.go.id/Pemilu/Cari_nik", "https://infopemilu.kpu.go.id/Pemilu/Cari_nik"],
    ["165", "tel:165"],
  ];
  await widget.open(plain.address);
  await widget.check(niks.whole[2]);
  assert.deepEqual(
    await targets(),
    expected.map(([text, href]) => [text, href, "noreferrer"]),
  );
  await widget.openInFrame(plain.address);
  await widget.check(niks.whole[2]);
  assert.deepEqual(
    await targets(),
    expected.map(([text]) => [text, null, "all"]),
  );
  await widget.driver.switchTo().defaultContent();
});
