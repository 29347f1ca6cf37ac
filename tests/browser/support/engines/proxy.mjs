//! What a driver is told about the proxy.

import { proxies } from "../deps.mjs";

/** Everything through the proxy on that port, or nothing through any. */
export function through(port) {
  const host = `127.0.0.1:${port}`;
  return port ? proxies.manual({ http: host, https: host }) : proxies.direct();
}
