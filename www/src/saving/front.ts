//! The widget's frame in the page for readers. No service worker answers for it, since it is
//! sandboxed: without a network it would show the browser's own error page.

/** How many milliseconds the site may take to say that it is there. */
const PATIENCE = 5_000;

const frame = document.querySelector("iframe") as HTMLIFrameElement;

/**
 * Whether the page was brought by the service worker: any other has just come from the site itself.
 */
export const isFromDevice = (): boolean => Boolean(navigator.serviceWorker?.controller);

/**
 * Whether the site answers, whatever it says. The catalogue is asked for, because no service worker
 * answers for it.
 */
export async function isSiteReachable(): Promise<boolean> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PATIENCE);
  try {
    await fetch("catalogue.json", {
      method: "HEAD",
      cache: "no-store",
      credentials: "omit",
      signal: controller.signal,
    });
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

export function showFrame(shown: boolean): void {
  frame.hidden = !shown;
}

/** After the site was away, the frame holds an error page. */
export function reloadFrame(): void {
  frame.src = frame.src;
}
