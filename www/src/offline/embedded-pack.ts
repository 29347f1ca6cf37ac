//! The pack inside the page, in base64. It is in a template element, which every engine parses in
//! less than a second. WebKit takes half a minute for a script element of twenty megabytes.

import { EmbeddedPack } from "./pack";
import type { Source } from "./source";

/** Removes the pack from the document and returns it, if there is one. */
export async function embeddedPack(): Promise<Source | undefined> {
  await parsed();
  const element = document.getElementById("pack") as HTMLTemplateElement | null;
  const text = element?.content.textContent?.trim();
  element?.remove();
  return text ? new EmbeddedPack(pageName(), text) : undefined;
}

/**
 * Waits for the whole page. The pack follows the script, so that the page shows before the pack has
 * been read.
 */
async function parsed(): Promise<void> {
  if (document.readyState === "loading") {
    await new Promise((resolve) => addEventListener("DOMContentLoaded", resolve));
  }
}

/** The file name of the page, which the reader knows. */
function pageName(): string {
  const name = location.pathname.split("/").pop() ?? "";
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
