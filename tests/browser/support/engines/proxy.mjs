//! Proxy settings for drivers.

import { proxies } from "../deps.mjs";

/** All requests through the proxy on that port, or no proxy. */
export function through(port) {
  const host = `127.0.0.1:${port}`;
  return port ? proxies.manual({ http: host, https: host }) : proxies.direct();
}
