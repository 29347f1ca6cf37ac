//! The front page: one heading, the tool above the fold, one language switch, and what a shared
//! link shows.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { By } from "./support/deps.mjs";
import { inEngines } from "./support/in-engines.mjs";
import { Resources } from "./support/resources.mjs";
import { openSavingHost } from "./support/saving-host.mjs";
import { Saving } from "./support/saving.mjs";
import { makeSite, niks, SHARDED, TITLES, WHOLE } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";
import { waitFor } from "./support/wait.mjs";
import { Widget } from "./support/widget.mjs";

const OWN = {
  title: { id: "Ada di daftar pemilih?", en: "In the list of voters?" },
  introduction: { id: "Diperiksa di ponsel Anda.", en: "Checked on your phone." },
};
const TOP = `site = "https://cek.example.org/nik/"
title = { id = "${OWN.title.id}", en = "${OWN.title.en}" }
introduction = { id = "${OWN.introduction.id}", en = "${OWN.introduction.en}" }`;

/** Bytes for which the text of the progress stays the same. */
const BYTES_PER_TEXT = 1_000;
/** Changes of the page before, during and after a download besides its progress. */
const OTHER_CHANGES = 80;

const resources = new Resources();
after(() => resources.close());

let site;
let upstream;
before(async () => {
  site = await makeSite(resources);
  upstream = await site.serve();
});

const contents = (html) =>
  Object.fromEntries(
    [...html.matchAll(/<meta (?:name|property)="([^"]*)" content="([^"]*)">/g)].map(
      ([, name, content]) => [name, content],
    ),
  );

test("a shared link shows what it is", async () => {
  const html = (await site.read("index.html")).toString();
  const shown = contents(html);
  const [, title] = /<title>(.*)<\/title>/.exec(html);
  assert.equal(shown["og:title"], title);
  assert.equal(shown["og:description"], shown.description);
  assert.equal(shown["og:type"], "website");
  assert.ok(title.length > 20 && shown.description.length > 20);
  assert.match(html, /<link rel="icon" href="data:image\/svg\+xml,/);
  // A picture needs an address, which this site does not name.
  assert.equal(shown["og:image"], undefined);
  assert.doesNotMatch(html, /\{\{/);
});

test("title, introduction and picture of a shared link come from the description", async () => {
  const own = await makeSite(resources, { top: TOP });
  const html = (await own.read("index.html")).toString();
  const shown = contents(html);
  assert.equal(shown["og:title"], OWN.title.id);
  assert.equal(shown["og:description"], OWN.introduction.id);
  assert.equal(shown["og:url"], "https://cek.example.org/nik/");
  assert.equal(shown["og:image"], "https://cek.example.org/nik/icon-512.png");
  assert.ok((await own.read("icon-512.png")).length > 0);
  for (const text of [...Object.values(OWN.title), ...Object.values(OWN.introduction)]) {
    assert.ok(html.includes(text), text);
  }
  assert.deepEqual(own.catalogue.title, OWN.title);
  assert.deepEqual(own.catalogue.introduction, OWN.introduction);
});

inEngines(["chromium", "firefox"], (engine) => {
  let driver;
  let saving;
  let widget;
  before(async () => {
    driver = await openBrowser(resources, { engine, profile: await resources.directory() });
    saving = new Saving(driver);
    widget = new Widget(driver);
  });

  const openHost = () => openSavingHost(upstream, resources);
  const inFrame = async (script) => {
    await driver.switchTo().frame(0);
    const result = await driver.executeScript(script);
    await driver.switchTo().defaultContent();
    return result;
  };
  const allSaved = () =>
    saving.until("all lists to be saved", ({ status }) => status === texts.id.saving.saved_now);
  /** Opens the page and waits for the start button. */
  async function open(address) {
    await widget.loadInFrame(address);
    await driver.switchTo().defaultContent();
  }
  const text = () => driver.executeScript("return document.body.innerText");

  test("one heading and one line stand above the tool, and nothing below it is empty", async () => {
    const { address } = await openHost();
    await open(address);
    const { headings, before, gap, frame, summaries } = await driver.executeScript(() => {
      const frame = document.querySelector("iframe");
      const isShown = (one) => one.checkVisibility();
      const { bottom } = frame.getBoundingClientRect();
      return {
        headings: [...document.querySelectorAll("h1")].filter(isShown).length,
        before: [...document.querySelectorAll("main > *")]
          .slice(0, [...frame.parentNode.children].indexOf(frame))
          .filter(isShown)
          .map(({ localName }) => localName),
        gap: document.querySelector("#checked h2").getBoundingClientRect().top - bottom,
        frame: frame.clientHeight,
        summaries: [...document.querySelectorAll("main > details > summary > h2")].length,
      };
    });
    assert.deepEqual([headings, before, summaries], [1, ["h1", "p"], 3]);
    assert.ok(gap >= 0 && gap < 40, `${gap} pixels below the tool`);
    const content = await inFrame(
      "return [document.body.offsetHeight, document.querySelector('h1').offsetHeight]",
    );
    assert.ok(Math.abs(frame - content[0]) <= 1, `${frame} pixels for ${content[0]}`);
    assert.ok(content[1] <= 1, "the tool shows a heading of its own");
  });

  test("the page says what is checked and who runs it", async () => {
    const { address } = await openHost();
    await open(address);
    const checked = await driver.findElement(By.id("checked")).getText();
    for (const part of [TITLES[WHOLE].id, TITLES[SHARDED].id, "Mei 2021", "Redaksi contoh"]) {
      assert.ok(checked.includes(part), `${part}: ${checked}`);
    }
    const links = await driver.executeScript(
      "return [...document.querySelectorAll('#checked a')].map(({ href, rel }) => [href, rel])",
    );
    assert.deepEqual(links, [["mailto:redaksi@example.org", "noreferrer"]]);
  });

  test("one switch changes the language of the page and the tool, and loads nothing", async () => {
    const { address, asked } = await openHost();
    await saving.open(address);
    await saving.lists();
    await widget.enterFrame();
    await widget.type(niks.none[0]);
    await driver.switchTo().defaultContent();
    const before = [asked.length, await driver.executeScript("return history.length")];
    await (await driver.findElement(By.css("#languages [lang=en]"))).click();
    await waitFor(
      "the tool in English",
      () => inFrame("return document.documentElement.lang"),
      (language) => language === "en",
    );
    assert.deepEqual(
      [asked.length, await driver.executeScript("return history.length")],
      before,
      "something was loaded, or the browser's history has changed",
    );
    const { language, title, frame, strays, pressed } = await driver.executeScript(() => ({
      language: document.documentElement.lang,
      title: document.title,
      frame: document.querySelector("iframe").title,
      strays: [...document.querySelectorAll("[lang=id]:not(button)")]
        .filter((one) => one.checkVisibility())
        .map(({ outerHTML }) => outerHTML),
      pressed: [...document.querySelectorAll("[aria-pressed=true]")].map(({ lang }) => lang),
    }));
    assert.deepEqual([language, frame, strays, pressed], ["en", "NIK checker", [], ["en"]]);
    assert.equal(await driver.findElement(By.css("h1")).getText(), title);
    const shown = await text();
    for (const part of [
      "What is checked",
      "Check without internet",
      "How it works",
      "Fingerprints of the files",
      texts.en.saving.hint,
      TITLES[WHOLE].en,
      "May 2021",
    ]) {
      assert.ok(shown.includes(part), `${part}: ${shown}`);
    }
    const [twice, nik] = await inFrame(
      "return [[...document.querySelectorAll('#languages, #lists, [data-text=intro]')].some((one) => one.offsetHeight > 0), document.getElementById('nik').value]",
    );
    assert.equal(twice, false, "the tool repeats what the page says");
    assert.equal(nik.replaceAll(" ", ""), niks.none[0]);
    await (await driver.findElement(By.css("#languages [lang=id]"))).click();
    await waitFor(
      "the tool in Indonesian",
      () => inFrame("return document.documentElement.lang"),
      (language) => language === "id",
    );
    assert.ok((await text()).includes("Yang diperiksa"));
  });

  test("a link to the page can ask for English", async () => {
    const { address } = await openHost();
    await driver.get(`${address}?lang=en`);
    await waitFor(
      "the tool in English",
      () => inFrame("return document.documentElement.lang"),
      (language) => language === "en",
    );
    assert.ok((await text()).includes("What is checked"));
  });

  test("“Simpan semua” saves all lists, and a line says what that costs and why", async () => {
    const { address } = await openHost();
    await saving.open(address);
    const { text, buttons } = await saving.lists();
    assert.ok(buttons.includes("saving-all"));
    const [before, after] = texts.id.saving.cost.split("{size}");
    assert.ok(text.includes(before) && text.includes(after), text);
    const size = /Simpan semua \((.*)\)/.exec(text)?.[1];
    assert.ok(text.includes(before + size), "the line and the button name different sizes");
    await saving.click("all");
    await allSaved();
    assert.deepEqual((await saving.record("saved.json")).datasets.sort(), [SHARDED, WHOLE].sort());
    assert.ok(!(await saving.snapshot()).buttons.includes("saving-all"));
  });

  test("one list alone has no “Simpan semua”", async () => {
    const one = await (await makeSite(resources, { lists: [SHARDED] })).serve();
    await saving.open(one);
    const { buttons } = await saving.lists();
    assert.ok(buttons.includes(`saving-save-${SHARDED}`) && !buttons.includes("saving-all"));
  });

  test("a download changes the page only where something else is to be read", async () => {
    const { address } = await openHost();
    await saving.open(address);
    await saving.lists();
    await driver.executeScript(() => {
      window.changes = { all: 0, idle: [] };
      const options = {
        subtree: true,
        childList: true,
        attributes: true,
        attributeOldValue: true,
        characterData: true,
        characterDataOldValue: true,
      };
      new MutationObserver((records) => {
        window.changes.all += records.length;
        const ofSame = (record) => (other) =>
          ["type", "target", "attributeName"].every((name) => record[name] === other[name]);
        records.forEach((record, index) => {
          const { type, target, attributeName, oldValue, addedNodes, removedNodes } = record;
          const next = records.slice(index + 1).find(ofSame(record));
          const now = type === "attributes" ? target.getAttribute(attributeName) : target.data;
          const isIdle =
            type === "childList"
              ? addedNodes.length === 1 &&
                removedNodes.length === 1 &&
                addedNodes[0].isEqualNode(removedNodes[0])
              : (next ? next.oldValue : now) === oldValue;
          if (isIdle) {
            window.changes.idle.push(`${type} ${attributeName} ${target.id || target.nodeName}`);
          }
        });
      }).observe(document, options);
    });
    await saving.click("all");
    await allSaved();
    const { all, idle } = await driver.executeScript("return window.changes");
    assert.deepEqual(idle, []);
    const bytes = site.catalogue.datasets.reduce(
      (sum, { prefix_bits, shard_bytes }) => sum + 2 ** prefix_bits * shard_bytes,
      0,
    );
    const most = 100 + bytes / BYTES_PER_TEXT + OTHER_CHANGES;
    assert.ok(all <= most, `${all} changes, of ${most}`);
  });

  test("the feed of editions is Atom for a real parser, whatever the texts hold", async () => {
    const title = `Daftar "A" & <b>'B'</b>`;
    const odd = await makeSite(resources, {
      top: `title = { id = """${title}""", en = "Odd" }`,
    });
    await driver.get("about:blank");
    const feed = await driver.executeScript(
      (text) => {
        const parsed = new DOMParser().parseFromString(text, "application/xml");
        const texts = (name) =>
          [...parsed.getElementsByTagNameNS("http://www.w3.org/2005/Atom", name)].map(
            ({ textContent }) => textContent,
          );
        return {
          error: parsed.querySelector("parsererror")?.textContent ?? "",
          root: parsed.documentElement.localName,
          titles: texts("title"),
          entries: texts("entry").length,
          ids: new Set(texts("id")).size,
          updated: texts("updated").filter((day) => Number.isNaN(Date.parse(day))),
          names: texts("name"),
        };
      },
      (await odd.read("editions.atom")).toString(),
    );
    assert.deepEqual(feed, {
      error: "",
      root: "feed",
      titles: [title, "Edisi 1"],
      entries: 1,
      ids: 2,
      updated: [],
      names: ["Redaksi contoh"],
    });
  });

  // Firefox's window cannot be made that small.
  if (engine === "chromium") {
    test("on the smallest phones, “Mulai” is visible without scrolling", async () => {
      const { address } = await openHost();
      const size = { width: 320, height: 568 };
      await driver.sendDevToolsCommand("Emulation.setDeviceMetricsOverride", {
        ...size,
        deviceScaleFactor: 1,
        mobile: true,
      });
      for (const lang of ["id", "en"]) {
        await driver.get(`${address}?lang=${lang}`);
        await waitFor(
          "the start button",
          () =>
            inFrame(
              "return [document.documentElement.lang, document.documentElement.dataset.state].join()",
            ),
          (shown) => shown === `${lang},start`,
        );
        const top = await driver.executeScript(
          "return document.querySelector('iframe').getBoundingClientRect().top",
        );
        const bottom = await inFrame(
          "return document.getElementById('start').getBoundingClientRect().bottom",
        );
        assert.ok(top + bottom <= size.height, `${lang}: ${top} + ${bottom}`);
        const { width, scroll } = await driver.executeScript(
          "return { width: document.documentElement.scrollWidth, scroll: scrollY }",
        );
        assert.deepEqual([width, scroll], [size.width, 0]);
      }
      await driver.sendDevToolsCommand("Emulation.clearDeviceMetricsOverride", {});
    });
  }
});
