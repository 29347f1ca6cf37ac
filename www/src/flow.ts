//! The steps of a check, from the input to the answer, for lists from any source.

import type { Catalogue } from "../pkg/cek_nik";
import { Checker, type Listener } from "./worker/checker";
import { watchIdleness } from "./idle";
import { removePeerConnections } from "./lock";
import { applyAppearance } from "./embedding/appearance";
import { compileModule } from "./worker/module";
import type { FromWorker, PageReason, Report, ToWorker, Typed } from "./worker/protocol";
import { followFrontPage } from "./embedding/front-page";
import { readSettings } from "./embedding/settings";
import type { CompletedReport, Prepared, State } from "./state";
import { Words } from "./texts";
import type { View } from "./view/view";

export const settings = readSettings(location.href);

/**
 * The key that must have signed the catalogue: that of the page, or that in its address. Two
 * different ones make a text that is no key, so that no signature is good.
 */
export const key = [...new Set([document.documentElement.dataset.key, settings.key])]
  .filter(Boolean)
  .join(" ");
let view: View;
let words = new Words(settings.lang ?? "id");
let state: State = { name: "loading" };
export let checker: Checker | undefined;
let prepared: Prepared | undefined;
/** What the reader has confirmed, kept only while it may have to be checked again. */
let confirmed: Typed | undefined;
/**
 * What the input holds, while it is being read. `asked`: the reader has finished typing, so that an
 * error is shown.
 */
let input: { typed: Typed; asked: boolean } | undefined;

/** The reader's actions from the input on. */
export const actions = { read, confirm, cancel, retry: () => check(true), again, edit, speak };

/** Starts the page. `loaded` shows the first state once the module is compiled. */
export function begin(shown: View, loaded: () => void | Promise<void>): void {
  view = shown;
  removePeerConnections();
  applyAppearance(settings);
  followFrontPage(speak);
  void load(loaded);
  watchIdleness({
    warn: () => view.warn(holdsSomething() ? words.texts.page.going : ""),
    stay: () => view.warn(""),
    end: forget,
  });
  addEventListener("pagehide", forget);
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      forget();
    }
  });
}

/** Compiles the module and makes a worker; also used to try again. */
export async function load(loaded: () => void | Promise<void>): Promise<void> {
  show({ name: "loading" });
  try {
    checker = new Checker(await compileModule());
    await loaded();
  } catch {
    fail("module_failed");
  }
}

/** The data sets that the page's address selects, or all. */
export function chosen(catalogue: Catalogue): Catalogue {
  const { datasets: ids } = settings;
  return ids
    ? { ...catalogue, datasets: catalogue.datasets.filter(({ id }) => ids.includes(id)) }
    : catalogue;
}

/** Shows the input. */
export function prepare(found: Prepared): void {
  prepared = found;
  // A worker keeps the policy of the moment it was made. The worker that sees the number is made
  // now, under the stricter policy.
  checker?.renew();
  show({ name: "ready" });
}

/** Removes the input and everything that was typed. */
export function leave(): void {
  dropNumber();
  prepared = undefined;
  checker?.renew();
}

/** The reader has finished typing. */
function read(typed: Typed): void {
  input = { typed, asked: true };
  readInput();
}

/**
 * The reader is typing: the old reading or error no longer applies. A `complete` number is read at
 * once.
 */
function edit(typed: Typed, complete: boolean): void {
  input = complete ? { typed, asked: false } : undefined;
  if (state.name === "reading") {
    show({ name: "ready", edited: true });
  } else if (state.name === "ready") {
    state = { name: "ready", edited: true };
  }
  readInput();
}

function readInput(): void {
  const current = input;
  if (current) {
    request({ kind: "decode", typed: current.typed }, (message) => {
      if (current !== input) {
        // The checker has dropped what was typed meanwhile.
        readInput();
      } else if (message.kind === "decoded") {
        readBack(message, current);
      }
    });
  }
}

function readBack(
  { decoded, named }: FromWorker & { kind: "decoded" },
  { typed, asked }: { typed: Typed; asked: boolean },
): void {
  const word = named && "word" in named ? named.word : undefined;
  if ("reading" in decoded && (!named || word)) {
    show({ name: "reading", reading: decoded.reading, typed, word, asked });
  } else if (asked) {
    const nik = "error" in decoded ? decoded.error : undefined;
    show({
      name: "ready",
      problem: { nik, name: named && "error" in named ? named.error : undefined },
    });
  }
}

/** Checks what was read back, not what the input contains by now. */
function confirm(): void {
  if (state.name === "reading") {
    confirmed = state.typed;
    input = undefined;
    check(false);
  }
}

function check(isRetry: boolean): void {
  if (!prepared || !confirmed) {
    return;
  }
  show({ name: "checking" });
  const listener: Listener = (message) => {
    if (message.kind === "progress") {
      show({ name: "checking", transfer: message.transfer });
    } else if (message.kind === "report") {
      conclude(message.report);
    }
  };
  prepared.check(confirmed, listener, isRetry);
}

export function request(message: ToWorker, listener: Listener, ports?: MessagePort[]): void {
  checker?.request(
    message,
    (reply) => (reply.kind === "broken" ? fail("worker_failed") : listener(reply)),
    ports,
  );
}

function conclude(report: Report | undefined): void {
  if (!report) {
    fail("worker_failed");
  } else if ("reason" in report) {
    fail(report.reason);
  } else {
    present(report);
  }
}

function present(report: CompletedReport): void {
  try {
    // Readers share pictures of an answer. The number is kept only if something has to be checked
    // again.
    if (report.answers.every(({ outcome }) => outcome !== "unknown")) {
      dropNumber();
    }
    show({ name: "answered", report, retry: confirmed !== undefined });
  } catch {
    // The core validates what decides the answer. The catalogue's texts may be anything.
    fail("catalogue_invalid");
  }
}

function again(): void {
  dropNumber();
  show({ name: "ready" });
}

export function fail(reason: PageReason | (string & {})): void {
  show({ name: "failed", reason, retry: confirmed !== undefined });
}

function cancel(): void {
  checker?.renew();
  show(prepared ? { name: "ready", cancelled: true } : { name: "start" });
}

function dropNumber(): void {
  confirmed = input = undefined;
  view.clear();
}

function speak(language: Words["language"]): void {
  words = new Words(language);
  show(state);
}

export function show(next: State): void {
  state = next;
  view.show(state, words, prepared);
}

/**
 * Clears the number and the answer. The next person at this device must find neither, by going back
 * or by coming later.
 */
function forget(): void {
  const held = holdsSomething();
  dropNumber();
  view.warn("");
  if (held) {
    checker?.renew();
    show({ name: "ready", forgotten: true });
  }
}

const holdsSomething = (): boolean =>
  prepared !== undefined && (state.name !== "ready" || view.holdsNumber());
