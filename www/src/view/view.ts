//! The document: the reader's actions, and the look of each state.

import { failureElement, outcomeSummary, reportElements } from "./report";
import { groupWhileTyping } from "./grouping";
import { readBack } from "./reading";
import { receipt } from "./receipt";
import type { Typed } from "../worker/protocol";
import { isNameLocked, type Prepared, type State } from "../state";
import type { Language, Words } from "../texts";

export interface Actions {
  start(): void;
  download(): void;
  read(typed: Typed): void;
  confirm(): void;
  change(): void;
  cancel(): void;
  retry(): void;
  again(): void;
  edit(): void;
  speak(language: Language): void;
}

export const byId = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

/** States with something running that can be cancelled. */
const RUNNING: State["name"][] = ["opening", "downloading", "checking"];

export class View {
  protected readonly start = byId<HTMLButtonElement>("start");
  private readonly download = byId<HTMLButtonElement>("download");
  protected readonly network = byId("network");
  private readonly entry = byId("entry");
  private readonly nik = byId<HTMLInputElement>("nik");
  private readonly nameEntry = byId("name-entry");
  private readonly name = byId<HTMLInputElement>("name");
  private readonly check = byId<HTMLButtonElement>("check");
  private readonly reading = byId("reading");
  private readonly claims = byId("claims");
  private readonly cancel = byId<HTMLButtonElement>("cancel");
  private readonly status = byId("status");
  private readonly running = byId("running");
  private readonly stage = byId("stage");
  private readonly progress = byId<HTMLProgressElement>("progress");
  private readonly answers = byId("answers");
  private readonly retry = byId<HTMLButtonElement>("retry");
  private readonly again = byId<HTMLButtonElement>("again");
  private shown: State | undefined;

  constructor(actions: Actions) {
    this.start.onclick = actions.start;
    this.download.onclick = actions.download;
    this.check.onclick = () => actions.read(this.typed());
    byId("confirm").onclick = actions.confirm;
    this.retry.onclick = actions.retry;
    this.again.onclick = actions.again;
    byId("change").onclick = actions.change;
    for (const input of [this.nik, this.name]) {
      // A sandboxed frame never submits a form, so the Enter key is handled here.
      input.onkeydown = (event) => {
        if (event.key === "Enter" && !event.isComposing) {
          event.preventDefault();
          const goOn = input === this.nik && !this.nameEntry.hidden && !this.name.value;
          goOn ? focusOn(this.name) : this.check.click();
        }
      };
      input.addEventListener("input", () => {
        complain(input, "");
        actions.edit();
      });
    }
    groupWhileTyping(this.nik);
    this.cancel.onclick = actions.cancel;
    for (const button of languageButtons()) {
      button.onclick = () => actions.speak(button.lang as Language);
    }
    if (parent !== window) {
      pointBelow();
    }
  }

  show(state: State, words: Words, prepared: Prepared | undefined): void {
    const before = this.shown;
    this.shown = state;
    const { page } = words.texts;
    const { name } = state;
    const running = RUNNING.includes(name);
    const root = document.documentElement;
    root.dataset.state = name;
    root.lang = words.language;
    document.title = page.title;
    for (const labelled of document.querySelectorAll<HTMLElement>("[data-text]")) {
      labelled.textContent = page[labelled.dataset.text as keyof typeof page];
    }
    for (const button of languageButtons()) {
      button.setAttribute("aria-pressed", String(button.lang === words.language));
    }
    this.start.textContent = name === "failed" ? page.retry : page.start;
    this.start.hidden = !(name === "start" || (name === "failed" && !prepared));
    this.download.hidden = name !== "offered";
    this.download.textContent =
      name === "offered" ? words.fill(page.download, { size: words.size(state.bytes) }) : "";
    this.entry.hidden = name !== "ready";
    byId("why-name").hidden = this.nameEntry.hidden = !prepared || !isNameLocked(prepared);
    this.reading.hidden = name !== "reading";
    this.claims.replaceChildren(
      ...(name === "reading" ? readBack(state.reading, state.typed.nik, state.word, words) : []),
    );
    root.toggleAttribute("data-doubtful", name === "reading" && state.reading.warnings.length > 0);
    this.cancel.hidden = this.running.hidden = !running;
    this.showNetwork(prepared, words);
    announce(this.status, status(state, words, prepared));
    this.showProblem(state, words, state !== before);
    this.showProgress(state, words);
    this.showResults(results(state, words, prepared), state === before);
    const ended = name === "answered" || (name === "failed" && prepared) ? state : undefined;
    this.again.hidden = !ended;
    this.retry.hidden = !ended?.retry;
    // The focus moves only if it is inside the frame already.
    if (before?.name !== name && document.hasFocus()) {
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

  holdsNumber(): boolean {
    return this.nik.value + this.name.value !== "";
  }

  /**
   * Warns that the number and the answer are about to be cleared. Empty text removes the warning.
   */
  warn(text: string): void {
    announce(byId("going"), text);
  }

  /** Clears the number and the name. */
  clear(): void {
    this.nik.value = this.name.value = "";
  }

  protected showNetwork(prepared: Prepared | undefined, words: Words): void {
    const { page } = words.texts;
    this.network.hidden = !prepared;
    document.documentElement.dataset.network = prepared?.network ?? "open";
    const text =
      prepared?.network === "cut" ? page.cut : words.fill(page.narrow, { host: location.host });
    this.network.textContent = prepared ? text : "";
    byId("see").textContent = prepared?.network === "cut" ? page.see_cut : page.see;
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
      this.stage.textContent = words.fill(
        state.name === "checking" ? page.piece : page.downloaded,
        amounts,
      );
    } else {
      this.progress.removeAttribute("value");
      // It would tell the next reader what was fetched last.
      this.progress.removeAttribute("max");
      this.stage.textContent = state.name === "checking" ? page.key : "";
    }
  }

  /** Moves the focus to where the reader continues. Hidden elements would lose it. */
  protected moveFocus(before: State | undefined, state: State): void {
    if (!before || before.name === "loading") {
      return;
    }
    switch (state.name) {
      case "opening":
      case "downloading":
      case "checking":
        return focusOn(this.cancel);
      case "offered":
        return focusOn(this.download);
      case "ready":
        return focusOn(this.nik);
      case "reading":
        return focusOn(byId("reading-heading"), byId("reading"));
      default:
        return focusOn(this.answers.querySelector<HTMLElement>("h2") ?? this.start, this.status);
    }
  }
}

/**
 * Moves the focus and scrolls this page only. Browsers that scroll a focused element into view also
 * scroll the embedding page, and the distance would tell it what is shown here.
 */
export function focusOn(target: HTMLElement, top = document.body): void {
  target.focus({ preventScroll: true });
  scrollTo(0, top.getBoundingClientRect().top + scrollY);
}

/** Shows a hint that there is more below, since a frame may have no scroll bar. */
function pointBelow(): void {
  const root = document.documentElement;
  const update = (): void => {
    root.toggleAttribute("data-below", root.scrollHeight - innerHeight - scrollY > 24);
  };
  addEventListener("scroll", update, { passive: true });
  new ResizeObserver(update).observe(document.body);
  new ResizeObserver(update).observe(root);
}

function complain(input: HTMLInputElement, text: string): void {
  announce(byId(`${input.id}-problem`), text);
  input.setAttribute("aria-invalid", String(text !== ""));
}

const languageButtons = (): NodeListOf<HTMLElement> =>
  document.querySelectorAll("#languages button");

const kilobytes = (bytes: number): number => Math.ceil(bytes / 1000);

/** Writes to a live region only if the text changes: screen readers announce every write. */
function announce(region: HTMLElement, text: string): void {
  if (region.textContent !== text) {
    region.textContent = text;
  }
}

function status(state: State, words: Words, prepared: Prepared | undefined): string {
  const { page } = words.texts;
  switch (state.name) {
    case "start":
      return page.start_status;
    case "offered":
      return words.fill(page.offered, { size: words.size(state.bytes) });
    case "ready":
      return state.cancelled ? page.cancelled : state.forgotten ? page.forgotten : page.ready;
    case "answered":
      return prepared
        ? `${page.answered} ${outcomeSummary(prepared.catalogue, state.report, words)}`
        : "";
    default:
      return page[state.name];
  }
}

function results(state: State, words: Words, prepared: Prepared | undefined): HTMLElement[] {
  switch (state.name) {
    case "answered":
      return prepared
        ? [...reportElements(prepared, state.report, words), receipt(state.report, prepared, words)]
        : [];
    case "failed":
      return [failureElement(state.reason, words)];
    default:
      return [];
  }
}
