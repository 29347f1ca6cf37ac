//! Before a number can be typed, the page cuts itself off: from every host but that of the lists, or from all where nothing more is needed.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./support/browser.mjs";
import { openRecordingProxy } from "./support/recording-proxy.mjs";
import { Resources } from "./support/resources.mjs";
import { makeSite, niks, SHARDED, WHOLE } from "./support/site.mjs";
import { summary, Widget } from "./support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

let proxy;
let driver;
let widget;
before(async () => {
  proxy = await openRecordingProxy(resources);
  driver = await openBrowser(resources, { proxy: proxy.port });
  widget = new Widget(driver);
});

/** What the page's own script could try, with `url` to send to. Each is over when it can be told whether anything was sent. */
const ATTEMPTS = {
  "fetch": "await fetch(url, { mode: 'no-cors' }).catch(() => {});",
  "fetch with keepalive": "await fetch(url, { mode: 'no-cors', keepalive: true, method: 'POST', body: '1' }).catch(() => {});",
  "XMLHttpRequest": "const request = new XMLHttpRequest(); request.open('GET', url); await new Promise((done) => { request.onloadend = done; try { request.send(); } catch { done(); } });",
  "a beacon": "navigator.sendBeacon(url, '1');",
  "an image": "await new Promise((done) => { const image = new Image(); image.onload = image.onerror = done; image.src = url; });",
  "a WebSocket": "await new Promise((done) => { try { const socket = new WebSocket(url.replace('http', 'ws')); socket.onopen = socket.onerror = socket.onclose = done; } catch { done(); } });",
  "an EventSource": "await new Promise((done) => { try { const source = new EventSource(url); source.onopen = done; source.onerror = () => { source.close(); done(); }; } catch { done(); } });",
  "a worker that fetches": `
    const code = new Blob(["fetch('" + url + "', { mode: 'no-cors' }).catch(() => {}).then(() => postMessage(0))"], { type: "text/javascript" });
    await new Promise((done) => { const worker = new Worker(URL.createObjectURL(code)); worker.onmessage = worker.onerror = done; });`,
  "a script": "await new Promise((done) => { const script = document.createElement('script'); script.onload = script.onerror = done; script.src = url; document.body.append(script); });",
  "a style sheet": "await new Promise((done) => { const link = document.createElement('link'); link.rel = 'stylesheet'; link.onload = link.onerror = done; link.href = url; document.head.append(link); });",
  "a frame": "const frame = document.createElement('iframe'); await new Promise((done) => { addEventListener('securitypolicyviolation', done, { once: true }); frame.onload = done; frame.src = url; document.body.append(frame); });",
  "a form": "const form = document.createElement('form'); form.action = url; document.body.append(form); await new Promise((done) => { addEventListener('securitypolicyviolation', done, { once: true }); form.submit(); });",
  "a prefetch": "await new Promise((done) => { const link = document.createElement('link'); link.rel = 'prefetch'; link.onload = link.onerror = done; link.href = url; document.head.append(link); });",
  "a sound": "await new Promise((done) => { const sound = new Audio(); sound.onerror = sound.oncanplay = done; sound.src = url; });",
};

const ELSEWHERE = "http://elsewhere.example/?";

/** Two lists, of which one comes in pieces: the page needs its host until the answer. And one list that is whole. */
const SITES = {
  narrow: { lists: undefined, blocked: [ELSEWHERE] },
  cut: { lists: [WHOLE], blocked: [ELSEWHERE, "catalogue.json?"] },
};

for (const [network, { lists, blocked }] of Object.entries(SITES)) {
  describe(`where the network is ${network}`, () => {
    let address;
    before(async () => {
      const site = await makeSite(resources, { lists });
      address = await site.serve();
    });

    test("the page says so, and a check goes by", async () => {
      await widget.open(address);
      assert.equal((await widget.look()).network, network);
      const expected = { [WHOLE]: "member", [SHARDED]: "non_member" };
      const answers = summary(await widget.check(niks.whole[0]));
      assert.deepEqual(answers, lists ? { [WHOLE]: expected[WHOLE] } : expected);
    });

    if (network === "cut") {
      test("nothing is asked of the network by a check", async () => {
        await widget.open(address);
        proxy.forget();
        await widget.check(niks.whole[1]);
        assert.deepEqual(proxy.urls, []);
      });
    }

    test("no connection between browsers can be made", async () => {
      await widget.open(address);
      assert.equal(await driver.executeScript("return typeof RTCPeerConnection"), "undefined");
    });

    for (const [name, attempt] of Object.entries(ATTEMPTS)) {
      test(`stops ${name}`, async () => {
        await widget.open(address);
        proxy.forget();
        for (const url of blocked) {
          await driver.executeScript(`const url = new URL(arguments[0], location.href).href; return (async () => { ${attempt} })();`, url);
        }
        assert.deepEqual(proxy.urls, [], "something was sent");
      });
    }
  });
}

describe("without the lock", () => {
  test("the same attempts get through: what has just found nothing finds what there is", async () => {
    const address = await (await makeSite(resources)).serve();
    await widget.load(address);
    proxy.forget();
    const got = [];
    for (const name of ["fetch", "a beacon", "a worker that fetches"]) {
      await driver.executeScript(`const url = arguments[0]; return (async () => { ${ATTEMPTS[name]} })();`, ELSEWHERE);
      got.push(name);
    }
    await widget.until("all three to be sent", () => proxy.urls.filter((url) => url.includes("elsewhere")).length >= got.length);
  });
});
