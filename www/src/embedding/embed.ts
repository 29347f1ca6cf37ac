//! The element `<cek-nik>` on a newsroom's page: a sandboxed frame with the widget in it. The input
//! is never part of that page, and this script receives only the height of the frame.

import { accepted, SETTINGS } from "./settings";

const TEXTS = {
  id: {
    title: "Cek NIK",
    loading: "Memuat alat periksa NIK…",
    failed: "Alat periksa NIK tidak dapat dimuat di halaman ini. ",
    open: "Buka di halamannya sendiri",
  },
  en: {
    title: "NIK checker",
    loading: "Loading the NIK checker…",
    failed: "The NIK checker cannot be loaded on this page. ",
    open: "Open it on its own page",
  },
};

/** Heights in pixels. A widget that works asks for a height between `least` and `most`. */
const HEIGHT = { first: 420, least: 200, most: 2000 };

/**
 * How long a reader who sees the element waits before the failure is shown, in milliseconds: before
 * and after something has been loaded. The message disappears if the widget is only slow.
 */
const PATIENCE = { loading: 15_000, loaded: 8_000 };

let widget: string;
let inView: IntersectionObserver;

/**
 * Registers `<cek-nik>` for the widget at this address, unless it is registered already. Does
 * nothing where there are no elements, on a server for example.
 */
export function register(address: string): void {
  if (globalThis.customElements && !customElements.get("cek-nik")) {
    widget = address;
    inView = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        (target as CekNik).watch(isIntersecting);
      }
    });
    customElements.define("cek-nik", CekNik);
  }
}

/** Servers have no elements, but may import this file. */
const Base = (globalThis.HTMLElement ?? Object) as typeof HTMLElement;

class CekNik extends Base {
  static observedAttributes = ["lang", ...SETTINGS];

  private frame?: HTMLIFrameElement;
  private notice = document.createElement("p");
  /** Milliseconds to wait for the widget; 0 once it has answered. */
  private patience = PATIENCE.loading;
  private seen = false;
  private timer = 0;

  /** Also called after a move, for which browsers reload frames. */
  connectedCallback(): void {
    addEventListener("message", this);
    this.load();
  }

  /** A move by `moveBefore` keeps the frame. */
  connectedMoveCallback(): void {}

  disconnectedCallback(): void {
    removeEventListener("message", this);
    inView.unobserve(this);
    this.watch(false);
  }

  attributeChangedCallback(): void {
    if (this.frame && this.isConnected && this.frame.src !== this.address()) {
      this.load();
    }
  }

  private load(): void {
    const { title, loading } = TEXTS[this.language()];
    const address = this.address();
    if (this.frame?.src !== address) {
      this.frame = document.createElement("iframe");
      this.frame.sandbox.add("allow-scripts");
      this.frame.referrerPolicy = "no-referrer";
      this.frame.loading = "lazy";
      this.frame.allow = "";
      this.frame.title = title;
      this.frame.src = address;
      this.frame.onload = () => {
        this.patience &&= PATIENCE.loaded;
        this.watch(this.seen);
      };
      Object.assign(this.frame.style, {
        display: "block",
        width: "100%",
        height: `${HEIGHT.first}px`,
        border: 0,
      });
      const box = document.createElement("div");
      box.style.position = "relative";
      box.append(this.frame, this.notice);
      // In a shadow root, the page's styles and scripts for frames do not apply.
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      root.replaceChildren(box);
      try {
        // The page's own style for the element wins, and its policy does not apply.
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(":host { display: block }");
        root.adoptedStyleSheets = [sheet];
      } catch {
        // Safari before 16.4.
        this.style.display ||= "block";
      }
    }
    this.patience = PATIENCE.loading;
    inView.observe(this);
    this.notice.setAttribute("role", "status");
    this.say(loading);
    this.watch(this.seen);
  }

  /**
   * Shows a notice over the frame or in its place, so that the page does not jump when the notice
   * disappears.
   */
  private say(text: string, inPlace = false): void {
    this.notice.textContent = text;
    Object.assign(this.notice.style, {
      position: inPlace ? "relative" : "absolute",
      top: 0,
      margin: 0,
      padding: text && "1em",
    });
    // Not hidden: browsers suspend hidden frames, and this one may still answer.
    this.frame!.inert = inPlace;
    Object.assign(this.frame!.style, {
      position: inPlace ? "absolute" : "",
      opacity: inPlace ? 0 : "",
    });
  }

  /**
   * Starts or stops the timer. Frames load lazily, so a missing widget means nothing until the
   * element has been seen.
   */
  watch(seen: boolean): void {
    this.seen = seen;
    clearTimeout(this.timer);
    if (seen && this.patience) {
      this.timer = setTimeout(() => this.fail(), this.patience);
    }
  }

  private fail(): void {
    // The failure is reported once, not each time the element scrolls into view.
    inView.unobserve(this);
    this.seen = false;
    const { failed, open } = TEXTS[this.language()];
    this.say(failed, true);
    const link = document.createElement("a");
    link.href = this.address();
    link.target = "_blank";
    link.rel = "noreferrer";
    link.textContent = open;
    this.notice.append(link);
    this.tell("error");
  }

  handleEvent({ source, data }: MessageEvent): void {
    if (
      source !== this.frame!.contentWindow ||
      data?.type !== "cek-nik:height" ||
      !Number.isFinite(data.height)
    ) {
      return;
    }
    const height = Math.min(Math.max(Math.ceil(data.height), HEIGHT.least), HEIGHT.most);
    const before = this.frame!.style.height;
    this.frame!.style.height = `${height}px`;
    if (this.patience) {
      this.patience = 0;
      this.watch(this.seen);
      this.say("");
      this.tell("ready");
    }
    if (this.frame!.style.height !== before) {
      this.tell("resize", { height });
    }
  }

  private tell(name: string, detail?: { height: number }): void {
    this.dispatchEvent(
      new CustomEvent(`cek-nik:${name}`, { bubbles: true, composed: true, detail }),
    );
  }

  private language(): "id" | "en" {
    return /^en\b/i.test(this.closest("[lang]")?.getAttribute("lang") ?? "") ? "en" : "id";
  }

  /** The widget's address. The part after the # is never sent to a host. */
  private address(): string {
    const settings = new URLSearchParams({ lang: this.language() });
    for (const name of SETTINGS) {
      const value = this.getAttribute(name)?.trim();
      const good = value && accepted(name, value, widget);
      if (good) {
        settings.set(name, good);
      } else if (value) {
        console.warn("cek-nik: no such " + name, value);
      }
    }
    return `${widget}#${settings}`;
  }
}
