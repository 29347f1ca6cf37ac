//! The saving section of the page for readers, and the storage behind it.

import { By, error } from "./deps.mjs";
import { waitFor } from "./wait.mjs";

/** Everything that the tests look at, read at once. Runs inside the page. */
function snapshot() {
  const section = document.getElementById("saving");
  const shown = (id) =>
    Boolean(
      document.getElementById(id)?.checkVisibility?.() ?? document.getElementById(id)?.offsetParent,
    );
  return {
    activity: section.dataset.activity,
    status: document.getElementById("saving-status").textContent,
    reason: section.querySelector("[data-reason]")?.dataset.reason ?? null,
    text: document.getElementById("saving-body").innerText,
    progress: document.getElementById("saving-progress")?.textContent ?? "",
    buttons: [...document.querySelectorAll("#above button, #saving button")]
      .map(({ id }) => id)
      .filter((id) => id.startsWith("saving-")),
    above: shown("above") ? document.getElementById("above").innerText : "",
    frame: shown("frame") || Boolean(document.querySelector("iframe").offsetParent),
  };
}

/**
 * The names and addresses of everything stored, and the scopes of service workers. Runs inside the
 * page.
 */
function inventory(done) {
  const entries = async (name) => [
    name,
    (await (await caches.open(name)).keys()).map(({ url }) => url),
  ];
  const scopes = async () =>
    (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope);
  const all = async () => ({
    caches: Object.fromEntries(await Promise.all((await caches.keys()).map(entries))),
    scopes: await scopes(),
  });
  all().then(done, (error) => done(String(error)));
}

export class Saving {
  constructor(driver) {
    this.driver = driver;
  }

  /** Opens the page for readers and its section. */
  async open(address) {
    await this.driver.get(address);
    return this.unfold();
  }

  /** Opens the section, which fetches the lists, and waits for its content. */
  async unfold() {
    await this.driver.executeScript("document.getElementById('saving').open = true");
    return this.until("the section", ({ status, text }) => status !== "" || text !== "");
  }

  async click(name) {
    await this.clickOn(`#saving-${name}`);
  }

  /**
   * Clicks an element. The section may replace it at any moment, and the frame above it may grow and
   * move it away from under the mouse.
   */
  async clickOn(selector) {
    await waitFor(`a click on ${selector}`, () => this.#clicks(selector), Boolean);
  }

  async #clicks(selector) {
    try {
      const target = await this.driver.findElement(By.css(selector));
      await this.driver.executeScript((target) => {
        target.scrollIntoView({ block: "center" });
        window.clicked = false;
        target.addEventListener("click", () => (window.clicked = true), { capture: true });
      }, target);
      await target.click();
      // A page that the click has led to knows nothing of it.
      return await this.driver.executeScript("return window.clicked ?? true");
    } catch (problem) {
      if (problem instanceof error.StaleElementReferenceError) {
        return false;
      }
      throw problem;
    }
  }

  /** Waits for the lists of the site and their buttons. */
  lists() {
    return this.until(
      "the lists",
      ({ activity, buttons }) =>
        activity === "idle" && buttons.some((id) => id.startsWith("saving-save-")),
    );
  }

  /** Starts to save a data set from the page for readers. */
  async start(id) {
    await this.lists();
    await this.click(`save-${id}`);
  }

  /** Waits for the end of an action, successful or not. */
  ended(limit = 60_000) {
    return this.until("the end", ({ activity }) => activity === "idle", limit);
  }

  until(what, satisfied, limit) {
    return waitFor(what, () => this.snapshot(), satisfied, limit);
  }

  snapshot() {
    return this.driver.executeScript(snapshot);
  }

  /** The storage of the page's origin. */
  inventory() {
    return this.driver.executeAsyncScript(inventory);
  }

  /** The addresses of stored shards. */
  async shards() {
    const { caches } = await this.inventory();
    return (caches["cek-nik-saved"] ?? []).filter((url) => url.endsWith(".cnk")).sort();
  }

  /** A stored record, or `null`. */
  record(name) {
    return this.driver.executeAsyncScript(async (name, done) => {
      const found = await caches.match(new URL(name, location.href).href, {
        cacheName: "cek-nik-saved",
      });
      done(found ? await found.json() : null);
    }, name);
  }
}
