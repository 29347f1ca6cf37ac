//! A host of its own for each test about what a browser saves: an origin of its own, so that no
//! test finds what another has saved.

import { deliver, openHostileHost } from "./hostile-host.mjs";

const SIGN_IN_PAGE = Buffer.from(
  "<!doctype html><html><title>Wi-Fi</title><h1>Sign in to go on</h1></html>",
);

/**
 * `asked` grows by each path that is asked for; `misbehave` takes a fault as of [`HostileHost`], or
 * nothing to go on honestly.
 */
export async function openSavingHost(upstream, resources) {
  const host = await openHostileHost(upstream, resources);
  const asked = [];
  let fault;
  const misbehave = (next) => (fault = next ?? { concerns: () => false });
  misbehave();
  host.fault = {
    concerns(path) {
      asked.push(path);
      return fault.concerns(path);
    },
    answer: (...words) => fault.answer(...words),
  };
  return { host, address: host.address, asked, misbehave };
}

export const isShard = (path) => path.endsWith(".cnk");

export const signIn = (response, honest) =>
  deliver(response, {
    ...honest,
    status: 200,
    headers: { "Content-Type": "text/html" },
    bytes: SIGN_IN_PAGE,
  });

/** From the request with that number on, those that `concerns` are never answered. */
export const silentAfter = (number, concerns) => {
  let count = 0;
  return { concerns: (path) => concerns(path) && ++count > number, answer() {} };
};

/** The same, but they are answered as soon as somebody calls `open`. */
export function heldAfter(number, concerns) {
  let open;
  const gate = new Promise((resolve) => (open = resolve));
  const answer = async (response, honest) => {
    await gate;
    deliver(response, honest);
  };
  return { ...silentAfter(number, concerns), answer, open };
}

/** Everything that `change` makes another text of is answered with that. */
export const edited = (change) => ({
  concerns: (path) => change(path, "") !== undefined,
  answer: (response, honest) =>
    deliver(response, {
      ...honest,
      bytes: Buffer.from(
        change(new URL(response.req.url, "http://host").pathname, honest.bytes.toString()),
      ),
    }),
});
