//! The height of the widget's frame. The embedding page can observe it, so neither the height nor
//! the time of a message may depend on what is typed or answered.

import { tellFrame, tellFrameLast } from "./frame";
import { isInFrontPage } from "./front-page";

/** The height after the start, in rem: what most phones show at once. The rest scrolls. */
const HEIGHT = 40;

/** The least height before the start, in pixels: what the loader reserves. The front page does not. */
const LEAST = isInFrontPage() ? 0 : 420;

let fitting: ResizeObserver | undefined;

/** Follows the height of the content, while nothing can have been typed. */
export function fitStart(): void {
  // Browsers do not run the observer of a clipped frame, and WordPress up to 6.5 clips frames until
  // it hears a height. The height of the content may be that of a frame without a width.
  tellFrame(LEAST);
  fitting = new ResizeObserver(() => tellFrame(Math.max(LEAST, document.body.offsetHeight)));
  fitting.observe(document.body);
}

/** Sets the final height and sends it once. */
export function fixHeight(): void {
  if (fitting) {
    fitting.disconnect();
    fitting = undefined;
    tellFrameLast(HEIGHT * parseFloat(getComputedStyle(document.documentElement).fontSize));
  }
}
