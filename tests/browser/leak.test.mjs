//! No raw identifier leaves the device, and no more of its key than the prefix: read from the wire,
//! byte by byte.

import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { audit } from "./support/audit.mjs";
import { openBrowser } from "./support/browser.mjs";
import { withPermittedScript } from "./support/changed-page.mjs";
import { deriveKey, prefixOf, shardPath } from "./support/key.mjs";
import {
  expectedRequests,
  leave,
  observedCheck,
  remains,
  requests,
} from "./support/observed-check.mjs";
import { openRecordingProxy } from "./support/recording-proxy.mjs";
import { Resources } from "./support/resources.mjs";
import {
  DEFAULT_ARGON2,
  makeSite,
  NAME,
  niks,
  people,
  PREFIX_BITS,
  SHARDED,
  WHOLE,
} from "./support/site.mjs";
import { newKey, signSite } from "./support/signing.mjs";
import { waitFor } from "./support/wait.mjs";
import { Widget } from "./support/widget.mjs";

const NPM_PACKAGE = fileURLToPath(new URL("../../npm/package", import.meta.url));

const resources = new Resources();
let proxy;
let widget;

before(async () => {
  proxy = await openRecordingProxy(resources);
  widget = new Widget(await openBrowser(resources, { proxy: proxy.port }));
});
after(() => resources.close());

const PEOPLE = people(0);
const KEY = newKey();

const VISITS = {
  "in the page of its own, with default Argon2id": {
    open: "open",
    pages: ["cek-nik.html"],
    site: { argon2: DEFAULT_ARGON2, few: true },
  },
  "in the frame, with cheap Argon2id": {
    open: "openInFrame",
    pages: ["", "cek-nik.html"],
  },
  "with the name": { open: "open", pages: ["cek-nik.html"], site: { locked: true } },
  "under a key that the page pins": {
    open: "open",
    pages: ["cek-nik.html"],
    site: { top: `key = "${KEY.text}"` },
    files: ["catalogue.json", "catalogue.json.minisig"],
  },
};

for (const [where, visit] of Object.entries(VISITS)) {
  const { open, pages, site: options = {}, files = ["catalogue.json"] } = visit;
  describe(`a check ${where}`, () => {
    let site;
    let address;
    before(async () => {
      site = await (await makeSite(resources, options)).copy();
      if (files.length > 1) {
        await signSite(site, KEY);
      }
      address = await site.serve();
    });

    for (const [who, { nik, answers }] of Object.entries(PEOPLE)) {
      test(who, async () => {
        const name = options.locked ? NAME : {};
        const key = deriveKey(site.catalogue, nik, name.word);
        const seen = await observedCheck({ widget, proxy, address, nik, name: name.typed, open });
        assert.deepEqual(seen.answers, answers);
        assert.deepEqual(seen.after, seen.before, "something was left on the device");
        const whole = shardPath(site.dataset(WHOLE), key);
        assert.deepEqual(
          seen.early,
          requests(address, [...pages, ...files, whole]),
          "what was sent before the number was asked about",
        );
        assert.deepEqual(
          audit(proxy, expectedRequests(site, address, key, pages, files), {
            nik,
            name: name.word,
            key,
          }),
          [],
        );
      });
    }
  });
}

describe("a check by the npm package in a page", () => {
  const FILES = ["paket/", "paket/index.js", "paket/embedded.js"];
  const PAGE = `<!doctype html><title>Paket</title><link rel="icon" href="data:,">
    <script type="module">
      import { createChecker } from "./index.js";
      window.checker = createChecker("../catalogue.json");
    </script>`;
  let site;
  let address;
  before(async () => {
    site = await (await makeSite(resources)).copy();
    await cp(NPM_PACKAGE, join(site.directory, "paket"), { recursive: true });
    await site.write("paket/index.html", PAGE);
    address = await site.serve();
  });

  for (const [who, { nik, answers }] of Object.entries(PEOPLE)) {
    test(who, async () => {
      const { driver } = widget;
      await driver.get("about:blank");
      await driver.sendDevToolsCommand("Network.clearBrowserCache");
      proxy.forget();
      await driver.get(`${address}paket/`);
      await waitFor("the checker", () => driver.executeScript("return window.checker"), Boolean);
      const before = await driver.executeScript(remains);
      const script = "return checker.decode(arguments[0]).then(() => checker.check(arguments[0]))";
      const report = await driver.executeScript(script, nik);
      const outcomes = report.answers.map(({ id, outcome }) => [id, outcome]);
      assert.deepEqual(Object.fromEntries(outcomes), answers);
      assert.deepEqual(await driver.executeScript(remains), before);
      await leave(driver, proxy, address);
      const key = deriveKey(site.catalogue, nik);
      const expected = expectedRequests(site, address, key, FILES);
      assert.deepEqual(audit(proxy, expected, { nik, key }), []);
    });
  }
});

test("ten lists with prefixes of ten lengths are asked for by one prefix", async () => {
  const lengths = [1, 2, 3, 4, 5, 7, 8, 9];
  const more = lengths.map(
    (bits) =>
      `[[dataset]]\nid = "daftar-${bits}"\ntitle = { id = "Daftar" }\ninputs = ["many.txt"]\nprefix_bits = ${bits}`,
  );
  const site = await makeSite(resources, {
    more: more.join("\n\n"),
    files: { "many.txt": niks.many.join("\n") },
  });
  const [nik] = niks.both;
  await widget.open(await site.serve());
  proxy.forget();
  const { articles } = await widget.check(nik);
  assert.deepEqual(
    articles.map(({ outcome }) => outcome),
    Array(10).fill("member"),
  );
  const asked = proxy.urls.map((url) => /data\/([\w-]+)\/\w+\/(\w{4})\.cnk$/.exec(url));
  const bits = (id) => site.dataset(id).prefix_bits;
  // The whole list was fetched before the number was typed.
  assert.deepEqual(asked.map(([, id]) => bits(id)).sort(), [...lengths, PREFIX_BITS].sort());
  const longest = prefixOf(deriveKey(site.catalogue, nik), Math.max(...lengths));
  for (const [, id, prefix] of asked) {
    assert.equal(parseInt(prefix, 16), longest >> (Math.max(...lengths) - bits(id)), id);
  }
});

describe("two numbers with the same prefix, one in the list and one not,", () => {
  let site;
  let member;
  let other;
  before(async () => {
    site = await makeSite(resources);
    [member, other] = samePrefix(site);
  });

  const visit = async (address, nik) => {
    const { answers } = await observedCheck({ widget, proxy, address, nik });
    return {
      answer: answers[SHARDED],
      sent: proxy.requests.map(({ bytes }) => bytes.toString("latin1")),
    };
  };

  test("send the same bytes", async () => {
    const address = await site.serve();
    const [one, two] = [await visit(address, member), await visit(address, other)];
    assert.deepEqual([one.answer, two.answer], ["member", "non_member"]);
    assert.ok(one.sent.length > 0, "the proxy saw nothing");
    assert.deepEqual(one.sent, two.sent);
  });

  test("do not where a page tells the answer by one request more", async () => {
    const address = await leaky(site, TELLS_THE_ANSWER);
    const [one, two] = [await visit(address, member), await visit(address, other)];
    assert.notDeepEqual(one.sent, two.sent);
  });
});

/** Pages that leak. Each gives away the number, or one bit. */
const QUERY = `
  document.getElementById("confirm").addEventListener("click", () => {
    fetch("catalogue.json?visitor=" + document.getElementById("nik").value.replaceAll(" ", ""));
  })`;
const HEADER = `
  document.getElementById("confirm").addEventListener("click", () => {
    fetch("catalogue.json", { headers: { "X-Visitor": btoa("visitor " + document.getElementById("nik").value.replaceAll(" ", "")) } });
  })`;
const BODY = `
  document.getElementById("confirm").addEventListener("click", () => {
    const number = BigInt(document.getElementById("nik").value.replaceAll(" ", ""));
    fetch("catalogue.json", { method: "POST", body: "v=" + number.toString(16) });
  })`;
const BEACON_ON_LEAVING = `
  let typed = "";
  document.getElementById("nik").addEventListener("input", (event) => { typed = event.target.value.replaceAll(" ", ""); });
  addEventListener("pagehide", () => navigator.sendBeacon("catalogue.json", [...typed].reverse().join("-")))`;
const ONE_BIT = `
  {
    const inWorker = \`
      let bit;
      addEventListener("message", ({ data }) => { if (data.typed) bit = data.typed.nik.slice(-1) & 1; });
      const honest = fetch;
      fetch = (url, options) => honest(url.endsWith(".cnk") ? url + "?" + bit : url, options);\`;
    const HonestBlob = Blob;
    Blob = function (parts, options) { return new HonestBlob([inWorker, ...parts], options); };
  }`;
const TELLS_THE_ANSWER = `
  new MutationObserver((_, observer) => {
    if (document.querySelector('[data-dataset="${SHARDED}"][data-outcome=member]')) {
      observer.disconnect();
      fetch("catalogue.json");
    }
  }).observe(document.getElementById("answers"), { childList: true })`;

/** Serves a copy of the site whose widget was changed with permission of its policy. */
async function leaky(site, code) {
  const copy = await site.copy();
  await copy.write(
    "cek-nik.html",
    withPermittedScript((await copy.read("cek-nik.html")).toString(), code),
  );
  return copy.serve();
}

describe("a page that leaks is caught", () => {
  let site;
  before(async () => {
    site = await makeSite(resources);
  });

  const LEAKS = {
    "the number in a query": [QUERY, /^eight or more digits of the number$/],
    "the number in base64 in a header": [HEADER, /^eight or more digits of the number, in base64$/],
    "the number in hexadecimal in a body": [BODY, /^the number in hexadecimal$/],
    "the number reversed, in a beacon when the page is left": [
      BEACON_ON_LEAVING,
      /^eight or more digits of the number, reversed$/,
    ],
    "one bit, in the address of a shard": [ONE_BIT, /^requests: .*\.cnk\?[01]/],
    "the answer, by one request more": [
      TELLS_THE_ANSWER,
      /^requests: .*catalogue\.json .*\.cnk .*catalogue\.json .*; expected/,
    ],
  };

  for (const [name, [code, finding]] of Object.entries(LEAKS)) {
    test(name, async () => {
      const [nik] = niks.both;
      const key = deriveKey(site.catalogue, nik);
      const address = await leaky(site, code);
      const { answers } = await observedCheck({ widget, proxy, address, nik });
      assert.deepEqual(
        answers,
        PEOPLE["in both lists"].answers,
        "the changed page no longer works",
      );
      const findings = audit(proxy, expectedRequests(site, address, key, ["cek-nik.html"]), {
        nik,
        key,
      });
      assert.ok(
        findings.some((text) => finding.test(text)),
        `the audit found only: ${findings.join("; ") || "nothing"}`,
      );
    });
  }
});

/** A number of the sharded list and one of no list that share their prefix. */
function samePrefix({ catalogue }) {
  const prefix = (nik) => prefixOf(deriveKey(catalogue, nik), PREFIX_BITS);
  const members = new Map(niks.sharded.map((nik) => [prefix(nik), nik]));
  const other = niks.none.find((nik) => members.has(prefix(nik)));
  assert.ok(other, "no two of the made-up numbers share a prefix");
  return [members.get(prefix(other)), other];
}
