//! A newsroom's WordPress: what it makes of the address of a site, and of the plugin.

import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import http from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "../browser/support/browser.mjs";
import { run, serve } from "../browser/support/command.mjs";
import { By, findFreePort } from "../browser/support/deps.mjs";
import { Resources } from "../browser/support/resources.mjs";
import { CHEAP_ARGON2, niks } from "../browser/support/site.mjs";
import { waitFor } from "../browser/support/wait.mjs";
import { Post, SCREENS } from "./support/post.mjs";
import { openWordPress } from "./support/wordpress.mjs";

const THEMES = ["twentytwentyone", "twentytwentytwo", "twentytwentythree"];
const USERS = ["administrator", "author", "contributor"];

const resources = new Resources();
after(() => resources.close());

/** A site with this public address. `settings` follow it: `#lang=en`. */
async function siteAt(address, settings = "") {
  const directory = await resources.directory();
  await writeFile(join(directory, "list.txt"), niks.whole.join("\n"));
  const site = address ? `site = "${address}${settings}"` : "";
  const description = `${site}\nargon2 = "${CHEAP_ARGON2}"\n[publisher]\nname = "Redaksi contoh"\n[[dataset]]\nid = "daftar"\ninputs = ["list.txt"]\n`;
  await writeFile(join(directory, "catalogue.toml"), description);
  await run(["build", "--out", join(directory, "site"), join(directory, "catalogue.toml")]);
  return join(directory, "site");
}

let site;
let wordpress;
let driver;
let post;
before(async () => {
  const port = await findFreePort();
  site = `http://127.0.0.1:${port}/`;
  const directory = await siteAt(site);
  [wordpress, driver] = await Promise.all([
    openWordPress(resources),
    openBrowser(resources),
    serve(directory, resources, port),
  ]);
  await wordpress.allowPort(port);
  post = new Post(driver);
});

const paragraph = (text) => `<!-- wp:paragraph -->\n<p>${text}</p>\n<!-- /wp:paragraph -->`;
const around = (content) => [paragraph("Sebelum."), content, paragraph("Sesudah.")].join("\n\n");

/** As the block editor writes it. */
const embedBlock = (url) =>
  `<!-- wp:embed {"url":"${url}","type":"rich"} -->\n<figure class="wp-block-embed is-type-rich"><div class="wp-block-embed__wrapper">\n${url}\n</div></figure>\n<!-- /wp:embed -->`;
const htmlBlock = (html) => `<!-- wp:html -->\n${html}\n<!-- /wp:html -->`;
const snippet = () =>
  htmlBlock(
    `<script src="${site}embed.js" async referrerpolicy="no-referrer"></script>\n<cek-nik><a href="${site}cek-nik.html" rel="noreferrer">Periksa NIK Anda tanpa mengirim nomornya</a></cek-nik>`,
  );
const plainFrame = () =>
  htmlBlock(
    `<iframe src="${site}cek-nik.html#lang=id" title="Cek NIK" sandbox="allow-scripts" referrerpolicy="no-referrer" loading="lazy" style="display: block; width: 100%; height: 640px; border: 0"></iframe>`,
  );

const WAYS = {
  "an address on a line of its own": () => site,
  "the block Embed": () => embedBlock(site),
  "[embed]": () => `[embed]${site}[/embed]`,
};

const outcomes = ({ articles }) => articles.map(({ outcome }) => outcome);

/** One post for each way and user, shown in all themes and on all screens. */
async function isShownEverywhere(written) {
  for (const theme of THEMES) {
    await wordpress.theme(theme);
    for (const [name, screen] of Object.entries(SCREENS)) {
      for (const [way, { address }] of Object.entries(written)) {
        await post.open(address, screen);
        await post.isWellPlaced().catch((error) => {
          error.message = `${way}, ${theme}, ${name}: ${error.message}`;
          throw error;
        });
      }
    }
  }
}

async function reachesAnAnswer({ address }) {
  for (const [screen, nik, outcome] of [
    [SCREENS.phone, niks.whole[0], "member"],
    [SCREENS.computer, niks.none[0], "non_member"],
  ]) {
    await post.open(address, screen);
    await post.isWellPlaced();
    assert.deepEqual(outcomes(await post.check(nik)), [outcome]);
  }
}

test("the description of a site is there if the site names its address", async () => {
  const { html, ...answer } = await (await fetch(`${site}oembed.json`)).json();
  assert.deepEqual(answer, {
    version: "1.0",
    type: "rich",
    title: "Cek NIK",
    provider_name: "Redaksi contoh",
    provider_url: site,
    width: 600,
    height: 640,
  });
  assert.match(html, /<iframe sandbox="allow-scripts" referrerpolicy="no-referrer" loading="lazy"/);
  const unnamed = await serve(await siteAt(), resources);
  assert.doesNotMatch(await (await fetch(unnamed)).text(), /oembed/);
  assert.equal((await fetch(`${unnamed}oembed.json`)).status, 404);
});

describe("without the plugin", () => {
  for (const [way, content] of Object.entries(WAYS)) {
    test(`${way} fills its column and hears its height`, async () => {
      const written = {};
      for (const user of USERS) {
        written[user] = await wordpress.post(user, around(content()));
      }
      await isShownEverywhere(written);
      await reachesAnAnswer(written.author);
    });
  }

  test("the frame has a sandbox, and nothing else that was forbidden to it", async () => {
    const { address } = await wordpress.post("author", around(site));
    await post.open(address, SCREENS.phone);
    const attributes = await driver.executeScript(
      (frame) => Object.fromEntries([...frame.attributes].map(({ name, value }) => [name, value])),
      post.frame,
    );
    const secret = attributes["data-secret"];
    assert.match(secret, /^[a-z\d]{10}$/i);
    await post.isWellPlaced();
    delete attributes.style;
    delete attributes.height;
    assert.deepEqual(attributes, {
      class: "wp-embedded-content",
      sandbox: "allow-scripts",
      security: "restricted",
      src: `${site}cek-nik.html#?secret=${secret}`,
      "data-secret": secret,
      title: "Cek NIK",
      width: "100%",
      frameborder: "0",
    });
  });

  test("the widget answers a script of WordPress that comes late, and nobody else", async () => {
    const { address } = await wordpress.post("author", around(site));
    await post.open(address, SCREENS.phone);
    await post.isWellPlaced();
    const heard = await driver.executeAsyncScript((frame, done) => {
      const messages = [];
      addEventListener("message", ({ data }) => {
        if (data?.message === "height") {
          messages.push(data.secret);
          // In their order: an answer to the first would have come before.
          done([messages, frame.dataset.secret]);
        }
      });
      for (const secret of ["other", frame.dataset.secret]) {
        frame.contentWindow.postMessage({ message: "ready", secret }, "*");
      }
    }, post.frame);
    assert.deepEqual(heard[0], [heard[1]]);

    await post.check(niks.none[1]);
    await driver.switchTo().frame(post.frame);
    await driver.executeScript(() =>
      addEventListener("message", ({ data }) => {
        window.arrived = data?.message;
      }),
    );
    await driver.switchTo().defaultContent();
    await driver.executeScript((frame) => {
      window.answers = [];
      addEventListener("message", ({ source, data }) => {
        if (source === frame.contentWindow) {
          answers.push(data);
        }
      });
      frame.contentWindow.postMessage({ message: "ready", secret: frame.dataset.secret }, "*");
    }, post.frame);
    await waitFor("the question", () => post.inside("return window.arrived"), Boolean);
    const answers = await driver.executeScript("return answers");
    assert.deepEqual(answers, [], "after the start, an answer would tell how busy the page is");
  });

  test("the link is there where the frame is not shown", async () => {
    const { address } = await wordpress.post("author", around(site));
    const html = await (await fetch(address)).text();
    const [, link] = /<blockquote class="wp-embedded-content"[^>]*>(.*?)<\/blockquote>/.exec(html);
    assert.equal(link, `<a href="${site}">Periksa NIK Anda tanpa mengirim nomornya</a>`);
  });

  test("only with the right to write HTML the snippet and the frame are kept", async () => {
    const written = {};
    for (const [name, content] of Object.entries({ snippet: snippet(), frame: plainFrame() })) {
      for (const user of USERS) {
        written[`${name} of ${user}`] = (await wordpress.post(user, around(content))).kept;
      }
    }
    for (const user of ["author", "contributor"]) {
      assert.doesNotMatch(written[`snippet of ${user}`], /<script|<cek-nik/);
      assert.match(
        written[`snippet of ${user}`],
        new RegExp(`<a href="${site}cek-nik.html" rel="noreferrer">Periksa NIK Anda`),
      );
      assert.doesNotMatch(written[`frame of ${user}`], /<iframe/);
    }
    assert.match(written["snippet of administrator"], /<script.*referrerpolicy.*<cek-nik>/s);
    assert.match(written["frame of administrator"], /sandbox="allow-scripts" referrerpolicy/);
  });

  test("the snippet of an administrator fills its column", async () => {
    const written = { snippet: await wordpress.post("administrator", around(snippet())) };
    await isShownEverywhere(written);
    await reachesAnAnswer(written.snippet);
  });

  test("the address of the widget is no embed", async () => {
    const { address } = await wordpress.post("author", around(`${site}cek-nik.html`));
    const html = await (await fetch(address)).text();
    assert.ok(html.includes(`\n${site}cek-nik.html\n`), "not even a link");
    assert.ok(!html.includes("<iframe"));
  });
});

describe("the block editor", () => {
  test("shows the widget in the block Embed, and its post fills the column", async () => {
    await wordpress.theme("twentytwentythree");
    await newPost("author");
    await insert(
      `wp.blocks.createBlock("core/paragraph", { content: "Sebelum." })`,
      `wp.blocks.createBlock("core/embed", { url: ${JSON.stringify(site)} })`,
    );
    await waitFor(
      "the preview",
      () =>
        driver.executeScript(() => {
          const frame =
            document.querySelector(".wp-block-embed iframe") ??
            document
              .querySelector("iframe[name=editor-canvas]")
              ?.contentDocument.querySelector(".wp-block-embed iframe");
          return frame && frame.getBoundingClientRect().height > 100;
        }),
      Boolean,
    );
    const address = await publish();
    await post.open(address, SCREENS.phone);
    await post.isWellPlaced();
    assert.deepEqual(outcomes(await post.check(niks.whole[1])), ["member"]);
  });
});

describe("a host that does not name its address", () => {
  test("leaves the address as a link, and naming it later mends new posts only", async () => {
    const port = await findFreePort();
    const directory = await siteAt();
    const upstream = await serve(directory, resources);
    let described;
    const server = http.createServer(async ({ url }, response) => {
      const answer = await fetch(new URL(url, described ?? upstream));
      response.writeHead(answer.status, { "Content-Type": answer.headers.get("content-type") });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    resources.defer(() => {
      server.closeAllConnections();
      server.close();
    });
    await wordpress.allowPort(port);
    const address = `http://127.0.0.1:${port}/`;
    const written = await wordpress.post("author", around(address));
    const hasFrame = async () => (await (await fetch(written.address)).text()).includes("<iframe");
    assert.equal(await hasFrame(), false);

    described = await serve(await siteAt(address, "#theme=light&lang=en"), resources);
    assert.equal(await hasFrame(), false, "WordPress remembers the failure");
    await wordpress.rest("author", `posts/${written.id}`, {
      content: around(`${address}\n\n${address}`),
    });
    assert.equal(await hasFrame(), false, "even if the post is saved again");

    const again = await wordpress.post("author", around(address));
    const html = await (await fetch(again.address)).text();
    assert.match(html, new RegExp(`${address}cek-nik.html#lang=en&#038;theme=light#\\?secret=`));
  });
});

describe("the plugin", () => {
  before(() => wordpress.activatePlugin());

  test("shows nothing to readers before it is set", async () => {
    const { address } = await wordpress.post("author", around("[cek-nik]"));
    const html = await (await fetch(address)).text();
    assert.ok(!html.includes("cek-nik:") && !html.includes("<cek-nik"));
  });

  test("refuses what is no site of cek-nik, and keeps one that is", async () => {
    await wordpress.signIn(driver, "administrator");
    assert.match(await save("http://cek.example.org/"), /https:\/\//);
    assert.match(await save(`${wordpress.address}`), /catalogue\.json/);
    assert.equal(await saved(), "");
    await save(`${site}cek-nik.html`);
    assert.equal(await saved(), site);
    assert.match(await save(`${wordpress.address}`), /catalogue\.json/);
    assert.equal(await saved(), site, "the old one stays");
  });

  test("speaks English to users who have set it", async () => {
    await wordpress.run("update_option('WPLANG', 'id_ID');");
    await driver.get(`${wordpress.address}wp-admin/options-general.php?page=cek-nik`);
    assert.match(await text("form"), /Alamat situs cek-nik/);
    await wordpress.run("update_option('WPLANG', '');");
    await driver.get(`${wordpress.address}wp-admin/options-general.php?page=cek-nik`);
    assert.match(await text("form"), /Address of the cek-nik site/);
  });

  test("is set by administrators only", async () => {
    await wordpress.signIn(driver, "author");
    await driver.get(`${wordpress.address}wp-admin/options-general.php?page=cek-nik`);
    assert.equal((await driver.findElements(By.id("cek-nik-address"))).length, 0);
  });

  const OWN_WAYS = {
    ...WAYS,
    "the address of the widget": () => `${site}cek-nik.html`,
    "the shortcode": () => "[cek-nik]",
    "the block": () => "<!-- wp:cek-nik/widget /-->",
  };
  test("as an author, every way fills its column and reaches an answer", async () => {
    const written = {};
    for (const [way, content] of Object.entries(OWN_WAYS)) {
      written[way] = await wordpress.post("author", around(content()));
    }
    await isShownEverywhere(written);
    for (const way of ["an address on a line of its own", "the shortcode", "the block"]) {
      await reachesAnAnswer(written[way]);
    }
  });

  test("as a contributor too", async () => {
    const written = await wordpress.post("contributor", around("<!-- wp:cek-nik/widget /-->"));
    await reachesAnAnswer(written);
  });

  test("its element has a link inside, and its script sends no referrer", async () => {
    const { address } = await wordpress.post("author", around(site));
    const html = await (await fetch(address)).text();
    assert.ok(
      html.includes(
        `<cek-nik><a href="${site}cek-nik.html" rel="noreferrer">Periksa NIK Anda tanpa mengirim nomornya</a></cek-nik>`,
      ),
    );
    const scripts = html.match(/<script[^>]*embed\.js[^>]*>/g);
    assert.equal(scripts.length, 1);
    assert.match(scripts[0], / async referrerpolicy="no-referrer" src=['"][^'"]*\/embed\.js['"]/);
    await wordpress.theme("twentytwentythree");
    const excerpts = await (await fetch(wordpress.address)).text();
    assert.doesNotMatch(excerpts, /embed\.js|<cek-nik/, "excerpts need no script");
  });

  test("an author's attributes are checked and escaped", async () => {
    const shown = async (content) => {
      const { address } = await wordpress.post("author", around(content));
      return /<cek-nik[^>]*>/.exec(await (await fetch(address)).text())[0];
    };
    assert.equal(
      await shown(`[cek-nik lang="en" theme="dark" dataset="daftar lain"]`),
      `<cek-nik lang="en" theme="dark" dataset="daftar lain">`,
    );
    assert.equal(await shown(`[cek-nik lang="fr" theme='"><b' dataset="../x"]`), "<cek-nik>");
    const block = JSON.stringify({ lang: "en", theme: `"onload="`, dataset: ["a"] });
    assert.equal(await shown(`<!-- wp:cek-nik/widget ${block} /-->`), `<cek-nik lang="en">`);
  });

  test("its block is in the editor, with its choices", async () => {
    await wordpress.theme("twentytwentytwo");
    await newPost("author");
    await insert(
      `wp.blocks.createBlock("core/paragraph", { content: "Sebelum." })`,
      `wp.blocks.createBlock("cek-nik/widget", { theme: "dark" })`,
    );
    await waitFor(
      "the block",
      () =>
        driver.executeScript(
          () =>
            (
              document.querySelector("iframe[name=editor-canvas]")?.contentDocument ?? document
            ).querySelector("[data-type='cek-nik/widget']")?.innerText,
        ),
      (shown) => /checker appears here/.test(shown ?? ""),
    );
    const address = await publish();
    await post.open(address, SCREENS.phone);
    await post.isWellPlaced();
    assert.equal(await post.inside("return document.documentElement.dataset.theme"), "dark");
    assert.deepEqual(outcomes(await post.check(niks.whole[2])), ["member"]);
  });

  test("gives readers of the feed the link, and PHP nothing to complain about", async () => {
    const feed = await (await fetch(`${wordpress.address}?feed=rss2`)).text();
    assert.match(feed, /Periksa NIK Anda tanpa mengirim nomornya<\/a><\/cek-nik>/);
    assert.deepEqual(await wordpress.complaints(), []);
  });
});

const text = async (selector) => (await driver.findElement(By.css(selector))).getText();

/** Saves an address on the page of the settings. Gives what the page says then. */
async function save(address) {
  await driver.get(`${wordpress.address}wp-admin/options-general.php?page=cek-nik`);
  await driver.executeScript((value) => {
    document.getElementById("cek-nik-address").value = value;
    window.isBefore = true;
  }, address);
  await driver.findElement(By.id("submit")).click();
  // The click may return before the page that says so is there.
  const said = () =>
    driver.executeScript(
      () =>
        !window.isBefore &&
        document.querySelector(".notice, #setting-error-address, .settings-error")?.innerText,
    );
  return waitFor("what the page says", () => said().catch(() => ""), Boolean);
}

const saved = () => wordpress.run("echo get_option('cek_nik')['address'] ?? '';");

async function newPost(user) {
  await driver.sendDevToolsCommand("Emulation.clearDeviceMetricsOverride", {});
  await wordpress.signIn(driver, user);
  await driver.get(`${wordpress.address}wp-admin/post-new.php`);
  await waitFor(
    "the editor",
    () =>
      driver.executeScript(
        () =>
          !!window.wp?.data?.select("core/editor")?.getCurrentPost()?.id &&
          !!window.wp.data.select("core/block-editor"),
      ),
    Boolean,
  );
}

const insert = (...blocks) =>
  driver.executeScript(`wp.data.dispatch("core/block-editor").resetBlocks([${blocks.join(", ")}])`);

/** Publishes the post that is open in the editor. Gives its address. */
async function publish() {
  await driver.executeAsyncScript(`
    const done = arguments[arguments.length - 1];
    const { editPost, savePost } = wp.data.dispatch("core/editor");
    editPost({ title: "Dari editor", status: "publish", comment_status: "closed" });
    savePost().then(done, (error) => done(String(error)));
  `);
  return driver.executeScript(
    `return "${wordpress.address}?p=" + wp.data.select("core/editor").getCurrentPostId()`,
  );
}
