//! The document: what the reader does in it, and how each state looks.

import { answers, tally, total } from "./answers";
import type { State } from "./state";
import type { Language, Words } from "./texts";

interface Actions {
  check(nik: string): void;
  cancel(): void;
  speak(language: Language): void;
}

const byId = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

export class View {
  private readonly nik = byId<HTMLInputElement>("nik");
  private readonly check = byId<HTMLButtonElement>("check");
  private readonly cancel = byId<HTMLButtonElement>("cancel");
  private readonly problem = byId("problem");
  private readonly status = byId("status");
  private readonly running = byId("running");
  private readonly stage = byId("stage");
  private readonly progress = byId<HTMLProgressElement>("progress");
  private readonly answers = byId("answers");
  private shown: State | undefined;

  constructor(actions: Actions) {
    this.check.onclick = () => actions.check(this.nik.value);
    // In a sandboxed frame a form is never submitted, so the key is read here.
    this.nik.onkeydown = (event) => {
      if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        this.check.click();
      }
    };
    this.cancel.onclick = actions.cancel;
    for (const button of languageButtons()) {
      button.onclick = () => actions.speak(button.lang as Language);
    }
  }

  show(state: State, words: Words): void {
    const before = this.shown;
    this.shown = state;
    const { page } = words.texts;
    const checking = state.name === "checking";
    const root = document.documentElement;
    root.dataset.state = state.name;
    root.lang = words.language;
    document.title = page.title;
    for (const labelled of document.querySelectorAll<HTMLElement>("[data-text]")) {
      labelled.textContent = page[labelled.dataset.text as keyof typeof page];
    }
    for (const button of languageButtons()) {
      button.setAttribute("aria-pressed", String(button.lang === words.language));
    }
    this.nik.disabled = this.check.disabled = state.name === "loading";
    this.nik.readOnly = checking;
    this.check.hidden = checking;
    this.cancel.hidden = this.running.hidden = !checking;
    say(this.status, status(state, words));
    this.showProblem(state, words);
    this.showProgress(state, words);
    this.answers.replaceChildren(...results(state, words));
    if (before !== state) {
      this.moveFocus(before, state);
    }
  }

  /** Takes the number out of the document. */
  clear(): void {
    this.nik.value = "";
  }

  private showProblem(state: State, words: Words): void {
    const problem = state.name === "ready" ? state.problem : undefined;
    say(this.problem, problem ? words.fill(words.texts.nik_error[problem.code], { ...problem }) : "");
    this.nik.setAttribute("aria-invalid", String(!!problem));
  }

  private showProgress(state: State, words: Words): void {
    const { page } = words.texts;
    const download = state.name === "checking" ? state.download : undefined;
    const { received = 0, total } = download ?? {};
    if (total) {
      this.progress.max = total;
      this.progress.value = received;
      this.stage.textContent = words.fill(page.downloading, { received: kilobytes(received), total: kilobytes(total) });
    } else {
      this.progress.removeAttribute("value");
      this.stage.textContent = download ? page.key : page.fetching;
    }
  }

  /** Keeps the focus where the reader is needed next: the buttons that take turns would lose it. */
  private moveFocus(before: State | undefined, state: State): void {
    if (state.name === "checking") {
      if (state.started && before?.name === "checking" && !before.started) {
        this.cancel.focus();
      }
    } else if (before?.name === "checking") {
      const first = this.answers.querySelector<HTMLElement>("h2");
      const target = state.name === "ready" && state.problem ? this.nik : (first ?? this.check);
      target.focus();
    }
  }
}

const languageButtons = (): NodeListOf<HTMLElement> => document.querySelectorAll("#languages button");

const kilobytes = (bytes: number): number => Math.ceil(bytes / 1000);

/** Screen readers read out a live region whenever it is written to, so only a change is written. */
function say(region: HTMLElement, text: string): void {
  if (region.textContent !== text) {
    region.textContent = text;
  }
}

function status(state: State, words: Words): string {
  const { page } = words.texts;
  switch (state.name) {
    case "ready":
      return state.cancelled ? page.cancelled : page.ready;
    case "answered":
      return `${page.answered} ${tally(state.report, words)}`;
    default:
      return page[state.name];
  }
}

function results(state: State, words: Words): HTMLElement[] {
  switch (state.name) {
    case "answered":
      return answers(state.report, words);
    case "failed":
      return [total(state.reason, words)];
    default:
      return [];
  }
}
