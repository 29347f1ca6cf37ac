//! What hosts send that use the header files of a site.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "../browser/support/browser.mjs";
import { enter, openPublisher, page } from "../browser/support/embedding.mjs";
import { Resources } from "../browser/support/resources.mjs";
import { makeSite, niks, SHARDED, WHOLE } from "../browser/support/site.mjs";
import { Widget } from "../browser/support/widget.mjs";
import { nginxSays, openApache, openCaddy, openNginx, publish } from "./servers.mjs";

const resources = new Resources();
after(() => resources.close());

const site = await publish(resources, (await makeSite(resources)).directory);
const catalogue = JSON.parse(await readFile(join(site, "catalogue.json"), "utf8"));
const shardOf = ({ id, root }) => `data/${id}/${root}/0000.cnk`;
const SHARD = shardOf(catalogue.datasets.find(({ id }) => id === WHOLE));

const NO_CACHE = "no-cache";
const JAVASCRIPT = /^(application|text)\/javascript(; ?charset=utf-8)?$/i;
const HTML = /^text\/html; ?charset=utf-8$/i;

/** For each file the type, the caching, whether it is compressed, and whether it is the widget. */
const FILES = [
  { path: "", type: HTML, cache: NO_CACHE, gzip: true },
  {
    path: "cek-nik.html",
    type: HTML,
    cache: NO_CACHE,
    gzip: true,
    embedder: "credentialless",
    integrity: "blocked-destinations=(script)",
  },
  { path: "cek-nik-offline.html", type: HTML, cache: NO_CACHE, gzip: true },
  { path: "catalogue.json", type: /^application\/json/, cache: NO_CACHE },
  { path: "embed.js", type: JAVASCRIPT, cache: NO_CACHE, gzip: true },
  { path: "sw.js", type: JAVASCRIPT, cache: NO_CACHE, gzip: true },
  { path: "manifest.webmanifest", type: /^application\/manifest\+json/, cache: NO_CACHE },
  { path: "icon-192.png", type: /^image\/png$/, cache: NO_CACHE, gzip: false },
  {
    path: SHARD,
    type: /^application\/octet-stream$/,
    cache: "public, max-age=31536000, immutable",
    gzip: false,
  },
];

/** A request as a browser makes it. `fetch` hides the compression. */
async function get(address, headers = {}) {
  const request = http.get(address, {
    headers: { Origin: "null", "Accept-Encoding": "gzip, deflate, br", ...headers },
    agent: false,
  });
  const [response] = await once(request, "response");
  const pieces = [];
  for await (const piece of response) {
    pieces.push(piece);
  }
  const bytes = Buffer.concat(pieces);
  const gzip = response.headers["content-encoding"] === "gzip";
  return {
    status: response.statusCode,
    headers: response.headers,
    gzip,
    bytes: gzip ? gunzipSync(bytes) : bytes,
  };
}

async function sendsWhatReadersNeed(host) {
  for (const { path, type, cache, gzip, embedder, integrity } of FILES) {
    const { status, headers, bytes, ...found } = await get(host + path);
    assert.equal(status, 200, path);
    assert.deepEqual(
      {
        origin: headers["access-control-allow-origin"],
        resource: headers["cross-origin-resource-policy"],
        sniff: headers["x-content-type-options"],
        referrer: headers["referrer-policy"],
        cache: headers["cache-control"],
        embedder: headers["cross-origin-embedder-policy"],
        integrity: headers["integrity-policy"],
        frames: headers["x-frame-options"],
      },
      {
        origin: "*",
        resource: "cross-origin",
        sniff: "nosniff",
        referrer: "no-referrer",
        cache,
        embedder,
        integrity,
        frames: undefined,
      },
      path,
    );
    assert.match(headers["content-type"], type, path);
    assert.deepEqual(bytes, await readFile(join(site, path || "index.html")), path);
    if (gzip !== undefined) {
      assert.equal(found.gzip, gzip, `${path} compressed`);
    }
    const again = await get(host + path, { "If-None-Match": headers.etag });
    assert.equal(again.status, 304, `${path} is still current`);
    assert.notEqual((await get(host + path, { "If-None-Match": '"other"' })).status, 304);
  }
  // A missing shard must be readable as such.
  const missing = await get(`${host}data/none.cnk`);
  assert.equal(missing.status, 404);
}

let driver;
before(async () => {
  driver = await openBrowser(resources);
});

/** In a frame of another site, which has an opaque origin. */
async function widgetAnswers(host) {
  await driver.get(
    await openPublisher(resources, {
      "/": page(`<script src="${host}embed.js" async></script><cek-nik></cek-nik>`),
    }),
  );
  await enter(driver);
  const widget = new Widget(driver);
  await widget.ready();
  const { articles } = await widget.check(niks.sharded[0]);
  assert.deepEqual(Object.fromEntries(articles.map(({ dataset, outcome }) => [dataset, outcome])), {
    [WHOLE]: "non_member",
    [SHARDED]: "member",
  });
}

const HSTS = "max-age=63072000";

describe("nginx", () => {
  test("sends what readers need", async () => {
    const host = await openNginx(resources, site);
    await sendsWhatReadersNeed(host);
    await widgetAnswers(host);
  });

  test("takes the file beside the location of Debian's default site", async () => {
    const debian = "location / { try_files $uri $uri/ =404; }";
    const host = await openNginx(resources, site, { server: debian });
    await sendsWhatReadersNeed(host);
  });

  test("keeps the headers of the server block for every file, and drops those around it", async () => {
    const host = await openNginx(resources, site, {
      server: `add_header Strict-Transport-Security "${HSTS}" always;`,
      http: `gzip on; add_header X-Frame-Options "SAMEORIGIN" always;`,
    });
    await sendsWhatReadersNeed(host);
    for (const { path } of FILES) {
      const { headers } = await get(host + path);
      assert.equal(headers["strict-transport-security"], HSTS, path);
    }
  });

  test("allows settings of its own beside the file", async () => {
    const own = "gzip on; gzip_types text/css application/json; charset utf-8; access_log off;";
    await sendsWhatReadersNeed(await openNginx(resources, site, { server: own }));
  });

  test("refuses the file in conf.d, and says so", async () => {
    const said = await nginxSays(resources, `http { include ${site}/nginx.conf; }`);
    assert.match(said, /"set" directive is not allowed here/);
  });
});

describe("Apache", () => {
  test("sends what readers need", async () => {
    const host = await openApache(resources, site);
    await sendsWhatReadersNeed(host);
    await widgetAnswers(host);
  });

  test("says that mod_headers is missing, instead of a site that can check nothing", async () => {
    const host = await openApache(resources, site, { headers: false });
    assert.equal((await get(host)).status, 500);
  });

  test("lets newsrooms embed the widget whatever the server sends", async () => {
    for (const how of ["Header", "Header always"]) {
      const server = `${how} set X-Frame-Options "DENY"\n${how} set Content-Security-Policy "frame-ancestors 'self'"`;
      const host = await openApache(resources, site, { server });
      await sendsWhatReadersNeed(host);
      const { headers } = await get(`${host}cek-nik.html`);
      assert.equal(headers["content-security-policy"], undefined);
    }
  });

  test("compresses pages even if the server does not, and both find copies to be current", async () => {
    for (const server of ["", "AddOutputFilterByType DEFLATE text/html text/javascript"]) {
      const host = await openApache(resources, site, { server });
      const first = await get(`${host}cek-nik.html`);
      assert.match(first.headers.etag, /-gzip"$/);
      const plain = await get(`${host}cek-nik.html`, { "Accept-Encoding": "identity" });
      const tag = { "If-None-Match": plain.headers.etag };
      assert.equal((await get(`${host}cek-nik.html`, tag)).status, 304);
    }
  });

  test("without AllowOverride sends nothing, which only a look at the headers shows", async () => {
    const host = await openApache(resources, site, { override: "None" });
    const { status, headers } = await get(`${host}catalogue.json`);
    assert.deepEqual([status, headers["access-control-allow-origin"]], [200, undefined]);
  });
});

describe("Caddy", () => {
  test("sends what readers need", async () => {
    const host = await openCaddy(resources, site);
    await sendsWhatReadersNeed(host);
    await widgetAnswers(host);
  });

  test("without the file, lets the widget check nothing", async () => {
    const host = await openCaddy(resources, site, { block: "" });
    const { headers } = await get(`${host}catalogue.json`);
    assert.equal(headers["access-control-allow-origin"], undefined);
  });

  test("keeps the headers of its own block", async () => {
    const block = `header Strict-Transport-Security "${HSTS}"\n  import ${site}/Caddyfile`;
    const host = await openCaddy(resources, site, { block });
    await sendsWhatReadersNeed(host);
    assert.equal((await get(host)).headers["strict-transport-security"], HSTS);
  });
});
