//! Dependencies from www/node_modules, which is not above this directory.

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const www = createRequire(new URL("../../../www/package.json", import.meta.url));
const load = (name) => import(pathToFileURL(www.resolve(name)).href);

export const { Builder, By, error, Key, logging } = www("selenium-webdriver");
export const chrome = www("selenium-webdriver/chrome.js");
export const firefox = www("selenium-webdriver/firefox.js");
export const proxies = www("selenium-webdriver/proxy.js");
export const { findFreePort } = www("selenium-webdriver/net/portprober.js");
// Selenium's copy.
export const { WebSocket } = createRequire(www.resolve("selenium-webdriver"))("ws");
export const { argon2id } = await load("@noble/hashes/argon2.js");
export const { build: bundle } = www("esbuild");
export const { source: axe } = www("axe-core");
