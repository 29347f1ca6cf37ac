//! The widget as a reader uses it: keyboard, mouse, and what it shows.

import { By, Key } from "./deps.mjs";
import { waitFor } from "./wait.mjs";

/** Everything that the tests look at, read at once. Runs inside the page. */
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
    banner: document.querySelector(".verdict")?.innerText,
    heading: document.querySelector(".verdict h2")?.innerText,
    // A verdict with a reason is about the whole page.
    articles: [...document.querySelectorAll("article, .verdict[data-reason]")].map((one) => ({
      dataset: one.dataset.dataset,
      outcome: one.dataset.outcome ?? one.dataset.verdict,
      reason: one.dataset.reason,
      text: one.innerText,
    })),
  };
}

/** Replaces the text of an input as the reader's own paste would. Runs inside the page. */
function insert(id, text) {
  const input = document.getElementById(id);
  input.focus();
  input.select();
  document.execCommand("insertText", false, text);
}

const RUNNING = ["loading", "opening", "downloading", "checking"];

export class Widget {
  constructor(driver) {
    this.driver = driver;
  }

  /** Opens the page of its own, up to the input. */
  async open(address) {
    await this.load(address);
    await this.ready();
  }

  /**
   * Opens the page of its own, as far as it goes by itself: up to the input, or, for readers who
   * save data, up to the start button.
   */
  async load(address) {
    await this.driver.get(`${address}cek-nik.html`);
    return this.settled();
  }

  /** Sets whether the browser asks pages to save data. Only for Chromium. */
  async saveData(dataSaverEnabled = true) {
    await this.driver.sendDevToolsCommand("Emulation.setDataSaverOverride", { dataSaverEnabled });
  }

  /** Lets the page wait for the start button where the engine can ask for that. */
  async saveDataIfPossible() {
    if (this.driver.sendDevToolsCommand) {
      await this.saveData();
    }
  }

  /** Opens the sandboxed frame in the page for readers, past the start button. */
  async openInFrame(address) {
    await this.driver.get(address);
    await this.enterFrame();
  }

  /** Opens the sandboxed frame, up to the start button. */
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
    // The frame loads lazily.
    await this.driver.executeScript("arguments[0].scrollIntoView()", frame);
    await this.driver.switchTo().frame(frame);
  }

  /** Types the number, and the name for name-locked catalogues. */
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

  /**
   * Puts the number, and the name, into the inputs as pasting does: one trusted event instead of
   * sixteen keys, which cost half of a check. For tests that are not about the typing.
   */
  async paste(nik, name) {
    for (const [id, text] of Object.entries({ nik, name }).filter(
      ([, text]) => text !== undefined,
    )) {
      await this.driver.executeScript(insert, id, text);
    }
  }

  async click(id) {
    await (await this.element(id)).click();
  }

  /** Within the front page, which has the only language switch, the widget follows it. */
  async speak(language) {
    if (
      await this.driver.executeScript("return document.documentElement.matches('[data-front]')")
    ) {
      await this.driver.switchTo().defaultContent();
      await this.speak(language);
      await this.switchToFrame();
      await this.until("the language", (shown) => shown.language === language);
      return;
    }
    const button = await this.driver.findElement(By.css(`#languages [lang=${language}]`));
    // WebKit's driver does not scroll back up.
    await this.driver.executeScript("arguments[0].scrollIntoView()", button);
    await button.click();
  }

  /** A whole check, the number pasted. Gives what is shown at its end. */
  async check(nik, name) {
    if (!(await this.canType())) {
      if (!(await this.shows("again"))) {
        return this.snapshot();
      }
      await this.click("again");
    }
    await this.paste(nik, name);
    await this.submit();
    return this.verdict();
  }

  /** Submits what was typed and confirms it, unless there is an error. */
  async submit() {
    const { state } = await this.read();
    if (state === "reading") {
      await this.confirm();
    }
  }

  /**
   * Ends the typing with the Enter key and waits for the reading, which then has the focus, or for
   * an error.
   */
  async read() {
    const last = (await this.shows("name")) ? "name" : "nik";
    await (await this.element(last)).sendKeys(Key.ENTER);
    return this.until(
      "the number to be read",
      ({ state, focused, problem, nameProblem }) =>
        (state === "reading" && focused === "reading-heading") || problem + nameProblem !== "",
    );
  }

  /** By keyboard: in a scrolled frame, Firefox's driver clicks beside the button. */
  async confirm() {
    await (await this.element("confirm")).sendKeys(Key.ENTER);
  }

  /** Waits for the end of a check: answers, a failure, or an error in the input. */
  verdict(limit) {
    return this.until(
      "the end of the check",
      ({ state, problem, nameProblem }) =>
        ["answered", "failed"].includes(state) || problem + nameProblem !== "",
      limit,
    );
  }

  /** Clicks start, if the page waits for that, and waits for the input, or for a failure. */
  async ready() {
    const { state } = await this.settled();
    if (state === "start") {
      await this.click("start");
    }
    return this.until(
      "the page to be ready",
      ({ state }) => !RUNNING.includes(state) && state !== "start",
    );
  }

  /** Waits until nothing is running. */
  settled() {
    return this.until("the page to settle", ({ state }) => !RUNNING.includes(state));
  }

  /** Waits for the start button, before any request. */
  started() {
    return this.until("the start button", ({ state }) => state === "start");
  }

  canType() {
    return this.shows("nik");
  }

  /** `isDisplayed` of the driver sends and runs a long script for each question. */
  shows(id) {
    return this.driver.executeScript(
      (id) => document.getElementById(id).checkVisibility({ visibilityProperty: true }),
      id,
    );
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
 * The answers in short: `{ "daftar": "member", "daftar-lain": "unknown: not_found" }`. Results
 * without a data set are under `page`.
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
