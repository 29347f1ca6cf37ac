//! The pack that may be in the page itself, in base64. It stands in a template, which every engine
//! reads in less than a second: for a script element of twenty megabytes, WebKit takes half a
//! minute.

import { EmbeddedPack } from "./pack";
import type { Source } from "./source";

/**
 * Takes it out of the document, which then holds it no longer; nothing where the page is as it was
 * published.
 */
export async function embeddedPack(): Promise<Source | undefined> {
  await parsed();
  const element = document.getElementById("pack") as HTMLTemplateElement | null;
  const text = element?.content.textContent?.trim();
  element?.remove();
  return text ? new EmbeddedPack(pageName(), text) : undefined;
}

/** It stands behind the script, so that the page is there before the last of it has been read. */
async function parsed(): Promise<void> {
  if (document.readyState === "loading") {
    await new Promise((resolve) => addEventListener("DOMContentLoaded", resolve));
  }
}

/** What the reader knows the page by. */
function pageName(): string {
  const name = location.pathname.split("/").pop() ?? "";
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
