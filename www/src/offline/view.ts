//! The parts of the document that only the offline page has: the file picker and the description of
//! the file.

import { key } from "../flow";
import { paragraph } from "../view/element";
import { listElements } from "../view/lists";
import type { Prepared, State } from "../state";
import type { Words } from "../texts";
import { byId, focusOn, View, write, type Actions } from "../view/view";
import { textsOf } from "./texts";

interface OfflineActions extends Omit<Actions, "download"> {
  choose(file: File): void;
  /** Goes back to the pack inside the page or the saved lists. */
  goBack(): void;
}

/** Failures that may pass when the reader tries again with the same file. */
const MAY_PASS = ["module_failed", "worker_failed"];

export class OfflineView extends View {
  /** The file that was opened last, and its size in bytes. */
  opened: { name: string; since?: string | undefined; bytes: number } = { name: "", bytes: 0 };
  /** Whether there is a source to go back to. */
  own = false;
  private readonly back = byId<HTMLButtonElement>("back");
  private readonly choice = byId("choice");
  private readonly file = byId<HTMLInputElement>("file");

  constructor(actions: OfflineActions) {
    super({ ...actions, download: () => {} });
    this.back.onclick = actions.goBack;
    this.file.onchange = () => {
      const file = this.file.files?.[0];
      // Otherwise the same file could not be chosen again, and the input would keep a file that is
      // no longer used.
      this.file.value = "";
      choose(file);
    };
    const choose = (file: File | undefined): void => file && actions.choose(file);
    acceptDrops(choose);
  }

  override show(state: State, words: Words, prepared: Prepared | undefined): void {
    const { page } = textsOf(words);
    this.choice.hidden = state.name === "loading";
    byId("choose").textContent = prepared ? page.choose_other : page.choose;
    this.choice.toggleAttribute("data-other", prepared !== undefined);
    byId("choice-what").hidden = state.name !== "start";
    super.show(state, words, prepared);
    // Here a file starts the check, and a wrong file stays wrong.
    this.start.hidden = true;
    this.retry.hidden ||=
      !prepared && !(state.name === "failed" && MAY_PASS.includes(state.reason));
    this.back.hidden =
      !this.own ||
      prepared !== undefined ||
      !["start", "failed"].includes(state.name) ||
      !this.retry.hidden;
  }

  protected override listElements(prepared: Prepared, words: Words): HTMLElement[] {
    const [introduction, ...notes] = this.source(words);
    return [...listElements([introduction!], prepared, words), ...notes];
  }

  /** The file or the day belongs to an answer, too. */
  protected override source(words: Words): HTMLElement[] {
    const { page } = textsOf(words);
    const { name, since, bytes } = this.opened;
    const values = { name, size: words.size(bytes), date: words.date(since) };
    return [
      paragraph(words.fill(since ? page.lists_saved : page.lists, values)),
      // Under a pinned key, its owner has made the lists.
      ...(since || key ? [] : [paragraph(page.maker)]),
    ];
  }

  /** The offline page never uses the network. */
  protected override showNetwork(_: Prepared | undefined, words: Words): void {
    const { page } = words.texts;
    document.documentElement.dataset.network = "cut";
    this.network.hidden = false;
    write(this.network, page.cut);
    write(byId("see"), page.see_cut);
  }

  protected override moveFocus(before: State | undefined, state: State): void {
    if (state.name === "start" && before && before.name !== "loading") {
      focusOn(this.file);
    } else {
      super.moveFocus(before, state);
    }
  }
}

/** Opens a file that is dropped anywhere on the page. Browsers would leave the page to show it. */
function acceptDrops(choose: (file: File | undefined) => void): void {
  const root = document.documentElement;
  const follow = (sign: string, drop: boolean): void =>
    addEventListener(sign, (event) => {
      const { dataTransfer } = event as DragEvent;
      if (dataTransfer?.types.includes("Files")) {
        event.preventDefault();
        root.toggleAttribute("data-dragged", sign === "dragover");
        choose(drop ? dataTransfer.files[0] : undefined);
      }
    });
  follow("dragover", false);
  follow("dragleave", false);
  follow("drop", true);
}
