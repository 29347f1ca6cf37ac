//! The widget as a reader uses it: through the keyboard, the mouse, and what it shows.

import { By, Key } from "./deps.mjs";
import { waitFor } from "./wait.mjs";

/** All that the tests look at, read in one moment. Runs inside the page. */
function snapshot() {
  const text = (id) => document.getElementById(id)?.textContent ?? "";
  return {
    state: document.documentElement.dataset.state,
    language: document.documentElement.lang,
    nik: document.getElementById("nik")?.value,
    problem: text("nik-problem"),
    nameProblem: text("name-problem"),
    status: text("status"),
    network: document.documentElement.dataset.network,
    claims: document.getElementById("claims")?.innerText,
    stage: text("stage"),
    focused: document.activeElement?.id || document.activeElement?.localName,
    articles: [...document.querySelectorAll("article")].map((article) => ({
      dataset: article.dataset.dataset,
      outcome: article.dataset.outcome,
      reason: article.dataset.reason,
      text: article.innerText,
    })),
  };
}

const RUNNING = ["loading", "opening", "downloading", "checking"];

export class Widget {
  constructor(driver) {
    this.driver = driver;
  }

  /** The page of its own. */
  async open(address) {
    await this.load(address);
    await this.ready();
  }

  /** The page of its own, up to the start button. */
  async load(address) {
    await this.driver.get(`${address}cek-nik.html`);
    await this.started();
  }

  /** The sandboxed frame in the page for readers. */
  async openInFrame(address) {
    await this.driver.get(address);
    await this.enterFrame();
  }

  /** The same in the frame. */
  async loadInFrame(address) {
    await this.driver.get(address);
    await this.switchToFrame();
    await this.started();
  }

  async enterFrame() {
    await this.switchToFrame();
    await this.ready();
  }

  async switchToFrame() {
    const frame = await this.driver.findElement(By.css("iframe"));
    // It loads lazily.
    await this.driver.executeScript("arguments[0].scrollIntoView()", frame);
    await this.driver.switchTo().frame(frame);
  }

  /** The number, and the name where the catalogue is name-locked. */
  async type(nik, name) {
    await this.fill("nik", nik);
    if (name !== undefined) {
      await this.fill("name", name);
    }
  }

  async fill(id, text) {
    const input = await this.element(id);
    await input.clear();
    await input.sendKeys(text);
  }

  async click(id) {
    await (await this.element(id)).click();
  }

  async speak(language) {
    const button = await this.driver.findElement(By.css(`#languages [lang=${language}]`));
    // WebKit's driver does not scroll back up to it.
    await this.driver.executeScript("arguments[0].scrollIntoView()", button);
    await button.click();
  }

  /** A whole check, with mouse and keyboard. Gives what is shown at its end. */
  async check(nik, name) {
    if (!(await this.canType())) {
      if (!(await this.shows("again"))) {
        return this.snapshot();
      }
      await this.click("again");
    }
    await this.type(nik, name);
    await this.submit();
    return this.verdict();
  }

  /**
   * From what was typed to the click that starts the check; or to a complaint about what was typed.
   */
  async submit() {
    await this.click("check");
    const { state } = await this.until(
      "the number to be read",
      ({ state, problem, nameProblem }) => state === "reading" || problem + nameProblem !== "",
    );
    if (state === "reading") {
      await this.confirm();
    }
  }

  /**
   * By the keyboard: in a frame that has been scrolled, Firefox's driver clicks beside the button.
   */
  async confirm() {
    await (await this.element("confirm")).sendKeys(Key.ENTER);
  }

  /**
   * The end of a check that has been started: an answer, a failure, or a complaint about what was
   * typed.
   */
  verdict(limit) {
    return this.until(
      "the end of the check",
      ({ state, problem, nameProblem }) =>
        ["answered", "failed"].includes(state) || problem + nameProblem !== "",
      limit,
    );
  }

  /** Past the start button, to the input or to the reason why there is none. */
  async ready() {
    await this.started();
    await this.click("start");
    return this.until(
      "the page to be ready",
      ({ state }) => !RUNNING.includes(state) && state !== "start",
    );
  }

  /** The start button, before anything is asked of the network. */
  started() {
    return this.until("the start button", ({ state }) => state === "start");
  }

  canType() {
    return this.shows("nik");
  }

  async shows(id) {
    return (await this.element(id)).isDisplayed();
  }

  until(what, satisfied, limit) {
    return waitFor(what, () => this.snapshot(), satisfied, limit);
  }

  snapshot() {
    return this.driver.executeScript(snapshot);
  }

  element(id) {
    return this.driver.findElement(By.id(id));
  }
}

/**
 * The answers as a short table: `{ "daftar": "member", "daftar-lain": "unknown: not_found" }`. What
 * has no data set stands under `page`.
 */
export function summary({ state, articles, problem }) {
  if (problem) {
    return { problem };
  }
  const entries = articles.map(({ dataset, outcome, reason }) => [
    dataset ?? "page",
    reason ? `${outcome}: ${reason}` : outcome,
  ]);
  return entries.length ? Object.fromEntries(entries) : { state };
}
