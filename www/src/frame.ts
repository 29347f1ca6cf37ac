//! What the widget tells the page around it: how high it wants to be, in whatever language that
//! page understands.

import { fragment } from "./settings";

/**
 * Tells the page around the widget how high the widget wants to be, in whatever language that page
 * understands. The first call also says that the widget has loaded.
 *
 * This is all that ever leaves the frame, and everybody on that page can hear it. So neither the
 * height nor the moment of a call may depend on what was typed or answered: that is the caller's
 * duty, and cannot be done here.
 */
export function tellFrame(height: number): void {
  // Where it is not displayed, nothing is known about its height.
  if (parent === window || !(height > 0)) {
    return;
  }
  if (!told) {
    addEventListener("message", repeat);
  }
  told = Math.ceil(height);
  for (const message of heightMessages(told, location.href)) {
    parent.postMessage(message, "*");
  }
}

/**
 * The same, and never again, whoever asks: how soon it answered would tell what the page is busy
 * with.
 */
export function tellFrameLast(height: number): void {
  tellFrame(height);
  removeEventListener("message", repeat);
}

let told: number | undefined;

/**
 * WordPress asks again when its own script came after the widget:
 * https://github.com/WordPress/wordpress-develop/pull/1745
 */
function repeat({ source, data }: MessageEvent): void {
  const key = secret(location.href);
  if (told && key && source === parent && data?.message === "ready" && data.secret === key) {
    tellFrame(told);
  }
}

/** The messages that say a height, one for each convention that pages of publishers follow. */
export function heightMessages(height: number, address: string): unknown[] {
  const messages: unknown[] = [
    { type: "cek-nik:height", height },
    // https://github.com/ampproject/amphtml/blob/main/extensions/amp-iframe/amp-iframe.md, "Iframe
    // resizing"
    { sentinel: "amp", type: "embed-size", height },
    // The snippet that Datawrapper gives its users looks for the frame that has sent it, or for the
    // id in the frame's address. https://developer.datawrapper.de/docs/responsive-iframe
    { "datawrapper-height": { "cek-nik": height } },
    // Medium, and others who follow Embedly: https://github.com/datawrapper/datawrapper sends it in
    // these words.
    JSON.stringify({ src: address, context: "iframe.resize", height }),
  ];
  // Pym's parent puts the name of its child into the query: https://github.com/nprapps/pym.js,
  // `_makeMessage`
  const child = new URL(address).searchParams.get("childId");
  if (child && /^[\w.:-]{1,64}$/.test(child)) {
    messages.push(["pym", child, "height", height].join("xPYMx"));
  }
  // https://github.com/WordPress/WordPress/blob/master/wp-includes/js/wp-embed.js,
  // `receiveEmbedMessage`
  const key = secret(address);
  if (key) {
    messages.push({ message: "height", value: height, secret: key });
  }
  return messages;
}

/** By which WordPress knows its frames. */
function secret(address: string): string | undefined {
  const value = fragment(address).get("secret");
  return value && /^[a-z\d]{1,64}$/i.test(value) ? value : undefined;
}
