//! The page that works without a network: from what is on the device to the input.

import type { Wanted } from "../../pkg/cek_nik";
import { actions, ask, begin, checker, chosen, fail, leave, load, prepare, show } from "../flow";
import type { FromWorker } from "../protocol";
import { packInside } from "./inside";
import { Pack } from "./pack";
import { savedHere } from "./saved";
import type { Ask, Found, Source } from "./source";
import { OfflineView } from "./view";

/** What was opened last, for whoever tries again. */
let source: Source | undefined;
/** What came with the page, or is saved here: it can be gone back to. */
let own: Source | undefined;
/**
 * Whatever is being opened: it is of no use any more once something else is, or once the reader has
 * stopped it.
 */
let opening: Source | undefined;

const view = new OfflineView({ ...actions, start, choose, goBack, cancel });
begin(view, loaded);

async function loaded(): Promise<void> {
  own ??= (await packInside()) ?? (await savedHere());
  source ??= own;
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

function goBack(): void {
  source = own;
  start();
}

function cancel(): void {
  opening = undefined;
  view.own = own !== undefined;
  actions.cancel();
}

/** Whatever was open before, and the number that was checked with it, is gone. */
async function open(source: Source): Promise<void> {
  opening = source;
  leave();
  show({ name: "opening" });
  const isOver = (): boolean => opening !== source;
  // What is over must not keep the worker from what is not.
  const found = await source.open((request) =>
    isOver() ? new Promise(() => {}) : answer(request),
  );
  if (isOver()) {
    return;
  }
  opening = undefined;
  if ("reason" in found) {
    view.own = own !== undefined && source !== own;
    fail(found.reason);
  } else {
    view.opened = { name: source.name, since: source.since, bytes: found.bytes };
    offer(source, found);
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

function offer(source: Source, found: Exclude<Found, { reason: string }>): void {
  const { read, all = found.catalogue.datasets.length } = found;
  const catalogue = chosen(found.catalogue);
  if (!catalogue.datasets.length) {
    fail("dataset_missing");
    return;
  }
  prepare({
    catalogue,
    network: "cut",
    fetched: [read],
    all,
    check: (typed, listener) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = async ({ data }: MessageEvent<Wanted>) => {
        const piece = await source.bring(data);
        port1.postMessage(piece, typeof piece.brought === "object" ? [piece.brought.buffer] : []);
      };
      const hear = (message: FromWorker): void =>
        listener(
          message.kind === "report"
            ? { ...message, report: source.hear?.(message.report) ?? message.report }
            : message,
        );
      ask({ kind: "check", from: port2, catalogue, held: new Map(), typed }, hear, [port2]);
    },
  });
}
