//! Hosts for tests of saving and of mirrors, which record what they are asked for. Each has an origin of its own, so that tests do not share storage.

import { deliver, openHostileHost } from "./hostile-host.mjs";

const SIGN_IN_PAGE = Buffer.from(
  "<!doctype html><html><title>Wi-Fi</title><h1>Sign in to go on</h1></html>",
);

/**
 * A host. `asked` collects the requested paths; `misbehave` takes a fault of [`HostileHost`], or
 * nothing to behave again.
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

/** A fault that leaves requests that `concerns` unanswered, after the first `number`. */
export const silentAfter = (number, concerns) => {
  let count = 0;
  return { concerns: (path) => concerns(path) && ++count > number, answer() {} };
};

/** A fault that holds such requests until `open` is called. */
export function heldAfter(number, concerns) {
  let open;
  const gate = new Promise((resolve) => (open = resolve));
  const answer = async (response, honest) => {
    await gate;
    deliver(response, honest);
  };
  return { ...silentAfter(number, concerns), answer, open };
}

/** A fault that edits files: `change` gives the new text for a path, or `undefined`. */
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
