//! The widget's frame in the front page. The frame is sandboxed, so the service worker does not
//! serve it: without a network it would show the browser's error page.

import type { Language } from "../texts";

/** Milliseconds that the site may take to respond. */
const PATIENCE = 5_000;

/** The largest height in pixels that the widget may ask for. */
const MOST = 2000;

/** Whether the widget is loaded, and has told its height. */
let isLoaded = false;

const frame = document.querySelector("iframe") as HTMLIFrameElement;

/** The number of the saved edition, which the widget must not go back behind. */
let newest = 0;

/** The widget without a heading and a language switch: the front page has both. */
const addressIn = (language: Language): string =>
  `cek-nik.html#front&lang=${language}${newest ? `&edition=${newest}` : ""}`;

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

/** `saved` is the number of the saved edition, or 0. */
export function showFrame(isShown: boolean, saved: number): void {
  frame.hidden = !isShown;
  // A hidden frame is not loaded again: readers with saved lists rarely show it.
  if (isShown && newest !== saved) {
    newest = saved;
    speakInFrame(document.documentElement.lang as Language);
  }
}

/** Gives the frame the height of the widget, so that there is no empty space below it. */
export function followHeight(): void {
  addEventListener("message", ({ source, data }: MessageEvent) => {
    const height = data?.type === "cek-nik:height" ? Number(data.height) : 0;
    if (source === frame.contentWindow && height > 0) {
      isLoaded = true;
      frame.style.height = `${Math.min(height, MOST)}px`;
    }
  });
}

/**
 * Tells the widget the language. If it is loaded, only the fragment of its address changes: nothing
 * is loaded again and the browser's history stays as it is.
 */
export function speakInFrame(language: Language): void {
  if (isLoaded) {
    frame.contentWindow?.location.replace(addressIn(language));
  } else {
    loadFrame(language);
  }
}

/**
 * Loads the frame again: it may hold an error page after the site was unreachable. Another fragment
 * alone would load nothing, and Chromium would forget it while the frame is loading.
 */
export function loadFrame(language: Language): void {
  isLoaded = false;
  frame.src = addressIn(language);
  frame.after(frame);
}
