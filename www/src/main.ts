//! The widget: from the start button to the input, with lists from a host.

import type { Catalogue } from "../pkg/cek_nik";
import {
  actions,
  begin,
  checker,
  chosen,
  fail,
  key,
  load,
  prepare,
  request,
  settings,
  show,
} from "./flow";
import { lock } from "./lock";
import type { Opened } from "./worker/protocol";
import { fitStart, fixHeight } from "./embedding/frame-height";
import { readSettings } from "./embedding/settings";
import type { Prepared } from "./state";
import { View } from "./view/view";

/**
 * Whole lists up to so many bytes are downloaded without asking: after the start button, and where
 * the page starts by itself. Most pictures in an article are larger.
 */
const WITHOUT_ASKING = { started: 300_000, byItself: 100_000 };

/** Pieces of lists up to so many bytes are downloaded by a check without asking before. */
const PIECES_WITHOUT_ASKING = 10_000_000;

const from = settings.catalogue ?? new URL("catalogue.json", location.href).href;
let opened: Pick<Prepared, "catalogue" | "fetched" | "all"> | undefined;
let withoutAsking = WITHOUT_ASKING.started;
/** The newest edition that this page has opened. */
let newest = 0;

begin(new View({ ...actions, start, download }), loaded);
fitStart();

function loaded(): void {
  if (startsByItself()) {
    withoutAsking = WITHOUT_ASKING.byItself;
    open();
  } else {
    show({ name: "start" });
  }
}

/**
 * Whether the catalogue is opened without a click: only from the host that this page itself came
 * from, which sees the visit anyway, and not if the reader saves data.
 */
function startsByItself(): boolean {
  const { protocol, origin } = new URL(from);
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return (
    parent === window &&
    /^https?:$/.test(protocol) &&
    origin === location.origin &&
    connection?.saveData !== true
  );
}

function start(): void {
  withoutAsking = WITHOUT_ASKING.started;
  open();
}

/** Opens the catalogue. In a frame, the widget sends no request before the click on the start. */
function open(): void {
  if (!checker) {
    void load(loaded);
    return;
  }
  fixHeight();
  show({ name: "opening" });
  // The front page may have learnt of its saved edition after this page was loaded.
  newest = Math.max(newest, readSettings(location.href).edition ?? 0);
  request({ kind: "open", from, key, newest }, (message) => {
    if (message.kind === "progress") {
      show({ name: "opening", transfer: message.transfer });
    } else if (message.kind === "opened") {
      offer(message.opened);
    }
  });
}

function offer(found: Opened): void {
  if ("reason" in found) {
    fail(found.reason);
    return;
  }
  newest = found.catalogue.edition ?? 0;
  const catalogue = chosen(found.catalogue);
  if (!catalogue.datasets.length) {
    fail("dataset_missing");
    return;
  }
  opened = { catalogue, fetched: found.fetched, all: found.catalogue.datasets.length };
  const bytes = bytesToAskFor(catalogue);
  if (bytes > withoutAsking) {
    show({ name: "offered", bytes });
  } else {
    download();
  }
}

/**
 * The size of the whole lists, and of the pieces that a check downloads of the others if they are
 * many. The core downloads no more: it refuses a data set of another length than the catalogue says.
 */
function bytesToAskFor({ datasets }: Catalogue): number {
  let whole = 0;
  let pieces = 0;
  for (const { prefix_bits, shard_bytes } of datasets) {
    // Negative lengths, or texts, must not hide others.
    if (shard_bytes > 0) {
      if (prefix_bits === 0) {
        whole += +shard_bytes;
      } else {
        pieces += +shard_bytes;
      }
    }
  }
  return pieces > PIECES_WITHOUT_ASKING ? whole + pieces : whole;
}

function download(): void {
  if (!opened) {
    return;
  }
  const { catalogue, fetched, all } = opened;
  show({ name: "downloading" });
  request({ kind: "download", from, catalogue }, (message) => {
    if (message.kind === "progress") {
      show({ name: "downloading", transfer: message.transfer });
    } else if (message.kind === "downloaded") {
      const { held, failed, complete, fetched: more } = message.downloaded;
      const network = lock(complete ? undefined : new URL(".", from).href);
      prepare({
        catalogue,
        network,
        key,
        fetched: [...fetched, ...more],
        all,
        check(typed, listener, isRetry) {
          // What has failed is not downloaded again unless the reader asks for it.
          if (isRetry) {
            failed.clear();
          }
          const known = new Map([...held, ...failed]);
          request({ kind: "check", from, catalogue, held: known, typed }, listener);
        },
      });
    }
  });
}
