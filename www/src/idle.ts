//! Idle detection: someone else may come to the device next.

/** Milliseconds without activity until the end, and the length of the warning before it. */
const IDLE = { whole: 5 * 60_000, warning: 30_000 };

/** Events that show activity. Scrolling is not one: the page also scrolls by itself. */
const SIGNS = [
  "keydown",
  "pointerdown",
  "pointermove",
  "wheel",
  "touchstart",
  "touchmove",
  "focusin",
  "input",
];

interface Listener {
  warn(): void;
  /** The reader is active after the warning. */
  stay(): void;
  end(): void;
}

export function watchIdleness({ warn, stay, end }: Listener): void {
  let touched = Date.now();
  let timer: number | undefined;
  let warned = false;
  const wait = (): void => {
    touched = Date.now();
    clearTimeout(timer);
    timer = setTimeout(() => {
      warned = true;
      warn();
      timer = setTimeout(end, IDLE.warning);
    }, IDLE.whole - IDLE.warning);
    if (warned) {
      warned = false;
      stay();
    }
  };
  const isOver = (): boolean => Date.now() - touched >= IDLE.whole;
  // A sleeping device stops timers, but not the clock.
  const wake = (): void => (isOver() ? end() : undefined);
  for (const sign of SIGNS) {
    addEventListener(sign, () => (isOver() ? end() : wait()), { passive: true, capture: true });
  }
  addEventListener("visibilitychange", wake);
  wait();
}
