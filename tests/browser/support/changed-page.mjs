//! Changes the script of a widget file, with or without its permission to run.

import { createHash } from "node:crypto";

const SCRIPT = /<script>(.+)<\/script>/s;

/** Puts code in front of the widget's own script, and leaves the policy as it is. */
export const withScript = (html, code) =>
  html.replace(SCRIPT, (_, script) => `<script>${code};${script}</script>`);

/** The same, and the policy allows it: what somebody could publish who controls the host. */
export function withPermittedScript(html, code) {
  const changed = withScript(html, code);
  const policy = changed.replace(hash(html), hash(changed));
  if (policy === changed) {
    throw new Error("the policy of the widget does not name its script by hash");
  }
  return policy;
}

/** The same file with nothing that keeps it from the network. */
export const withoutPolicy = (html) =>
  html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");

function hash(html) {
  const [, script] = SCRIPT.exec(html) ?? [];
  return createHash("sha256").update(script, "utf8").digest("base64");
}
