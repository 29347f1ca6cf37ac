//! The front page: the widget in a frame, the language of both, and the saving section.

import { startSaving } from "../saving/page";
import type { Language } from "../texts";
import { followHeight, speakInFrame } from "./frame";
import { initialLanguage, onLanguage, showLanguage } from "./language";

followHeight();
nameIcon();
const initial = initialLanguage();
const saving = startSaving(initial);
if (initial !== "id") {
  choose(initial);
}
onLanguage(choose);

function choose(language: Language): void {
  showLanguage(language);
  speakInFrame(language);
  saving.speak(language);
}

/** Only iOS looks for the icon there. Other browsers would fetch it for every visitor. */
function nameIcon(): void {
  if ("standalone" in navigator) {
    const link = document.createElement("link");
    link.rel = "apple-touch-icon";
    link.href = "apple-touch-icon.png";
    document.head.append(link);
  }
}
