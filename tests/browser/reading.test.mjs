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
    id: {
      "Jenis kelamin": "Perempuan",
      "Tanggal lahir": "1 Juli 1990",
      "Pertama kali terdaftar": "Kab. Bogor, Jawa Barat",
      Kecamatan: "01 (angka 5 dan 6)",
      "4 angka terakhir": "9001",
    },
    en: {
      Sex: "Female",
      "Date of birth": "1 July 1990",
      "First registered": "Bogor regency, Jawa Barat",
      District: "01 (digits 5 and 6)",
      "Last 4 digits": "9001",
    },
    warnings: [],
  },
  "9271010107109001": {
    id: {
      "Jenis kelamin": "Laki-laki",
      "Tanggal lahir": "1 Juli 2010 atau 1910",
      "Pertama kali terdaftar": "Kota Sorong, Papua Barat (sekarang masuk Papua Barat Daya)",
      Kecamatan: "01 (angka 5 dan 6)",
      "4 angka terakhir": "9001",
    },
    warnings: ["family_card"],
  },
  "6404014113900100": {
    id: {
      "Jenis kelamin": "Perempuan",
      "Tanggal lahir": "tidak terbaca",
      "Pertama kali terdaftar": "Kabupaten berkode 64.04, Kalimantan Timur",
      Kecamatan: "01 (angka 5 dan 6)",
      "4 angka terakhir": "0100",
    },
    warnings: ["month_impossible", "serial_high"],
    marked: "130100",
  },
  "9912314107909001": {
    id: {
      "Jenis kelamin": "Perempuan",
      "Tanggal lahir": "1 Juli 1990",
      "Pertama kali terdaftar": "Luar negeri (negara 123, perwakilan 1)",
      "4 angka terakhir": "9001",
    },
    warnings: [],
  },
  "1001014107909001": {
    id: {
      "Jenis kelamin": "Perempuan",
      "Tanggal lahir": "1 Juli 1990",
      "Pertama kali terdaftar": "tidak dikenal",
      Kecamatan: "01 (angka 5 dan 6)",
      "4 angka terakhir": "9001",
    },
    warnings: ["province_unknown"],
    marked: "10",
  },
};

const live = () => widget.until("the number to be read", ({ state }) => state === "reading");

/** Runs inside the page. */
const shown = () => ({
  rows: Object.fromEntries(
    [...document.querySelectorAll("#claims dl div")].map(({ children: [name, value] }) => [
      name.textContent,
      value.textContent,
    ]),
  ),
  warnings: [...document.querySelectorAll("[data-warning]")].map((one) => one.dataset.warning),
  marked: [...document.querySelectorAll("mark")].map((one) => one.textContent).join(""),
  texts: document.getElementById("claims").textContent,
});

test("the digits are counted", async () => {
  const count = () =>
    widget.driver.executeScript("return document.getElementById('count').textContent");
  assert.equal(await count(), "0 dari 16 angka");
  await widget.type("320101 41079");
  assert.equal(await count(), "11 dari 16 angka");
  await widget.speak("en");
  assert.equal(await count(), "11 of 16 digits");
});

test("nothing says that the page is ready under an error", async () => {
  assert.equal((await widget.snapshot()).status, texts.id.page.ready);
  await widget.type("123");
  await widget.read();
  const { problem, status } = await widget.snapshot();
  assert.deepEqual([problem !== "", status], [true, ""]);
});

describe("the reading", () => {
  for (const [nik, { warnings, marked = "", ...all }] of Object.entries(READINGS)) {
    for (const [language, rows] of Object.entries(all)) {
      test(`of ${nik}, ${language}`, async () => {
        await widget.speak(language);
        await widget.type(nik);
        await live();
        const seen = await widget.driver.executeScript(shown);
        assert.deepEqual(
          { ...seen, texts: undefined },
          { rows, warnings, marked, texts: undefined },
        );
        assert.ok(!/[{}]|undefined/.test(seen.texts), seen.texts);
      });
    }
  }

  test("comes with the 16th digit, asks nobody, and goes with each change", async () => {
    proxy.forget();
    await widget.type("320101410790900");
    const before = await widget.snapshot();
    assert.deepEqual([before.state, before.claims], ["ready", ""]);
    await keys("1");
    assert.equal((await live()).focused, "nik", "the focus has left the input");
    assert.deepEqual(
      [await widget.shows("check"), await widget.shows("confirm")],
      [false, true],
      "there is not one button",
    );
    await keys("1");
    const { state, nik, focused, claims } = await widget.until(
      "the reading to go",
      ({ state }) => state === "ready",
    );
    assert.deepEqual(
      { state, nik, focused, claims },
      { state: "ready", nik: "320101 410790 90011", focused: "nik", claims: "" },
    );
    await keys(Key.BACK_SPACE);
    await live();
    assert.deepEqual(proxy.urls, []);
  });

  test("is of the last number, however fast the digits come", async () => {
    const rows = await widget.driver.executeAsyncScript(
      async (numbers, done) => {
        const input = document.getElementById("nik");
        for (const number of numbers) {
          input.value = number;
          input.dispatchEvent(new InputEvent("input"));
        }
        const last = () =>
          [...document.querySelectorAll("dd")].find((one) => one.textContent === "9004");
        new MutationObserver(() => last() && done("read")).observe(document, {
          childList: true,
          subtree: true,
        });
      },
      ["3201014107909001", "3201014107909002", "32010141079090", "3201014107909004"],
    );
    assert.equal(rows, "read");
    assert.equal((await widget.snapshot()).state, "reading");
  });

  test("is of the number that is then checked, whatever stands in the input by then", async () => {
    await widget.type(niks.both[0]);
    await live();
    await widget.driver.executeScript(
      (other) => (document.getElementById("nik").value = other),
      niks.none[0],
    );
    await widget.confirm();
    assert.deepEqual(Object.values(summary(await widget.verdict())), ["member", "member"]);
  });

  test("is taken in Arabic-Indic digits, with the doubtful ones marked", async () => {
    await widget.type("٣٢٠١٠١٤١١٣٩٠٩٠٠١");
    await live();
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
  await widget.saveData();
  await widget.load(address);
  await widget.driver.executeScript(() => {
    document.getElementById("start").click();
    document.getElementById("cancel").click();
  });
  const { state, status } = await widget.snapshot();
  assert.deepEqual({ state, status }, { state: "start", status: texts.id.page.start_status });
  await widget.ready();
  await widget.saveData(false);
});
