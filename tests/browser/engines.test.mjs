//! The main flow in Firefox and WebKit.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { audit } from "./support/audit.mjs";
import { openBrowser } from "./support/browser.mjs";
import { WITHOUT_PIECES } from "./support/failures.mjs";
import { openHostileHost } from "./support/hostile-host.mjs";
import { inEngines } from "./support/in-engines.mjs";
import { deriveKey } from "./support/key.mjs";
import { expectedRequests, observedCheck } from "./support/observed-check.mjs";
import { openRecordingProxy } from "./support/recording-proxy.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, niks, people, SHARDED, WHOLE } from "./support/site.mjs";
import { texts } from "./support/texts.mjs";
import { summary, Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const site = await makeSite(resources);
const upstream = await site.serve();

const PEOPLE = people(7);

const PLACES = {
  "in the page of its own": { open: "open", pages: ["cek-nik.html"] },
  "in the frame": { open: "openInFrame", pages: ["", "cek-nik.html"] },
};

inEngines(["firefox", "webkit"], (engine) => {
  let proxy;
  let widget;
  before(async () => {
    proxy = await openRecordingProxy(resources);
    widget = new Widget(await openBrowser(resources, { engine, proxy: proxy.port }));
  });

  for (const [where, { open, pages }] of Object.entries(PLACES)) {
    describe(where, () => {
      // Each visit has an origin of its own, of which the browser remembers nothing.
      let host;
      beforeEach(async () => {
        host = await openHostileHost(upstream, resources);
        await widget.driver.switchTo().defaultContent();
      });

      for (const [who, { nik, answers }] of Object.entries(PEOPLE)) {
        test(`finds who is ${who}`, async () => {
          await widget[open](host.address);
          assert.deepEqual(summary(await widget.check(nik)), answers);
        });
      }

      test("says that it could not check where a file is not there", async () => {
        host.fault = WITHOUT_PIECES;
        await widget[open](host.address);
        assert.deepEqual(summary(await widget.check(niks.both[8])), {
          [WHOLE]: "member",
          [SHARDED]: "unknown: not_found",
        });
      });

      test("says what is wrong with 15 digits, and answers after the correction", async () => {
        const [nik] = niks.both;
        await widget[open](host.address);
        const { problem, articles } = await widget.check(nik.slice(1));
        assert.equal(problem, texts.id.nik_error.length.replace("{digits}", 15));
        assert.deepEqual(articles, []);
        assert.deepEqual(summary(await widget.check(nik)), PEOPLE["in both lists"].answers);
      });

      test("changes the language of an answer that is there", async () => {
        await widget[open](host.address);
        const found = await widget.check(niks.both[9]);
        assert.ok(
          found.articles.every(({ text }) => text.includes(texts.id.outcome.member)),
          found.articles[0].text,
        );
        await widget.speak("en");
        const { language, articles } = await widget.snapshot();
        assert.equal(language, "en");
        assert.ok(
          articles.every(({ text }) => text.includes(texts.en.outcome.member)),
          articles[0].text,
        );
      });

      test("sends nothing of a number, and of its key no more than the prefix", async () => {
        const { nik, answers } = PEOPLE["in both lists"];
        const key = deriveKey(site.catalogue, nik);
        const seen = await observedCheck({ widget, proxy, address: host.address, nik, open });
        assert.deepEqual(seen.answers, answers);
        assert.deepEqual(seen.after, seen.before, "something was left on the device");
        assert.deepEqual(
          audit(proxy, expectedRequests(site, host.address, key, pages), { nik, key }),
          [],
        );
      });
    });
  }
});
