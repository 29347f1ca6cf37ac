//! Cuts the page off from the network, or narrows what it can reach, by a second policy that no
//! script can remove.

/** What the page can still reach: any host, only the directory of the lists, or nothing. */
export type Network = "open" | "narrow" | "cut";

/** Limits this page, and every worker made from now on, to addresses under these directories. */
export function lock(places: string[]): Network {
  const first = document.querySelector<HTMLMetaElement>("meta[http-equiv]");
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  // The whole policy is repeated. With a policy of connect-src alone, Chromium still fetches the
  // address of a <link rel=prefetch>.
  const allowed = places.join(" ").replace(/[;,]/g, encodeURIComponent) || "'none'";
  policy.content = (first?.content ?? "default-src 'none'").replace(
    /connect-src[^;]*/,
    () => `connect-src ${allowed}`,
  );
  document.head.append(policy);
  return places.length ? "narrow" : "cut";
}

/** Removes WebRTC, which no policy can forbid. The page does not use it. */
export function removePeerConnections(): void {
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) {
    Reflect.deleteProperty(globalThis, name);
  }
}
