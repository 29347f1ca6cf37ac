//! The offline page: from a file on the device to the input.

import {
  actions,
  begin,
  checker,
  chosen,
  fail,
  key,
  leave,
  load,
  prepare,
  request,
  show,
} from "../flow";
import type { FromWorker } from "../worker/protocol";
import { embeddedPack } from "./embedded-pack";
import { Pack } from "./pack";
import { savedHere } from "./saved";
import { portTo, type CallWorker, type Found, type Source } from "./source";
import { OfflineView } from "./view";

/** The source that was opened last, to try again. */
let source: Source | undefined;
/** The pack inside the page, or the lists saved here. The reader can go back to it. */
let own: Source | undefined;
/**
 * The source that is being opened. Its result is ignored once another is opened or the reader
 * cancels.
 */
let opening: Source | undefined;
/** The newest editions that were opened, by their salt: packs do not name their site. */
const newest = new Map<string, number>();

const view = new OfflineView({ ...actions, start, choose, goBack, cancel });
begin(view, loaded);

async function loaded(): Promise<void> {
  own ??= (await embeddedPack()) ?? (await savedHere());
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

/**
 * Opens a source. The one before it is closed, and the number that was checked with it is cleared.
 */
async function open(source: Source): Promise<void> {
  opening = source;
  leave();
  show({ name: "opening" });
  const isOver = (): boolean => opening !== source;
  // A source that was replaced must not occupy the worker.
  const found = await source.open((request, ports) =>
    isOver() ? new Promise(() => {}) : callWorker(request, ports),
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

const callWorker: CallWorker = (message, ports) =>
  new Promise((resolve) => {
    const listen = (reply: FromWorker): void => {
      if (reply.kind === "progress") {
        show({ name: "opening", transfer: reply.transfer });
      } else if (reply.kind === message.kind && "reply" in reply) {
        resolve(reply.reply as never);
      }
    };
    request(message, listen, ports);
  });

function offer(source: Source, found: Exclude<Found, { reason: string }>): void {
  const { pack, fetched, all = found.catalogue.datasets.length } = found;
  const { salt, edition } = found.catalogue;
  if ((edition ?? 0) < (newest.get(salt) ?? 0)) {
    fail("edition_older");
    return;
  }
  newest.set(salt, edition ?? 0);
  const catalogue = chosen(found.catalogue);
  if (!catalogue.datasets.length) {
    fail("dataset_missing");
    return;
  }
  prepare({
    catalogue,
    network: "cut",
    key,
    fetched,
    all,
    check: (typed, listener) => {
      const from = portTo(source);
      const listen = (message: FromWorker): void =>
        listener(
          message.kind === "report"
            ? { ...message, report: source.explain?.(message.report) ?? message.report }
            : message,
        );
      request({ kind: "check", from, catalogue, pack, typed }, listen, [from]);
    },
  });
}
