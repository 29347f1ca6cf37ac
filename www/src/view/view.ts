//! The document: the reader's actions, and the look of each state.

import { inOrder, withOutcome } from "./answers";
import { element, paragraph } from "./element";
import { groupWhileTyping } from "./grouping";
import { listElements } from "./lists";
import { readBack } from "./reading";
import { receipt } from "./receipt";
import { reportElements } from "./report";
import { failure, verdictHeading } from "./verdict";
import type { Typed } from "../worker/protocol";
import { isNameLocked, type Prepared, type State } from "../state";
import type { Language, Words } from "../texts";

export interface Actions {
  start(): void;
  download(): void;
  read(typed: Typed): void;
  confirm(): void;
  cancel(): void;
  retry(): void;
  again(): void;
  edit(typed: Typed, complete: boolean): void;
  speak(language: Language): void;
}

export const byId = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

/** States with something running that can be cancelled. */
const RUNNING: State["name"][] = ["opening", "downloading", "checking"];

const DIGITS = 16;

/** Pixels between what is scrolled into view and the edge of the page. */
const MARGIN = 8;

/** Pixels of the hint at the lower edge of a frame. */
const HINT = 40;

export class View {
  protected readonly start = byId<HTMLButtonElement>("start");
  private readonly download = byId<HTMLButtonElement>("download");
  protected readonly network = byId("network");
  private readonly lists = byId("lists");
  private readonly entry = byId("entry");
  private readonly nik = byId<HTMLInputElement>("nik");
  private readonly count = byId("count");
  private readonly nameEntry = byId("name-entry");
  private readonly name = byId<HTMLInputElement>("name");
  private readonly check = byId<HTMLButtonElement>("check");
  private readonly reading = byId("reading");
  private readonly claims = byId("claims");
  private readonly confirm = byId<HTMLButtonElement>("confirm");
  private readonly cancel = byId<HTMLButtonElement>("cancel");
  private readonly status = byId("status");
  private readonly running = byId("running");
  private readonly stage = byId("stage");
  private readonly progress = byId<HTMLProgressElement>("progress");
  private readonly answers = byId("answers");
  protected readonly retry = byId<HTMLButtonElement>("retry");
  private readonly again = byId<HTMLButtonElement>("again");
  private shown: State | undefined;
  private words: Words | undefined;
  private prepared: Prepared | undefined;
  /** What the lists above the input show. */
  private listed: Prepared | undefined;
  private listedIn: Words | undefined;
  /** Whether the reader has done anything. A page that starts by itself does not move the focus. */
  private acted = false;

  constructor(actions: Actions) {
    this.start.onclick = actions.start;
    this.download.onclick = actions.download;
    this.check.onclick = () => actions.read(this.typed());
    this.confirm.onclick = actions.confirm;
    this.retry.onclick = () => (this.prepared ? actions.retry() : actions.start());
    this.again.onclick = actions.again;
    for (const input of [this.nik, this.name]) {
      // A sandboxed frame never submits a form, so the Enter key is handled here.
      input.onkeydown = (event) => {
        if (event.key === "Enter" && !event.isComposing) {
          event.preventDefault();
          this.acted = true;
          const goOn = input === this.nik && !this.nameEntry.hidden && !this.name.value;
          goOn ? focusOn(this.name) : actions.read(this.typed());
        }
      };
    }
    groupWhileTyping(this.nik);
    for (const input of [this.nik, this.name]) {
      input.addEventListener("input", () => {
        complain(input, "");
        this.showCount();
        actions.edit(this.typed(), this.isComplete());
      });
    }
    this.cancel.onclick = actions.cancel;
    for (const button of languageButtons()) {
      button.onclick = () => actions.speak(button.lang as Language);
    }
    addEventListener("click", () => (this.acted = true), true);
    if (parent !== window) {
      pointBelow();
    }
  }

  show(state: State, words: Words, prepared: Prepared | undefined): void {
    const before = this.shown;
    this.shown = state;
    this.words = words;
    this.prepared = prepared;
    const { page } = words.texts;
    const { name } = state;
    const running = RUNNING.includes(name);
    const root = document.documentElement;
    root.dataset.state = name;
    root.lang = words.language;
    document.title = page.title;
    for (const labelled of document.querySelectorAll<HTMLElement>("[data-text]")) {
      write(labelled, page[labelled.dataset.text as keyof typeof page]);
    }
    for (const button of languageButtons()) {
      button.setAttribute("aria-pressed", String(button.lang === words.language));
    }
    this.start.hidden = name !== "start";
    this.download.hidden = name !== "offered";
    write(
      this.download,
      name === "offered" ? words.fill(page.download, { size: words.size(state.bytes) }) : "",
    );
    this.showInput(before, state, words, prepared);
    this.cancel.hidden = this.running.hidden = !running;
    this.showNetwork(prepared, words);
    this.showLists(words, prepared);
    write(this.status, status(state, words, prepared));
    // Said to screen readers where the page shows it already.
    this.status.classList.toggle("heard", isSeen(state));
    this.showProblem(state, words, state !== before);
    this.showProgress(state, words);
    this.showResults(this.results(state, words, prepared), state === before);
    this.again.hidden = !prepared || !(name === "answered" || name === "failed");
    this.retry.hidden = !canRetry(state, prepared);
    (this.answers.querySelector(".verdict") ?? this.answers).append(this.retry);
    const isAsked = name === "reading" && state.asked && state !== before;
    // The focus moves only if it is inside the frame already.
    if ((before?.name !== name || isAsked) && document.hasFocus()) {
      this.moveFocus(before, state);
    }
  }

  /**
   * Without the gaps that this page inserts: readers do not count them when a message names a
   * position.
   */
  private typed(): Typed {
    return {
      nik: this.nik.value.replace(/ /g, ""),
      ...(!this.nameEntry.hidden && { name: this.name.value }),
    };
  }

  private isComplete(): boolean {
    const named = this.nameEntry.hidden || this.name.value;
    return digitsIn(this.nik.value) === DIGITS && Boolean(named);
  }

  holdsNumber(): boolean {
    return this.nik.value + this.name.value !== "";
  }

  /**
   * Warns that the number and the answer are about to be cleared. Empty text removes the warning.
   */
  warn(text: string): void {
    write(byId("going"), text);
  }

  /** Clears the number and the name. */
  clear(): void {
    this.nik.value = this.name.value = "";
    this.showCount();
  }

  /**
   * The input stays where it is while its number is read and checked, so that nothing moves under
   * the reader's finger.
   */
  private showInput(
    before: State | undefined,
    state: State,
    words: Words,
    prepared: Prepared | undefined,
  ): void {
    const { name } = state;
    const stays =
      name === "checking" &&
      (before?.name === "reading" || (before?.name === "checking" && !this.entry.hidden));
    this.entry.hidden = name !== "ready" && name !== "reading" && !stays;
    this.nik.readOnly = this.name.readOnly = stays;
    this.check.hidden = name !== "ready";
    this.confirm.hidden = name !== "reading";
    this.reading.hidden = name !== "reading" && !stays;
    byId("why-name").hidden = this.nameEntry.hidden = !prepared || !isNameLocked(prepared);
    this.nik.enterKeyHint = this.nameEntry.hidden ? "done" : "next";
    write(byId("reading-heading"), words.texts.rows.heading);
    this.showCount();
    if (name === "reading") {
      this.claims.replaceChildren(...readBack(state.reading, state.typed.nik, state.word, words));
    } else if (!stays) {
      this.claims.replaceChildren();
    }
    document.documentElement.toggleAttribute(
      "data-doubtful",
      name === "reading" && state.reading.warnings.length > 0,
    );
    if (name === "reading" && before?.name === "ready" && !state.asked) {
      reveal(this.nik, this.confirm);
    }
  }

  private showCount(): void {
    const text = this.words?.texts.page.count ?? "";
    write(this.count, this.words?.fill(text, { count: digitsIn(this.nik.value) }) ?? "");
  }

  protected showNetwork(prepared: Prepared | undefined, words: Words): void {
    const { page } = words.texts;
    const network = prepared?.network ?? "open";
    this.network.hidden = !prepared;
    document.documentElement.dataset.network = network;
    write(this.network, prepared ? page[network === "cut" ? "cut" : "narrow"] : "");
    write(byId("see"), network === "cut" ? page.see_cut : page.see);
    const host = (prepared?.places ?? []).map((place) => place.split("/")[2]).join(", ");
    write(byId("why-host"), network === "narrow" ? words.fill(page.why_host, { host }) : "");
  }

  private showLists(words: Words, prepared: Prepared | undefined): void {
    this.lists.hidden = !prepared;
    if (this.listed !== prepared || this.listedIn !== words) {
      this.listed = prepared;
      this.listedIn = words;
      this.lists.replaceChildren(...(prepared ? this.listElements(prepared, words) : []));
    }
  }

  /** What is checked, and who runs the page: above the input. */
  protected listElements(prepared: Prepared, words: Words): HTMLElement[] {
    return listElements([paragraph(words.texts.page.lists)], prepared, words);
  }

  /** What belongs to the lists of an answer. */
  protected source(_: Words): HTMLElement[] {
    return [];
  }

  private results(state: State, words: Words, prepared: Prepared | undefined): HTMLElement[] {
    switch (state.name) {
      case "answered":
        return prepared
          ? [
              ...reportElements(prepared, state.report, words),
              element("div", { class: "quiet" }, ...this.source(words)),
              receipt(state.report, prepared, words),
            ]
          : [];
      case "failed":
        return [failure(state.reason, words)];
      default:
        return [];
    }
  }

  /** Details that were open stay open when the language changes. */
  private showResults(elements: HTMLElement[], again: boolean): void {
    const details = (): NodeListOf<HTMLDetailsElement> => this.answers.querySelectorAll("details");
    const open = [...details()].map((one) => again && one.open);
    this.answers.replaceChildren(...elements);
    details().forEach((one, place) => (one.open = open[place] ?? false));
  }

  private showProblem(state: State, words: Words, isNew: boolean): void {
    const problem = state.name === "ready" ? state.problem : undefined;
    const { nik_error, name_error } = words.texts;
    complain(
      this.nik,
      problem?.nik ? words.fill(nik_error[problem.nik.code], { ...problem.nik }) : "",
    );
    complain(this.name, problem?.name ? name_error[problem.name] : "");
    if (problem && isNew) {
      focusOn(problem.nik ? this.nik : this.name);
    }
  }

  private showProgress(state: State, words: Words): void {
    const { page } = words.texts;
    const transfer = "transfer" in state ? state.transfer : undefined;
    const { received = 0, total } = transfer ?? {};
    const amounts = { received: kilobytes(received), total: kilobytes(total ?? 0) };
    if (total) {
      this.progress.max = total;
      this.progress.value = received;
      write(
        this.stage,
        words.fill(state.name === "checking" ? page.piece : page.downloaded, amounts),
      );
    } else {
      this.progress.removeAttribute("value");
      // It would tell the next reader what was fetched last.
      this.progress.removeAttribute("max");
      write(this.stage, state.name === "checking" ? page.key : "");
    }
  }

  /** Moves the focus to where the reader continues. Hidden elements would lose it. */
  protected moveFocus(before: State | undefined, state: State): void {
    if (!before || before.name === "loading" || !this.acted) {
      return;
    }
    switch (state.name) {
      case "opening":
      case "downloading":
        return focusOn(this.cancel);
      case "checking":
        return this.cancel.focus({ preventScroll: true });
      case "start":
        return focusOn(this.start);
      case "offered":
        return focusOn(this.download);
      case "ready":
        if (before.name !== "reading") {
          focusOn(this.nik);
          reveal(this.lists, this.check);
        }
        return;
      case "reading":
        return state.asked ? focusOn(byId("reading-heading"), this.entry) : undefined;
      default:
        return focusOn(this.answers.querySelector<HTMLElement>("h2") ?? this.start, this.answers);
    }
  }
}

/**
 * Moves the focus and scrolls this page only. Browsers that scroll a focused element into view also
 * scroll the embedding page, and the distance would tell it what is shown here.
 */
export function focusOn(target: HTMLElement, top = document.body): void {
  target.focus({ preventScroll: true });
  scrollTo(0, top.getBoundingClientRect().top + scrollY - MARGIN);
}

/** Scrolls as little as needed to show all of the page from `first` to `last`, above a keyboard. */
function reveal(first: HTMLElement, last: HTMLElement): void {
  const covered = parent === window ? 0 : HINT;
  const seen = (visualViewport?.height ?? innerHeight) - covered;
  const missing = last.getBoundingClientRect().bottom + MARGIN - seen;
  scrollBy(0, Math.max(0, Math.min(missing, first.getBoundingClientRect().top)));
}

/**
 * Shows a hint that there is more below, since a frame may have no scroll bar. Until the reader
 * scrolls, it also covers a heading that the edge of the frame cuts.
 */
function pointBelow(): void {
  const root = document.documentElement;
  const below = byId("below");
  const update = (): void => {
    root.toggleAttribute("data-below", root.scrollHeight - innerHeight - scrollY > 24);
    below.removeAttribute("style");
  };
  const cover = (): void => {
    update();
    const edge = below.getBoundingClientRect().top;
    for (const heading of document.querySelectorAll("h2, h3, summary")) {
      const { top, bottom } = heading.getBoundingClientRect();
      if (top < edge && bottom > edge) {
        below.style.height = `${innerHeight - top}px`;
      }
    }
  };
  addEventListener("scroll", update, { passive: true });
  new ResizeObserver(cover).observe(document.body);
  new ResizeObserver(cover).observe(root);
}

function complain(input: HTMLInputElement, text: string): void {
  write(byId(`${input.id}-problem`), text);
  input.setAttribute("aria-invalid", String(text !== ""));
}

const languageButtons = (): NodeListOf<HTMLElement> =>
  document.querySelectorAll("#languages button");

const kilobytes = (bytes: number): number => Math.ceil(bytes / 1000);

const digitsIn = (text: string): number => text.normalize("NFKC").match(/\p{Nd}/gu)?.length ?? 0;

/** Writes only if the text changes: screen readers announce every write to a live region. */
export function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Without a catalogue, trying again means starting again. */
const canRetry = (state: State, prepared: Prepared | undefined): boolean =>
  (state.name === "answered" && state.retry) ||
  (state.name === "failed" && (state.retry || !prepared));

const isSeen = (state: State): boolean =>
  state.name === "ready"
    ? !(state.cancelled || state.forgotten)
    : ["reading", "answered", "failed"].includes(state.name);

function status(state: State, words: Words, prepared: Prepared | undefined): string {
  const { page } = words.texts;
  switch (state.name) {
    case "start":
      return page.start_status;
    case "offered":
      return words.fill(page.offered, { size: words.size(state.bytes) });
    case "ready":
      return state.cancelled
        ? page.cancelled
        : state.forgotten
          ? page.forgotten
          : state.problem || state.edited
            ? ""
            : page.ready;
    case "answered": {
      const all = prepared ? inOrder(prepared.catalogue, state.report) : [];
      const done = withOutcome(all, "unknown").length ? "" : `${page.answered} `;
      return prepared ? `${done}${verdictHeading(all, words)}.` : "";
    }
    default:
      return page[state.name];
  }
}
