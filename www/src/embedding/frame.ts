//! Messages from the widget to the embedding page: its height, in each convention that publishers'
//! pages use.

import { fragment } from "./settings";

/**
 * Sends the height to the embedding page. The first message also says that the widget has loaded.
 *
 * Nothing else ever leaves the frame, and any script on that page can hear it. The caller must make
 * sure that neither the height nor the time of a call depends on what was typed or answered.
 */
export function tellFrame(height: number): void {
  // A frame that is not displayed has no height.
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
 * Sends the final height and stops answering requests: the delay of a reply would tell how busy the
 * page is.
 */
export function tellFrameLast(height: number): void {
  tellFrame(height);
  removeEventListener("message", repeat);
}

let told: number | undefined;

/**
 * WordPress asks again if its own script loads after the widget:
 * https://github.com/WordPress/wordpress-develop/pull/1745
 */
function repeat({ source, data }: MessageEvent): void {
  const key = secret(location.href);
  if (told && key && source === parent && data?.message === "ready" && data.secret === key) {
    tellFrame(told);
  }
}

/** The messages that announce a height, one for each convention. */
export function heightMessages(height: number, address: string): unknown[] {
  const messages: unknown[] = [
    { type: "cek-nik:height", height },
    // AMP: https://github.com/ampproject/amphtml/blob/main/extensions/amp-iframe/amp-iframe.md,
    // "Iframe resizing"
    { sentinel: "amp", type: "embed-size", height },
    // Datawrapper's snippet looks for the frame that sent the message, or for the id in the frame's
    // address: https://developer.datawrapper.de/docs/responsive-iframe
    { "datawrapper-height": { "cek-nik": height } },
    // Medium, and others who follow Embedly, as https://github.com/datawrapper/datawrapper sends
    // it.
    JSON.stringify({ src: address, context: "iframe.resize", height }),
  ];
  // Pym's parent puts the child's name into the query: https://github.com/nprapps/pym.js,
  // `_makeMessage`
  const child = new URL(address).searchParams.get("childId");
  if (child && /^[\w.:-]{1,64}$/.test(child)) {
    messages.push(["pym", child, "height", height].join("xPYMx"));
  }
  // WordPress: https://github.com/WordPress/WordPress/blob/master/wp-includes/js/wp-embed.js,
  // `receiveEmbedMessage`
  const key = secret(address);
  if (key) {
    messages.push({ message: "height", value: height, secret: key });
  }
  return messages;
}

/** The secret by which WordPress identifies its frames. */
function secret(address: string): string | undefined {
  const value = fragment(address).get("secret");
  return value && /^[a-z\d]{1,64}$/i.test(value) ? value : undefined;
}
