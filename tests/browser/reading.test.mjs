//! The input groups digits as cards print them, and the number is read back before the check.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { Key } from "./support/deps.mjs";
import { openRecordingProxy } from "./support/recording-proxy.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, niks } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";
import { summary, Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

let proxy;
let widget;
let address;
before(async () => {
  proxy = await openRecordingProxy(resources);
  address = await (await makeSite(resources)).serve();
  widget = new Widget(await openBrowser(resources, { proxy: proxy.port }));
});
beforeEach(() => widget.open(address));

const typed = async () => (await widget.snapshot()).nik;
const caret = () =>
  widget.driver.executeScript("return document.getElementById('nik').selectionStart");
const keys = (...all) =>
  widget.driver
    .actions()
    .sendKeys(...all)
    .perform();

describe("the digits", () => {
  test("are grouped while they are typed", async () => {
    await widget.type("3201014107909001");
    assert.equal(await typed(), "320101 410790 9001");
  });

  test("lose the one before the gap when backspace is pressed behind the gap", async () => {
    await widget.type("3201014");
    await keys(Key.BACK_SPACE, Key.BACK_SPACE);
    assert.equal(await typed(), "32010");
    await widget.type("32010141");
    await keys(Key.ARROW_LEFT, Key.ARROW_LEFT, Key.BACK_SPACE);
    assert.equal(await typed(), "320104 1");
    assert.equal(await caret(), 5);
  });

  test("can be mended in the middle, and the caret stays there", async () => {
    await widget.type("320101410790901");
    await keys(...Array(2).fill(Key.ARROW_LEFT), "0");
    assert.equal(await typed(), "320101 410790 9001");
    assert.equal(await caret(), 16);
  });

  test("lose the one behind the gap when delete is pressed before the gap", async () => {
    await widget.type("32010141");
    await keys(...Array(3).fill(Key.ARROW_LEFT), Key.DELETE);
    assert.equal(await typed(), "320101 1");
    assert.equal(await caret(), 6);
  });

  test("are left alone where something else is among them, and lose nothing with it", async () => {
    await widget.type("320101O1");
    assert.equal(await typed(), "320101O1");
    await keys(Key.BACK_SPACE, Key.BACK_SPACE);
    assert.equal(await typed(), "320101");
  });
});

const READINGS = {
  "3201014107909001": {
    id:
      "Nomor ini milik perempuan, lahir 1 Juli 1990 (atau tercatat begitu), " +
      "pertama kali terdaftar di Kab. Bogor, Jawa Barat.",
    en:
      "This number belongs to a woman, born on 1 July 1990 (or registered so), first " +
      "registered in Bogor regency, Jawa Barat.",
    warnings: [],
  },
  "9271010107109001": {
    id:
      "Nomor ini milik laki-laki, lahir 1 Juli 2010 atau 1910 (atau tercatat begitu), " +
      "pertama kali terdaftar di Kota Sorong, Papua Barat (sekarang masuk Papua Barat Daya).",
    warnings: ["family_card"],
  },
  "6404014113900100": {
    id:
      "Nomor ini milik perempuan, dengan tanggal lahir yang tidak terbaca, " +
      "pertama kali terdaftar di kabupaten berkode 64.04, Kalimantan Timur.",
    warnings: ["month_impossible", "serial_high"],
    marked: "130100",
  },
  "9912314107909001": {
    id:
      "Nomor ini milik perempuan, lahir 1 Juli 1990 (atau tercatat begitu), " +
      "pertama kali terdaftar di luar negeri (kode negara 123, perwakilan 1).",
    warnings: [],
  },
  "1001014107909001": {
    id:
      "Nomor ini milik perempuan, lahir 1 Juli 1990 (atau tercatat begitu), dengan tempat " +
      "pendaftaran yang tidak dikenal.",
    warnings: ["province_unknown"],
    marked: "10",
  },
};

/** Runs inside the page. */
const shown = () => ({
  sentence: document.querySelector(".sentence")?.textContent,
  warnings: [...document.querySelectorAll("[data-warning]")].map((one) => one.dataset.warning),
  marked: [...document.querySelectorAll("mark")].map((one) => one.textContent).join(""),
  texts: document.getElementById("claims").textContent,
});

describe("the reading", () => {
  for (const [nik, { warnings, marked = "", ...sentences }] of Object.entries(READINGS)) {
    for (const [language, sentence] of Object.entries(sentences)) {
      test(`of ${nik}, ${language}`, async () => {
        await widget.speak(language);
        await widget.type(nik);
        await widget.click("check");
        await widget.until("the number to be read", ({ state }) => state === "reading");
        const seen = await widget.driver.executeScript(shown);
        assert.deepEqual(
          { ...seen, texts: undefined },
          { sentence, warnings, marked, texts: undefined },
        );
        assert.ok(!/[{}]|undefined/.test(seen.texts), seen.texts);
      });
    }
  }

  test("asks nobody, and can be left to change the number", async () => {
    proxy.forget();
    await widget.type("3201014107909001");
    await widget.click("check");
    await widget.until("the number to be read", ({ state }) => state === "reading");
    await widget.click("change");
    const { state, nik, focused, claims } = await widget.snapshot();
    assert.deepEqual(
      { state, nik, focused, claims },
      { state: "ready", nik: "320101 410790 9001", focused: "nik", claims: "" },
    );
    assert.deepEqual(proxy.urls, []);
  });

  test("is of the number that is then checked, whatever stands in the input by then", async () => {
    await widget.type(niks.both[0]);
    await widget.click("check");
    await widget.until("the number to be read", ({ state }) => state === "reading");
    await widget.driver.executeScript(
      (other) => (document.getElementById("nik").value = other),
      niks.none[0],
    );
    await widget.confirm();
    assert.deepEqual(Object.values(summary(await widget.verdict())), ["member", "member"]);
  });

  test("is taken in Arabic-Indic digits, with the doubtful ones marked", async () => {
    await widget.type("٣٢٠١٠١٤١١٣٩٠٩٠٠١");
    await widget.click("check");
    await widget.until("the number to be read", ({ state }) => state === "reading");
    const { warnings, marked } = await widget.driver.executeScript(shown);
    assert.deepEqual(
      { warnings, marked },
      { warnings: ["month_impossible", "serial_high"], marked: "139001" },
    );
  });
});

test("the page opts out of translation services, which would see the number", async () => {
  assert.equal(
    await widget.driver.executeScript("return document.getElementById('claims').translate"),
    false,
  );
});

test("the start can be stopped, and started again", async () => {
  await widget.load(address);
  await widget.driver.executeScript(() => {
    document.getElementById("start").click();
    document.getElementById("cancel").click();
  });
  const { state, status } = await widget.snapshot();
  assert.deepEqual({ state, status }, { state: "start", status: texts.id.page.start_status });
  await widget.ready();
});
