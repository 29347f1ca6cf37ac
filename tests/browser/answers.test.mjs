//! Checks by a reader, in the page of its own and in the sandboxed frame.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { By, Key } from "./support/deps.mjs";
import { deliver, openHostileHost } from "./support/hostile-host.mjs";
import { openRecordingProxy } from "./support/recording-proxy.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, niks, SHARDED, SIZES, TITLES, WHOLE } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";
import { waitFor } from "./support/wait.mjs";
import { summary, Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

let proxy;
let host;
let widget;
before(async () => {
  proxy = await openRecordingProxy(resources);
  host = await openHostileHost(await (await makeSite(resources)).serve(), resources);
  widget = new Widget(await openBrowser(resources, { proxy: proxy.port }));
});

const both = { [WHOLE]: "member", [SHARDED]: "member" };
const none = { [WHOLE]: "non_member", [SHARDED]: "non_member" };

for (const [open, where] of Object.entries({
  open: "in the page of its own",
  openInFrame: "in the frame",
})) {
  describe(where, () => {
    beforeEach(async () => {
      host.fault = undefined;
      await widget.driver.switchTo().defaultContent();
      await widget[open](host.address);
    });

    test("speaks Indonesian first, and English when asked", async () => {
      assert.equal((await widget.snapshot()).language, "id");
      await widget.speak("en");
      assert.equal((await widget.snapshot()).language, "en");
    });

    for (const [language, words] of Object.entries(texts)) {
      test(`says what it found, in the language ${language}`, async () => {
        await widget.speak(language);
        const found = await widget.check(niks.whole[2]);
        assert.deepEqual(summary(found), { [WHOLE]: "member", [SHARDED]: "non_member" });
        const [member, other] = found.articles;
        for (const [article, dataset, outcome] of [
          [member, WHOLE, words.outcome.member],
          [other, SHARDED, words.outcome.non_member],
        ]) {
          assert.ok(article.text.includes(outcome), `"${outcome}" is not in: ${article.text}`);
          assert.ok(
            article.text.includes(TITLES[dataset][language]),
            `the name of the list is not in: ${article.text}`,
          );
          const size = new Intl.NumberFormat(language).format(SIZES[dataset]);
          assert.ok(
            article.text.includes(`${size}\u00a0NIK`),
            `the size of the list is not in: ${article.text}`,
          );
          assert.ok(
            article.text.includes("2021"),
            `the date of the list is not in: ${article.text}`,
          );
        }
        assert.ok(found.status.startsWith(words.page.answered), `the status is: ${found.status}`);
      });
    }

    test("says under “not in this list” that some rows of it cannot be used", async () => {
      host.fault = {
        concerns: (path) => path === "/catalogue.json",
        answer: (response, honest) => {
          const catalogue = JSON.parse(honest.bytes);
          catalogue.datasets[0].rows_refused = 1_234;
          deliver(response, { ...honest, bytes: Buffer.from(JSON.stringify(catalogue)) });
        },
      };
      await widget.driver.switchTo().defaultContent();
      await widget[open](host.address);
      const said = texts.id.verdict.refused.replace("{refused}", "1.234");
      const { banner } = await widget.check(niks.none[2]);
      assert.ok(banner.includes(said), banner);
      const [first, second] = await widget.driver.executeScript(
        "return [...document.querySelectorAll('article')].map((one) => one.textContent)",
      );
      assert.deepEqual([first.includes(said), second.includes(said.slice(6))], [true, false]);
    });

    const HEADINGS = {
      "both lists": [niks.both[7], "NIK ini ada di 2 daftar", "member"],
      "one of them": [niks.whole[7], "NIK ini ada di 1 dari 2 daftar", "member"],
      "no list": [niks.none[7], "NIK ini tidak ada di 2 daftar yang diperiksa", "non_member"],
    };
    for (const [where, [nik, heading, look]] of Object.entries(HEADINGS)) {
      test(`the verdict on somebody in ${where} comes first, without the number`, async () => {
        const seen = await widget.check(nik);
        assert.equal(seen.heading, heading);
        const text = await widget.driver.executeScript("return document.body.innerText");
        assert.doesNotMatch(text, /\d{6}/, "the number is on the page");
        const { first, outcome, wrong } = await widget.driver.executeScript(() => ({
          first: document.getElementById("answers").firstElementChild.className,
          outcome: document.querySelector(".verdict").dataset.verdict,
          wrong: [...document.querySelectorAll("#answers *")].filter((one) => {
            const [red, green, blue] = getComputedStyle(one).backgroundColor.match(/\d+/g);
            return green > Math.max(red, blue) + 8;
          }).length,
        }));
        assert.deepEqual({ first, outcome, wrong }, { first: "verdict", outcome: look, wrong: 0 });
      });
    }

    test("what could not be checked is no answer, and can be tried again in the verdict", async () => {
      host.fault = {
        concerns: (path) => path.includes(SHARDED),
        answer: (response) => response.writeHead(404).end(),
      };
      const missed = await widget.check(niks.none[8]);
      assert.equal(missed.heading, "1 dari 2 daftar belum bisa diperiksa");
      assert.ok(missed.banner.includes("Di 1 daftar lain, NIK ini tidak ada."), missed.banner);
      const [{ reason }] = missed.articles;
      assert.ok(missed.banner.includes(texts.id.reason[reason].next), missed.banner);
      assert.ok(!missed.status.includes(texts.id.page.answered), missed.status);
      host.fault = undefined;
      await (await widget.driver.findElement(By.css(".verdict #retry"))).click();
      const seen = await widget.until("the answer", ({ state }) => state === "answered");
      assert.deepEqual(summary(seen), none);
      assert.equal(await widget.shows("retry"), false);
    });

    test("shows nothing of a date that is no text", async () => {
      const wrong = [20210501, ["2021"], { year: 2021 }, null];
      host.fault = {
        concerns: (path) => path === "/catalogue.json",
        answer: (response, honest) => {
          const catalogue = JSON.parse(honest.bytes);
          catalogue.datasets[0].date = wrong.shift();
          deliver(response, { ...honest, bytes: Buffer.from(JSON.stringify(catalogue)) });
        },
      };
      while (wrong.length) {
        await widget.driver.switchTo().defaultContent();
        await widget[open](host.address);
        const [{ text }] = (await widget.check(niks.whole[2])).articles;
        assert.match(text, /\u00a0· 60\u00a0NIK$/m);
        assert.doesNotMatch(text, /2021|undefined/);
      }
    });

    test("changes the language of an answer that is there, and asks nobody", async () => {
      await widget.check(niks.both[2]);
      const before = proxy.urls.length;
      await widget.speak("en");
      const { articles } = await widget.snapshot();
      assert.deepEqual(
        articles.map(({ outcome }) => outcome),
        ["member", "member"],
      );
      assert.ok(
        articles.every(({ text }) => text.includes(texts.en.outcome.member)),
        articles[0].text,
      );
      assert.equal(proxy.urls.length, before);
    });

    test("takes a number as people write it", async () => {
      const [nik] = niks.both;
      const written = `${nik.slice(0, 6)} ${nik.slice(6, 12)}-${nik.slice(12)}`;
      assert.deepEqual(summary(await widget.check(written)), both);
    });

    test("answers a second number after the first", async () => {
      assert.deepEqual(summary(await widget.check(niks.both[3])), both);
      assert.deepEqual(summary(await widget.check(niks.none[3])), none);
      assert.deepEqual(summary(await widget.check(niks.both[4])), both);
    });

    const [nik] = niks.none;
    const WRONG = {
      nothing: ["", "empty", {}],
      "nothing but spaces": ["   ", "empty", {}],
      "15 digits": [nik.slice(1), "length", { digits: 15 }],
      "17 digits": [`${nik}0`, "length", { digits: 17 }],
      "a letter": [`${nik.slice(0, 8)}O${nik.slice(9)}`, "not_a_digit", { position: 9 }],
    };
    for (const [name, [typed, code, values]] of Object.entries(WRONG)) {
      test(`says what is wrong with ${name}, and sends nothing`, async () => {
        await widget.speak("en");
        const before = proxy.urls.length;
        const seen = await widget.check(typed);
        const expected = texts.en.nik_error[code].replace(/\{(\w+)\}/g, (_, name) => values[name]);
        assert.equal(seen.problem, expected);
        assert.deepEqual(seen.articles, []);
        assert.equal(seen.focused, "nik", "the focus is not where the mistake is");
        assert.deepEqual(proxy.urls.slice(before), []);
        assert.deepEqual(summary(await widget.check(niks.both[0])), both, "after the correction");
      });
    }

    test("can be used with the keyboard alone", async () => {
      await widget.type(niks.both[1]);
      await widget.read();
      await widget.driver.actions().sendKeys(Key.TAB, Key.ENTER).perform();
      const seen = await widget.verdict();
      assert.deepEqual(summary(seen), both);
      assert.equal(seen.focused, "h2", "the focus is not on the answer");
    });

    test("can be reached and started with the tabulator and the space bar", async () => {
      await widget.type(niks.none[1]);
      await widget.until("the number to be read back", ({ state }) => state === "reading");
      await widget.driver.actions().sendKeys(Key.TAB, Key.SPACE).perform();
      assert.deepEqual(summary(await widget.verdict()), none);
    });

    test("stops when asked, gives no answer, and then checks again", async () => {
      let download;
      host.fault = {
        concerns: (path) => path.endsWith(".cnk"),
        answer: (response) => {
          download = "running";
          response.on("close", () => (download = "ended"));
        },
      };
      await widget.type(niks.both[5]);
      await widget.submit();
      await waitFor(
        "the shard to be asked for",
        () => download,
        (state) => state === "running",
      );
      await widget.until(
        "the button that stops it to have the focus",
        ({ focused }) => focused === "cancel",
      );
      await widget.click("cancel");
      await waitFor(
        "the download to end",
        () => download,
        (state) => state === "ended",
      );
      const stopped = await widget.snapshot();
      assert.equal(stopped.state, "ready");
      assert.equal(stopped.status, texts.id.page.cancelled);
      assert.deepEqual(stopped.articles, []);
      host.fault = undefined;
      await widget.submit();
      assert.deepEqual(summary(await widget.verdict()), both);
    });

    test("keeps no number and no answer for whoever comes back", async () => {
      await widget.check(niks.both[6]);
      const inPage = open === "open";
      if (inPage) {
        // After the widget's own listener. A frame has nowhere to keep what it saw at that moment.
        await widget.driver.executeScript(() => {
          addEventListener("pagehide", () =>
            sessionStorage.setItem("on leaving", `<${document.getElementById("nik").value}>`),
          );
        });
      }
      await widget.driver.switchTo().defaultContent();
      await widget.driver.get("about:blank");
      await widget.driver.navigate().back();
      if (inPage) {
        assert.equal(
          await widget.driver.executeScript("return sessionStorage.getItem('on leaving')"),
          "<>",
        );
      } else {
        await widget.switchToFrame();
      }
      await widget.until(
        "the page to be there",
        ({ state }) => state === "start" || state === "ready",
      );
      const { nik, articles } = await widget.snapshot();
      assert.equal(nik, "");
      assert.deepEqual(articles, []);
    });
  });
}
