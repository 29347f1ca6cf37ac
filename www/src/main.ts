//! The page: from what the reader does to what the page shows.

import type { Catalogue } from "../pkg/cek_nik";
import { Checker } from "./checker";
import { lock, removePeerConnections } from "./lock";
import { watchIdleness } from "./idle";
import { dress } from "./look";
import { compileModule } from "./module";
import type { FromWorker, Opened, PageReason, Report, Request, Typed } from "./protocol";
import { fitStart, takeRoom } from "./room";
import { readSettings } from "./settings";
import type { Answers, Prepared, State } from "./state";
import { Words } from "./texts";
import { View } from "./view";

/** Lists up to that many bytes are downloaded without asking again: less than most pictures in an article. */
const WITHOUT_ASKING = 300_000;

const settings = readSettings(location.href);
const address = settings.catalogue ?? new URL("catalogue.json", location.href).href;
const view = new View({ start, download, read, confirm, change, cancel, retry: check, again, edit, speak });
let words = new Words(settings.lang ?? "id");
let state: State = { name: "loading" };
let checker: Checker | undefined;
let opened: Pick<Prepared, "catalogue" | "fetched" | "all"> | undefined;
let prepared: Prepared | undefined;
/** What the reader has said is on the card, as long as it may have to be checked once more. */
let confirmed: Typed | undefined;

removePeerConnections();
dress(settings);
void load();
fitStart();

async function load(): Promise<void> {
  show({ name: "loading" });
  try {
    checker = new Checker(await compileModule());
    show({ name: "start" });
  } catch {
    fail("module_failed");
  }
}

/** Nothing is asked of the network before the reader asks for it. */
function start(): void {
  if (!checker) {
    void load();
    return;
  }
  takeRoom();
  show({ name: "opening" });
  ask({ kind: "open", address }, (message) => {
    if (message.kind === "progress") {
      show({ name: "opening", transfer: message.transfer });
    } else if (message.kind === "opened") {
      offer(message.opened);
    }
  });
}

function offer(answer: Opened): void {
  if ("reason" in answer) {
    fail(answer.reason);
    return;
  }
  const catalogue = chosen(answer.catalogue);
  if (!catalogue.datasets.length) {
    fail("dataset_missing");
    return;
  }
  opened = { catalogue, fetched: answer.fetched, all: answer.catalogue.datasets.length };
  const bytes = wholeBytes(catalogue);
  if (bytes > WITHOUT_ASKING) {
    show({ name: "offered", bytes });
  } else {
    download();
  }
}

/** The data sets that the page around the widget asks for, or all. */
function chosen(catalogue: Catalogue): Catalogue {
  const { datasets: ids } = settings;
  return ids ? { ...catalogue, datasets: catalogue.datasets.filter(({ id }) => ids.includes(id)) } : catalogue;
}

/** The core judges each set once more; here it is only about what to say. */
function wholeBytes({ datasets }: Catalogue): number {
  return datasets.filter(({ prefix_bits }) => prefix_bits === 0).reduce((sum, { shard_bytes }) => sum + (shard_bytes || 0), 0);
}

function download(): void {
  if (!opened) {
    return;
  }
  const { catalogue, fetched, all } = opened;
  show({ name: "downloading" });
  ask({ kind: "download", address, catalogue }, (message) => {
    if (message.kind === "progress") {
      show({ name: "downloading", transfer: message.transfer });
    } else if (message.kind === "downloaded") {
      const { held, complete, fetched: more } = message.downloaded;
      const network = lock(complete ? undefined : new URL(".", address).href);
      prepared = { catalogue, held, network, fetched: [...fetched, ...more], all };
      // A worker keeps the policy under which it was made: the one that sees the number is made now.
      checker?.renew();
      show({ name: "ready" });
    }
  });
}

function read(typed: Typed): void {
  ask({ kind: "decode", typed }, (message) => {
    if (message.kind === "decoded") {
      readBack(message, typed);
    }
  });
}

function readBack({ decoded, named }: FromWorker & { kind: "decoded" }, typed: Typed): void {
  if ("error" in decoded || (named && "error" in named)) {
    const nik = "error" in decoded ? decoded.error : undefined;
    show({ name: "ready", problem: { nik, name: named && "error" in named ? named.error : undefined } });
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
  const { catalogue, held } = prepared;
  show({ name: "checking" });
  ask({ kind: "check", address, catalogue, held, typed: confirmed }, (message) => {
    if (message.kind === "progress") {
      show({ name: "checking", transfer: message.transfer });
    } else if (message.kind === "report") {
      conclude(message.report);
    }
  });
}

function ask(request: Request, listener: (message: FromWorker) => void): void {
  checker?.ask(request, (message) => (message.kind === "broken" ? fail("worker_failed") : listener(message)));
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

function present(report: Answers): void {
  try {
    // Pictures of an answer are passed on: the number is only kept for what has to be checked again.
    if (report.answers.every(({ outcome }) => outcome !== "unknown")) {
      dropNumber();
    }
    show({ name: "answered", report, retry: confirmed !== undefined });
  } catch {
    // The core has validated what decides the answer, not what the catalogue tells people: that may be anything.
    fail("catalogue_invalid");
  }
}

function again(): void {
  dropNumber();
  show({ name: "ready" });
}

function fail(reason: PageReason | (string & {})): void {
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

function show(next: State): void {
  state = next;
  view.show(state, words, prepared);
}

/** The next person at this device must find neither the number nor the answer, by going back or by coming after a while. */
function forget(): void {
  const held = holdsSomething();
  dropNumber();
  view.warn("");
  if (held) {
    checker?.renew();
    show({ name: "ready", forgotten: true });
  }
}

const holdsSomething = (): boolean => prepared !== undefined && (state.name !== "ready" || view.holdsNumber());

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
