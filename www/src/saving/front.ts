//! The widget's frame in the page for readers. The frame is sandboxed, so the service worker does
//! not serve it: without a network it would show the browser's error page.

/** Milliseconds that the site may take to respond. */
const PATIENCE = 5_000;

const frame = document.querySelector("iframe") as HTMLIFrameElement;

/** Whether the service worker served this page. Any other page has just come from the site. */
export const isFromDevice = (): boolean => Boolean(navigator.serviceWorker?.controller);

/**
 * Whether the site responds, with any status. Requests the catalogue, which the service worker
 * never serves.
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

/** Reloads the frame, which holds an error page after the site was unreachable. */
export function reloadFrame(): void {
  frame.src = frame.src;
}
