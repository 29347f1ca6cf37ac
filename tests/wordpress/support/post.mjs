//! A post as a reader sees it: the frame of the widget in its column.

import assert from "node:assert/strict";

import { waitFor } from "../../browser/support/wait.mjs";
import { Widget } from "../../browser/support/widget.mjs";

/** Width and height of a small phone and of a computer. */
export const SCREENS = { phone: [360, 740], computer: [1280, 800] };

/** The height before the start at least, and after it, in pixels. */
const HEIGHT = { first: 420, started: 640 };

/** The frame of the widget: that of oEmbed, or that in the element. Runs inside the page. */
function findFrame() {
  return (
    document.querySelector("iframe.wp-embedded-content") ??
    document.querySelector("cek-nik")?.shadowRoot?.querySelector("iframe")
  );
}

/** Where the frame lies. Runs inside the page. */
function measure(frame) {
  const root = document.documentElement;
  const { left, right, width, height } = frame.getBoundingClientRect();
  // A paragraph is as wide as the theme wants texts to be.
  const column = document.querySelector(".entry-content, .wp-block-post-content");
  const paragraph = [...column.children].find((child) => child.textContent.trim() === "Sebelum.");
  return {
    left,
    right,
    width,
    height,
    column: paragraph.getBoundingClientRect().width,
    overflow: root.scrollWidth - root.clientWidth,
    screen: root.clientWidth,
    hidden: getComputedStyle(frame).position === "absolute",
  };
}

export class Post {
  constructor(driver) {
    this.driver = driver;
    this.widget = new Widget(driver);
  }

  async open(address, [width, height]) {
    await this.driver.sendDevToolsCommand("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: width < 600,
    });
    await this.driver.get(address);
    this.frame = await waitFor("the frame", () => this.driver.executeScript(findFrame), Boolean);
    await this.driver.executeScript("arguments[0].scrollIntoView({ block: 'center' })", this.frame);
  }

  measure() {
    return this.driver.executeScript(measure, this.frame);
  }

  /**
   * The frame is as wide as its column, and has heard its height: 420 pixels at least, and no
   * scroll bar within.
   */
  async isWellPlaced() {
    const place = await waitFor(
      "the height of the start",
      () => this.measure(),
      ({ height, hidden }) => !hidden && height >= HEIGHT.first && height !== HEIGHT.started,
    );
    assert.equal(place.overflow, 0, `the page scrolls sideways: ${JSON.stringify(place)}`);
    assert.ok(
      Math.abs(place.width - place.column) <= 1 && place.left >= 0 && place.right <= place.screen,
      `the frame does not fit its column: ${JSON.stringify(place)}`,
    );
    const hidden = await this.inside(
      "return document.documentElement.scrollHeight - document.documentElement.clientHeight",
    );
    assert.ok(hidden <= 0, `${hidden} pixels of the start are hidden`);
  }

  /** A check. Gives what is shown at its end, in a frame of the height after the start. */
  async check(nik) {
    await this.driver.switchTo().frame(this.frame);
    await this.widget.ready();
    await this.driver.switchTo().defaultContent();
    await waitFor(
      "the height after the start",
      () => this.measure(),
      ({ height }) => height === HEIGHT.started,
    );
    await this.driver.switchTo().frame(this.frame);
    const shown = await this.widget.check(nik);
    const verdict = await this.driver.executeScript(() => {
      const { top, bottom } = document.querySelector(".verdict h2").getBoundingClientRect();
      return {
        top,
        bottom,
        height: innerHeight,
        sideways: document.documentElement.scrollWidth - innerWidth,
      };
    });
    assert.ok(
      verdict.top >= 0 && verdict.bottom <= verdict.height && verdict.sideways <= 0,
      `the verdict is not in view: ${JSON.stringify(verdict)}`,
    );
    await this.driver.switchTo().defaultContent();
    return shown;
  }

  async inside(script) {
    await this.driver.switchTo().frame(this.frame);
    const value = await this.driver.executeScript(script);
    await this.driver.switchTo().defaultContent();
    return value;
  }
}
