//! Notices when nobody has touched the page for long: somebody else may come to the device next.

/**
 * In milliseconds: how long nothing happens before it is over, and how long before that it is said.
 */
const IDLE = { whole: 5 * 60_000, warning: 30_000 };

/** What a reader does now and then. Not that the page scrolls: it does so by itself, too. */
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
  /** Somebody is there after all. */
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
  // A device that sleeps stops the clocks of its pages, not that of its day.
  const wake = (): void => (isOver() ? end() : undefined);
  for (const sign of SIGNS) {
    addEventListener(sign, () => (isOver() ? end() : wait()), { passive: true, capture: true });
  }
  addEventListener("visibilitychange", wake);
  wait();
}
