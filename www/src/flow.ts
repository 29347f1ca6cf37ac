//! From the input to the answer, wherever the lists come from.

import type { Catalogue } from "../pkg/cek_nik";
import { Checker, type Listener } from "./checker";
import { watchIdleness } from "./idle";
import { removePeerConnections } from "./lock";
import { applyAppearance } from "./appearance";
import { compileModule } from "./module";
import type { FromWorker, PageReason, Report, ToWorker, Typed } from "./protocol";
import { readSettings } from "./settings";
import type { CompletedReport, Prepared, State } from "./state";
import { Words } from "./texts";
import type { View } from "./view";

export const settings = readSettings(location.href);
let view: View;
let words = new Words(settings.lang ?? "id");
let state: State = { name: "loading" };
export let checker: Checker | undefined;
let prepared: Prepared | undefined;
/** What the reader has said is on the card, as long as it may have to be checked once more. */
let confirmed: Typed | undefined;

/** What a reader can do from the input on. */
export const actions = { read, confirm, change, cancel, retry: check, again, edit, speak };

/** Takes the page from nothing to `loaded`, which shows what comes first. */
export function begin(shown: View, loaded: () => void | Promise<void>): void {
  view = shown;
  removePeerConnections();
  applyAppearance(settings);
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

/** Also for whoever tries again. */
export async function load(loaded: () => void | Promise<void>): Promise<void> {
  show({ name: "loading" });
  try {
    checker = new Checker(await compileModule());
    await loaded();
  } catch {
    fail("module_failed");
  }
}

/** The data sets that the address of the page asks for, or all. */
export function chosen(catalogue: Catalogue): Catalogue {
  const { datasets: ids } = settings;
  return ids
    ? { ...catalogue, datasets: catalogue.datasets.filter(({ id }) => ids.includes(id)) }
    : catalogue;
}

/** Lets the reader type. */
export function prepare(found: Prepared): void {
  prepared = found;
  // A worker keeps the policy under which it was made: the one that sees the number is made now.
  checker?.renew();
  show({ name: "ready" });
}

/** Takes back what the reader could type into, with all that was typed. */
export function leave(): void {
  dropNumber();
  prepared = undefined;
  checker?.renew();
}

function read(typed: Typed): void {
  request({ kind: "decode", typed }, (message) => {
    if (message.kind === "decoded") {
      readBack(message, typed);
    }
  });
}

function readBack({ decoded, named }: FromWorker & { kind: "decoded" }, typed: Typed): void {
  if ("error" in decoded || (named && "error" in named)) {
    const nik = "error" in decoded ? decoded.error : undefined;
    show({
      name: "ready",
      problem: { nik, name: named && "error" in named ? named.error : undefined },
    });
  } else {
    show({ name: "reading", reading: decoded.reading, typed, word: named?.word });
  }
}

function change(): void {
  show({ name: "ready" });
}

/** A number that is being mended is no longer the one that was wrong. */
function edit(): void {
  if (state.name === "ready") {
    state = { name: "ready" };
  }
}

/** Checks what was read back, whatever stands in the input by now. */
function confirm(): void {
  if (state.name === "reading") {
    confirmed = state.typed;
    check();
  }
}

function check(): void {
  if (!prepared || !confirmed) {
    return;
  }
  show({ name: "checking" });
  prepared.check(confirmed, (message) => {
    if (message.kind === "progress") {
      show({ name: "checking", transfer: message.transfer });
    } else if (message.kind === "report") {
      conclude(message.report);
    }
  });
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
    // Pictures of an answer are passed on: the number is only kept for what has to be checked
    // again.
    if (report.answers.every(({ outcome }) => outcome !== "unknown")) {
      dropNumber();
    }
    show({ name: "answered", report, retry: confirmed !== undefined });
  } catch {
    // The core has validated what decides the answer, not what the catalogue tells people: that may
    // be anything.
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
  confirmed = undefined;
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
 * The next person at this device must find neither the number nor the answer, by going back or by
 * coming after a while.
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
