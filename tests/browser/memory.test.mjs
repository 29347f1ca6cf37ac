//! After a reading and after a check, before the worker is terminated, the memory of its module has
//! nothing of the number, the key or the name. The test searches every byte of it, in the module and
//! the worker that are published.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { withPermittedScript } from "./support/changed-page.mjs";
import { deriveKey } from "./support/key.mjs";
import { addressOf, offlinePage, OfflineWidget, putOffline } from "./support/offline.mjs";
import { packOf } from "./support/pack.mjs";
import { Resources } from "./support/resources.mjs";
import { DEFAULT_ARGON2, makeSite, NAME, niks } from "./support/site.mjs";
import { Widget } from "./support/widget.mjs";

/** So many digits of the number, or bytes of its key, in a row do not occur by chance. */
const TELLING = 8;

const resources = new Resources();
let driver;
before(async () => {
  driver = await openBrowser(resources);
});
after(() => resources.close());

/**
 * Code that copies the worker's memory to the page before each reading and each report. `leave` is
 * code that runs in the worker before that.
 */
const copyMemory = (leave = "") => `
  {
    const inWorker = \`
      let memory, typed;
      const HonestInstance = WebAssembly.Instance;
      WebAssembly.Instance = function (module, imports) {
        const instance = new HonestInstance(module, imports);
        memory = Object.values(instance.exports).find((one) => one instanceof WebAssembly.Memory);
        return instance;
      };
      addEventListener("message", ({ data }) => { typed = data.typed; });
      const honest = postMessage;
      postMessage = (message) => {
        if (["decoded", "report"].includes(message.kind)) {
          ${leave}
          honest({ memory: memory.buffer.slice(0) });
        }
        honest(message);
      };\`;
    const HonestBlob = Blob;
    Blob = function (parts, options) {
      const isWorker = options?.type === "text/javascript";
      return new HonestBlob(isWorker ? [inWorker, ...parts] : parts, options);
    };
    globalThis.memories = [];
    const HonestWorker = Worker;
    Worker = function (url) {
      const worker = new HonestWorker(url);
      worker.addEventListener("message", (event) => {
        if (event.data.memory) {
          globalThis.memories.push(new Uint8Array(event.data.memory));
          event.stopImmediatePropagation();
        }
      });
      return worker;
    };
  }`;

/** The names of the needles, lists of bytes, that each memory contains. Runs inside the page. */
function search(needles) {
  const holds = (memory, [first, ...rest]) => {
    for (let at = memory.indexOf(first); at >= 0; at = memory.indexOf(first, at + 1)) {
      if (rest.every((byte, index) => memory[at + 1 + index] === byte)) {
        return true;
      }
    }
    return false;
  };
  return globalThis.memories.map((memory) =>
    Object.keys(needles).filter((name) => needles[name].some((needle) => holds(memory, needle))),
  );
}

function windows(bytes) {
  const starts = Array.from({ length: bytes.length - TELLING + 1 }, (_, start) => start);
  return starts.map((start) => [...bytes.subarray(start, start + TELLING)]);
}

function found({ nik, key, word }) {
  const needles = {
    number: windows(Buffer.from(nik)),
    key: windows(key),
    ...(word && { name: [[...Buffer.from(word)]] }),
    // Always there: proves that the search searches.
    regions: [[...Buffer.from("Banda Aceh")]],
  };
  return driver.executeScript(`return (${search})(arguments[0])`, needles);
}

/** Asserts what the memory contains after each reading and after the report. */
async function assertFound(person, expected) {
  const memories = await found(person);
  // A number may be read several times while it is typed.
  assert.ok(memories.length >= 2, `${memories.length} memories`);
  for (const memory of memories) {
    assert.deepEqual(memory, expected);
  }
}

const PEOPLE = {
  "of a number": {},
  "of a number with characters that are not ASCII": {
    written: (nik) => `${nik}\u200e`,
  },
  "of a number and a name": { name: NAME },
};

describe("after a check against a host, the memory has nothing", () => {
  for (const [what, { written = (nik) => nik, name }] of Object.entries(PEOPLE)) {
    test(what, async () => {
      const { widget, key, nik } = await visit(copyMemory(), name);
      const { state } = await widget.check(written(nik), name?.typed);
      assert.equal(state, "answered");
      await assertFound({ nik, key, word: name?.word }, ["regions"]);
    });
  }
});

test("after a check against a pack, the memory has nothing of a number and a name", async () => {
  const site = await makeSite(resources, { argon2: DEFAULT_ARGON2, locked: true, few: true });
  const directory = await putOffline(resources, {
    page: withPermittedScript(offlinePage, copyMemory()),
  });
  const path = join(directory, "a.cnkpack");
  await writeFile(path, packOf(site).bytes);
  const widget = new OfflineWidget(driver);
  await widget.visit(addressOf(directory));
  await widget.choose(path);
  const [nik] = niks.both;
  const { state } = await widget.check(nik, NAME.typed);
  assert.equal(state, "answered");
  const key = deriveKey(site.catalogue, nik, NAME.word);
  await assertFound({ nik, key, word: NAME.word }, ["regions"]);
});

test("finds a number that is left in the memory", async () => {
  const leave = `
    const left = new TextEncoder().encode(typed.nik);
    memory.grow(1);
    new Uint8Array(memory.buffer).set(left, memory.buffer.byteLength - left.length);`;
  const { widget, key, nik } = await visit(copyMemory(leave));
  await widget.check(nik);
  await assertFound({ nik, key }, ["number", "regions"]);
});

/** Opens a site with a widget that runs `code` first. */
async function visit(code, name) {
  const shared = await makeSite(resources, {
    argon2: DEFAULT_ARGON2,
    locked: name !== undefined,
    few: true,
  });
  const site = await shared.copy();
  const page = await site.read("cek-nik.html");
  await site.write("cek-nik.html", withPermittedScript(page.toString(), code));
  const widget = new Widget(driver);
  await widget.open(await site.serve());
  const [nik] = niks.both;
  return { widget, nik, key: deriveKey(site.catalogue, nik, name?.word) };
}
