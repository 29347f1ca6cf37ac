//! The page that works without a network: from what is on the device to the input.

import type { Catalogue, Wanted } from "../../pkg/cek_nik";
import { actions, ask, begin, checker, chosen, fail, leave, load, prepare, show } from "../flow";
import type { Fetched, FromWorker } from "../protocol";
import { packInside } from "./inside";
import { Pack } from "./pack";
import { savedHere } from "./saved";
import type { Ask, Source } from "./source";
import { OfflineView } from "./view";

/** What was opened last, for whoever tries again. */
let source: Source | undefined;
/** Whatever is being opened: it is of no use any more once something else is, or once the reader has stopped it. */
let opening: Source | undefined;

const view = new OfflineView({ ...actions, start, choose, cancel });
begin(view, loaded);

async function loaded(): Promise<void> {
  const inside = (await packInside()) ?? (await savedHere());
  source ??= inside;
  start();
}

function start(): void {
  if (!checker) {
    void load(loaded);
  } else if (source) {
    void open(source);
  } else {
    show({ name: "start" });
  }
}

function choose(file: File): void {
  source = new Pack(file.name, file);
  if (checker) {
    start();
  }
}

function cancel(): void {
  opening = undefined;
  actions.cancel();
}

/** Whatever was open before, and the number that was checked with it, is gone. */
async function open(source: Source): Promise<void> {
  opening = source;
  leave();
  show({ name: "opening" });
  const isOver = (): boolean => opening !== source;
  // What is over must not keep the worker from what is not.
  const found = await source.open((request) => (isOver() ? new Promise(() => {}) : answer(request)));
  if (isOver()) {
    return;
  }
  opening = undefined;
  if ("reason" in found) {
    fail(found.reason);
  } else {
    view.opened = { name: source.name, since: source.since, bytes: found.bytes };
    offer(source, found.catalogue, found.read);
  }
}

const answer: Ask = (request) =>
  new Promise((resolve) => {
    ask(request, (message) => {
      if (message.kind === "progress") {
        show({ name: "opening", transfer: message.transfer });
      } else if (message.kind === request.kind && "answer" in message) {
        resolve(message.answer as never);
      }
    });
  });

function offer(source: Source, all: Catalogue, read: Fetched): void {
  const catalogue = chosen(all);
  if (!catalogue.datasets.length) {
    fail("dataset_missing");
    return;
  }
  prepare({
    catalogue,
    network: "cut",
    fetched: [read],
    all: all.datasets.length,
    check: (typed, listener) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = async ({ data }: MessageEvent<Wanted>) => port1.postMessage(await source.bring(data));
      const hear = (message: FromWorker): void => listener(message.kind === "report" ? { ...message, report: source.hear?.(message.report) ?? message.report } : message);
      ask({ kind: "check", from: port2, catalogue, held: new Map(), typed }, hear, [port2]);
    },
  });
}
