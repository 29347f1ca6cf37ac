//! How high the frame is that the page around the widget gives it. Everybody on that page can hear
//! it, so nothing that is typed or answered may change it, nor the moment at which it is said.

import { tellFrame, tellFrameLast } from "./frame";

/**
 * Whatever is shown after the start, in units of the reader's letters: what most telephones show at
 * once. The rest is scrolled.
 */
const HEIGHT = 40;

let fitting: ResizeObserver | undefined;

/** As high as what is shown, as long as nothing can have been typed. */
export function fitStart(): void {
  fitting = new ResizeObserver(() => tellFrame(document.body.offsetHeight));
  fitting.observe(document.body);
}

/** From now on one height, said once. */
export function fixHeight(): void {
  if (fitting) {
    fitting.disconnect();
    fitting = undefined;
    tellFrameLast(HEIGHT * parseFloat(getComputedStyle(document.documentElement).fontSize));
  }
}
