//! The page: from what the reader does to what the page shows.

import type { Report } from "../pkg/cek_nik";
import { Checker } from "./checker";
import { compileModule } from "./module";
import { failure, type FromWorker } from "./protocol";
import type { Answers, State } from "./state";
import { Words } from "./texts";
import { View } from "./view";

const view = new View({ check, cancel, speak });
let words = new Words("id");
let state: State = { name: "loading" };
let checker: Checker | undefined;

void load();

async function load(): Promise<void> {
  show({ name: "loading" });
  try {
    checker = new Checker(await compileModule());
    show({ name: "ready" });
  } catch {
    conclude(failure("module_failed"));
  }
}

function check(nik: string): void {
  if (!checker) {
    void load();
    return;
  }
  if (state.name !== "checking") {
    show({ name: "checking", started: false });
    checker.check(nik, hear);
  }
}

function hear(message: FromWorker): void {
  switch (message.kind) {
    case "started":
      return show({ name: "checking", started: true });
    case "progress":
      return show({ name: "checking", started: true, download: message.download });
    case "problem":
      return show({ name: "ready", problem: message.problem });
    case "report":
      return conclude(message.report);
  }
}

function conclude(report: Report | undefined): void {
  if (!report) {
    show({ name: "failed", reason: "worker_failed" });
  } else if ("reason" in report) {
    show({ name: "failed", reason: report.reason });
  } else {
    present(report);
  }
}

function present(report: Answers): void {
  try {
    show({ name: "answered", report });
  } catch {
    // The core has validated what decides the answer, not what the catalogue tells people: that may be anything.
    show({ name: "failed", reason: "catalogue_invalid" });
  }
}

function cancel(): void {
  checker?.stop();
  show({ name: "ready", cancelled: true });
}

function speak(language: Words["language"]): void {
  words = new Words(language);
  show(state);
}

function show(next: State): void {
  state = next;
  view.show(state, words);
}

/** The next person at this device must find neither the number nor the answer by going back. */
function forget(): void {
  view.clear();
  if (checker) {
    checker.stop();
    show({ name: "ready" });
  }
}

addEventListener("pagehide", forget);
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    forget();
  }
});
