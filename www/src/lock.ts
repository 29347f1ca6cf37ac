//! Cuts the page off from the network, or narrows what it can reach: by a second policy, which no
//! script can take back.

/**
 * Which part of the network the page can still reach: any host, the place of the lists, or nothing.
 */
export type Network = "open" | "narrow" | "cut";

/**
 * Lets this page, and every worker that is made from now on, reach only addresses under `place`;
 * nothing, where that is missing.
 */
export function lock(place?: string): Network {
  const first = document.querySelector<HTMLMetaElement>("meta[http-equiv]");
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  // The whole policy again: of one that only says connect-src, Chromium still fetches what <link
  // rel=prefetch> names.
  const allowed = place?.replace(/[;,]/g, encodeURIComponent) ?? "'none'";
  policy.content = (first?.content ?? "default-src 'none'").replace(
    /connect-src[^;]*/,
    () => `connect-src ${allowed}`,
  );
  document.head.append(policy);
  return place ? "narrow" : "cut";
}

/** No policy can forbid it, and nothing here uses it. */
export function removePeerConnections(): void {
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) {
    Reflect.deleteProperty(globalThis, name);
  }
}
