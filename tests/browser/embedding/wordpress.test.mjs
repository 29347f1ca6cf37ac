//! WordPress, after an author has put the site's address on a line of its own.
//!
//! The relevant parts of `WP_oEmbed::discover`, `wp_filter_oembed_result` and wp-embed.js of
//! https://github.com/WordPress/WordPress are written here again.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "../support/browser.mjs";
import { run } from "../support/command.mjs";
import { openPublisher, page, standIn, until } from "../support/embedding.mjs";
import { openHostileHost } from "../support/hostile-host.mjs";
import { Resources } from "../support/resources.mjs";
import { CHEAP_ARGON2, makeSite, niks } from "../support/site.mjs";
import { Widget } from "../support/widget.mjs";

const resources = new Resources();
after(() => resources.close());

const KEPT = [
  "src",
  "width",
  "height",
  "frameborder",
  "marginwidth",
  "marginheight",
  "scrolling",
  "title",
];
const SECRET = "aB3dE6gH9j";

/** Builds a site with this public address, which is known only at run time. */
async function describedSite(address) {
  const directory = await resources.directory();
  await writeFile(join(directory, "list.txt"), niks.whole.join("\n"));
  const description = `site = "${address}"\nargon2 = "${CHEAP_ARGON2}"\n[publisher]\nname = "Redaksi contoh"\n[[dataset]]\nid = "daftar"\ninputs = ["list.txt"]\n`;
  await writeFile(join(directory, "catalogue.toml"), description);
  const site = join(directory, "site");
  await run(["build", "--out", site, join(directory, "catalogue.toml")]);
  return site;
}

/** `WP_oEmbed::discover`: the first link of the type in the head of the page. */
function discover(html) {
  const head = html.slice(0, html.toLowerCase().indexOf("</head>"));
  const links = [...head.matchAll(/<link([^<>]+)\/?>/gi)].map(([, link]) =>
    Object.fromEntries(
      [...link.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    ),
  );
  return links.find(({ type, href }) => type === "application/json+oembed" && href)?.href;
}

/** `wp_filter_oembed_result`, for a response without a blockquote. */
function filtered({ type, html }, secret) {
  assert.equal(type, "rich");
  const [, tag] = /(<iframe.*?><\/iframe>)/s.exec(html);
  const kept = [...tag.matchAll(/ ([\w-]+)="([^"]*)"/g)]
    .filter(([, name]) => KEPT.includes(name))
    .map(([, name, value]) => [name, value]);
  const attributes = Object.fromEntries(kept);
  attributes.src += `#?secret=${secret}`;
  const text = Object.entries({ ...attributes, "data-secret": secret })
    .map(([name, value]) => ` ${name}="${value}"`)
    .join("");
  return `<iframe class="wp-embedded-content" sandbox="allow-scripts" security="restricted"${text}></iframe>`;
}

/** What wp-embed.js does with a message, and the message that it sends when it is ready. */
const WP_EMBED = `<script>
  addEventListener("message", ({ source, data }) => {
    if (!data || !(data.secret || data.message || data.value) || /[^a-zA-Z0-9]/.test(data.secret)) return;
    for (const frame of document.querySelectorAll('iframe[data-secret="' + data.secret + '"]')) {
      if (source === frame.contentWindow && data.message === "height") {
        const height = parseInt(data.value, 10);
        frame.height = height > 1000 ? 1000 : ~~height < 200 ? 200 : height;
      }
    }
  });
  const greet = () => {
    for (const frame of document.querySelectorAll("iframe.wp-embedded-content")) {
      frame.contentWindow.postMessage({ message: "ready", secret: frame.dataset.secret }, "*");
    }
  };
</script>`;

const host = await openHostileHost(
  await (await standIn(await makeSite(resources))).serve(),
  resources,
);
const read = (directory, name) => readFile(join(directory, name), "utf8");
const frame = filtered(
  JSON.parse(await read(await describedSite(host.address), "oembed.json")),
  SECRET,
);

let driver;
let publisher;
before(async () => {
  driver = await openBrowser(resources);
  publisher = await openPublisher(resources, {
    "/early": page(`${WP_EMBED}${frame}`),
    "/late": page(frame),
  });
});

describe("the description of a site that names its address", () => {
  test("is found and understood", async () => {
    const site = await describedSite("https://cek.example.org");
    const href = discover(await read(site, "index.html"));
    assert.equal(href, "https://cek.example.org/oembed.json");
    const { html, ...answer } = JSON.parse(await read(site, "oembed.json"));
    assert.deepEqual(answer, {
      version: "1.0",
      type: "rich",
      title: "Cek NIK",
      provider_name: "Redaksi contoh",
      provider_url: "https://cek.example.org/",
      width: 600,
      height: 640,
    });
    assert.equal(
      filtered({ type: "rich", html }, SECRET),
      `<iframe class="wp-embedded-content" sandbox="allow-scripts" security="restricted" src="https://cek.example.org/cek-nik.html#?secret=${SECRET}" title="Cek NIK" width="600" height="640" frameborder="0" data-secret="${SECRET}"></iframe>`,
    );
  });

  test("is not there where the address is not known", async () => {
    const site = await makeSite(resources);
    assert.equal(discover((await site.read("index.html")).toString()), undefined);
    await assert.rejects(site.read("oembed.json"), { code: "ENOENT" });
  });
});

const height = "return Number(document.querySelector('iframe').height)";

async function tell(value) {
  await driver.switchTo().frame(0);
  await driver.executeScript(`tellFrame(${value})`);
  await driver.switchTo().defaultContent();
}

test("the height is heard, and kept within what WordPress allows", async () => {
  await driver.get(`${publisher}/early`);
  await until(driver, "the height", height, (value) => value === 432);
  for (const [value, shown] of [
    [5000, 1000],
    [20, 200],
    [640, 640],
  ]) {
    await tell(value);
    await until(driver, `the height of ${shown}`, height, (now) => now === shown);
  }
});

test("a script of WordPress that comes later is told again", async () => {
  await driver.get(`${publisher}/late`);
  await driver.executeScript(
    `(0, eval)(arguments[0])`,
    WP_EMBED.replace(/<\/?script>/g, "").replace("const greet", "greet"),
  );
  assert.equal(await driver.executeScript(height), 640);
  await driver.executeScript(
    "document.querySelector('iframe').contentWindow.postMessage({ message: 'ready', secret: 'other' }, '*')",
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await driver.executeScript(height), 640, "another secret was answered");
  await driver.executeScript("greet()");
  await until(driver, "the height", height, (value) => value === 432);
});

test("the widget works with the attributes that WordPress leaves", async () => {
  const site = await (await makeSite(resources)).serve();
  await driver.get(
    await openPublisher(resources, { "/": page(frame.replace(host.address, site)) }),
  );
  const widget = new Widget(driver);
  await widget.enterFrame();
  const { articles } = await widget.check(niks.none[0]);
  assert.deepEqual(
    articles.map(({ outcome }) => outcome),
    ["non_member", "non_member"],
  );
});
