//! The page by keyboard, by screen reader, and with reduced motion.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { Key } from "./support/deps.mjs";
import { enter, loader, openPublisher, page } from "./support/embedding.mjs";
import { openHostileHost } from "./support/hostile-host.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, niks, SHARDED } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";
import { summary, Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

let host;
let driver;
let widget;
let publisher;
before(async () => {
  host = await openHostileHost(await (await makeSite(resources)).serve(), resources);
  publisher = await openPublisher(resources, {
    "/": page(`${loader(host.address)}<cek-nik></cek-nik>`),
  });
  driver = await openBrowser(resources);
  widget = new Widget(driver);
});

const press = (...keys) =>
  driver
    .actions()
    .sendKeys(...keys)
    .perform();

/** Where the focus is, and whether it is visible. Runs inside the page. */
function focus() {
  const { activeElement: focused } = document;
  const { outlineStyle, outlineWidth } = getComputedStyle(focused);
  const { top, bottom } = focused.getBoundingClientRect();
  const below = document.getElementById("below").getBoundingClientRect();
  return {
    name: focused.id || focused.textContent,
    outlined: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    inView: top >= 0 && bottom <= innerHeight && !(below.height && bottom > below.top),
  };
}

/** Presses Tab until the element has the focus. Gives the names of all stops. */
async function tabTo(name) {
  const stops = [];
  do {
    await press(Key.TAB);
    const { outlined, inView, ...stop } = await driver.executeScript(focus);
    assert.ok(outlined, `nobody sees that ${stop.name} has the focus`);
    assert.ok(inView, `${stop.name} has the focus outside of the view`);
    stops.push(stop.name);
    assert.ok(stops.length < 30, `${name} is not reached: ${stops}`);
  } while (stops.at(-1) !== name);
  return stops;
}

test("a whole check by keyboard alone, in a frame", async () => {
  const { page: words } = texts.id;
  await driver.get(publisher);
  await enter(driver);
  await widget.started();
  assert.deepEqual(await tabTo("start"), ["Bahasa Indonesia", "English", "start"]);
  await press(Key.ENTER);
  await widget.until("the input", ({ state, focused }) => state === "ready" && focused === "nik");
  await press(niks.both[0], Key.ENTER);
  await widget.until(
    "the reading",
    ({ state, focused }) => state === "reading" && focused === "reading-heading",
  );
  await tabTo("confirm");
  await press(Key.ENTER);
  const seen = await widget.until(
    "the answer",
    ({ state, focused }) => state === "answered" && focused === "h2",
  );
  assert.deepEqual(Object.values(summary(seen)), ["member", "member"]);

  const [loans] = await tabTo(texts.id.receipt.heading);
  await press(Key.ENTER);
  assert.equal(await driver.executeScript("return document.getElementById('receipt').open"), true);
  assert.notEqual(loans, texts.id.receipt.heading, "the next steps are not reached");
  await tabTo("again");
  assert.deepEqual(await tabTo(words.why_heading), [words.why_heading]);
  await driver.actions().keyDown(Key.SHIFT).sendKeys(Key.TAB).keyUp(Key.SHIFT).perform();
  await press(Key.ENTER);
  const { nik } = await widget.until(
    "the input",
    ({ state, focused }) => state === "ready" && focused === "nik",
  );
  assert.equal(nik, "");
});

test("each thing is announced once", async () => {
  await widget.open(host.address);
  await driver.executeScript(() => {
    window.announced = [];
    new MutationObserver((changes) =>
      changes.forEach(({ addedNodes }) =>
        announced.push(...[...addedNodes].map((node) => node.data)),
      ),
    ).observe(document.getElementById("status"), { childList: true });
  });
  await widget.check(niks.both[0]);
  const { page: words, verdict } = texts.id;
  const answered = `${words.answered} ${verdict.all.member.replace("{count}", 2)}.`;
  assert.deepEqual(await driver.executeScript("return announced"), [
    words.reading,
    words.checking,
    answered,
  ]);
});

test("the number is heard digit by digit, without the gaps that are seen", async () => {
  await widget.open(host.address);
  await widget.type("3201014107909001");
  await widget.until("the reading", ({ state }) => state === "reading");
  const { nodes } = await driver.sendAndGetDevToolsCommand("Accessibility.getFullAXTree", {});
  // Not what the reader has typed into the input.
  const typed = nodes.find(({ role }) => role?.value === "textbox");
  const inInput = (node) =>
    Boolean(node) &&
    (node === typed || inInput(nodes.find(({ nodeId }) => nodeId === node.parentId)));
  const heard = nodes
    .filter((node) => !node.ignored && node.role.value === "StaticText" && !inInput(node))
    .map(({ name }) => name.value);
  assert.ok(heard.includes("3 2 0 1 0 1 , 4 1 0 7 9 0 , 9 0 0 1"), JSON.stringify(heard));
  assert.deepEqual(
    heard.filter((text) => /\d{6}/.test(text)),
    [],
  );
});

test("nothing moves where that is not wanted", async () => {
  const moves = () =>
    driver.executeScript(
      "return getComputedStyle(document.getElementById('progress')).display !== 'none'",
    );
  host.fault = { concerns: (path) => path.includes(SHARDED), answer: () => {} };
  await widget.open(host.address);
  await widget.type(niks.none[0]);
  await widget.submit();
  await widget.until("the check to run", ({ state }) => state === "checking");
  assert.equal(await moves(), true);
  await driver.sendDevToolsCommand("Emulation.setEmulatedMedia", {
    features: [{ name: "prefers-reduced-motion", value: "reduce" }],
  });
  assert.equal(await moves(), false);
  assert.equal(await driver.executeScript("return document.getAnimations().length"), 0);
});
