import { register as registerWidget } from "../www/src/embedding/embed";

/**
 * Registers the element `<cek-nik>`. It shows the widget of the site with this absolute address in
 * a sandboxed frame, which the page cannot look into. The first call decides. Without a document,
 * on a server for example, it does nothing.
 *
 * @throws {TypeError} The text is not an address.
 */
export function register(site: string | URL): void {
  registerWidget(new URL("cek-nik.html", site).href);
}

declare global {
  interface HTMLElementTagNameMap {
    "cek-nik": HTMLElement;
  }
}
