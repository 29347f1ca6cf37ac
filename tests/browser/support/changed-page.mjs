//! Changes the script of a page, with or without permission in its policy.

import { createHash } from "node:crypto";

const SCRIPT = /<script>(.+)<\/script>/s;

/** Puts code before the page's script and leaves the policy. */
export const withScript = (html, code) =>
  html.replace(SCRIPT, (_, script) => `<script>${code};${script}</script>`);

/**
 * Puts code before the page's script and adapts the policy, as an attacker who controls the host
 * could.
 */
export function withPermittedScript(html, code) {
  const changed = withScript(html, code);
  const policy = changed.replace(hash(html), hash(changed));
  if (policy === changed) {
    throw new Error("the policy of the widget does not name its script by hash");
  }
  return policy;
}

/** The page without its policy. */
export const withoutPolicy = (html) =>
  html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");

function hash(html) {
  const [, script] = SCRIPT.exec(html) ?? [];
  return createHash("sha256").update(script, "utf8").digest("base64");
}
