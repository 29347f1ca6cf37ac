//! Finds what is wrong with the bytes that a browser has sent.

import { findTraces } from "./traces.mjs";

/**
 * `record` is a recording proxy, `expected` the exact list of requests, `secrets` the number and
 * its key.
 */
export function audit(record, expected, secrets) {
  return [
    ...unexpected(record.urls, expected),
    ...unparsed(record),
    ...headers(record),
    ...findTraces(record.bytes, secrets),
  ];
}

function unexpected(urls, expected) {
  if (urls.length === expected.length && urls.every((url, place) => url === expected[place])) {
    return [];
  }
  return [`requests: ${urls.join(" | ")}; expected: ${expected.join(" | ")}`];
}

/** Bytes outside of requests would escape the other checks. */
function unparsed({ requests, bytes }) {
  const parsed = requests.reduce((sum, request) => sum + request.bytes.length, 0);
  return parsed === bytes.length
    ? []
    : [`${bytes.length} bytes were sent, of which requests explain ${parsed}`];
}

function headers({ requests }) {
  return requests
    .filter(({ bytes }) => /^(cookie|referer|authorization):/im.test(bytes.toString("latin1")))
    .map(({ url }) => `the request for ${url} says where the reader came from or who it is`);
}
