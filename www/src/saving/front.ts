//! The widget's frame in the page for readers. No service worker answers for it, since it is sandboxed: without a network it would show
//! the browser's own error page.

/** How many milliseconds the site may take to say that it is there. */
const PATIENCE = 5_000;

const frame = document.querySelector("iframe") as HTMLIFrameElement;

/**
 * Shows the frame only where the site answers; `tell` hears whether it does. Only for a page that the service worker has brought: any
 * other has just come from the site itself.
 */
export async function guardFrame(tell: (away: boolean) => void): Promise<void> {
  if (!navigator.serviceWorker?.controller) {
    return;
  }
  frame.hidden = true;
  const look = async (): Promise<void> => {
    const away = !(await answers());
    frame.hidden = away;
    tell(away);
    if (away) {
      addEventListener("online", again, { once: true });
    }
  };
  const again = (): void => {
    frame.src = frame.src;
    void look();
  };
  await look();
}

/** The catalogue, because no service worker answers for it; its first bytes are enough. */
async function answers(): Promise<boolean> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PATIENCE);
  try {
    const { ok } = await fetch("catalogue.json", { method: "HEAD", cache: "no-store", credentials: "omit", signal: controller.signal });
    return ok;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
