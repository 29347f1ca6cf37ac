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
import { mirrorsIn, readSettings } from "./embedding/settings";
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
/** The key in the page itself, which no address can replace. */
const pinned = document.documentElement.dataset.key;
/** Directories with the same site on other hosts. Those of the page have no other catalogue of it. */
let mirrors = mirrorsIn(
  settings.mirrors ?? (settings.catalogue ? "" : document.documentElement.dataset.mirrors),
);
/** Whoever chooses mirrors by the address must not choose the list as well. */
const ofCatalogue = settings.mirrors && !pinned ? [] : mirrors;
/** The hosts to ask, in order: addresses of the catalogue. Hosts that were skipped are last, or out. */
let hosts: string[] = [];
let opened: Pick<Prepared, "catalogue" | "fetched" | "all"> | undefined;
/** Whether the reader has not asked for anything yet. */
let byItself = false;
/** The newest edition that this page has opened. */
let newest = 0;

begin(new View({ ...actions, start, download: downloadNow }), loaded);
fitStart();

function loaded(): void {
  if (startsByItself()) {
    byItself = true;
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
  byItself = false;
  open();
}

const addresses = (directories: string[]): string[] =>
  directories.map((directory) => `${directory}catalogue.json`);

/**
 * The hosts so far, then all mirrors. A page that starts by itself asks only its own host, which sees
 * the visit anyway.
 */
const withMirrors = (hosts: string[]): string[] =>
  byItself ? [from] : [...new Set([...hosts, ...addresses(mirrors)])];

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
  hosts = byItself ? [from] : [from, ...addresses(ofCatalogue)];
  request({ kind: "open", hosts, key, newest }, (message) => {
    if (message.kind === "progress") {
      show({ name: "opening", transfer: message.transfer });
    } else if (message.kind === "opened") {
      ({ hosts } = message);
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
  // Whoever can replace an unsigned catalogue must not choose who learns of a check.
  if (pinned || (key && parent !== window)) {
    mirrors = [...new Set([...mirrors, ...mirrorsIn(found.catalogue.mirrors)])];
  }
  hosts = withMirrors(hosts);
  const catalogue = chosen(found.catalogue);
  if (!catalogue.datasets.length) {
    fail("dataset_missing");
    return;
  }
  opened = { catalogue, fetched: found.fetched, all: found.catalogue.datasets.length };
  const bytes = bytesToAskFor(catalogue);
  if (bytes > (byItself ? WITHOUT_ASKING.byItself : WITHOUT_ASKING.started)) {
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

/** The reader agrees to the size. */
function downloadNow(): void {
  byItself = false;
  hosts = withMirrors(hosts);
  download();
}

function download(): void {
  if (!opened) {
    return;
  }
  const { catalogue, fetched, all } = opened;
  show({ name: "downloading" });
  request({ kind: "download", hosts, catalogue }, (message) => {
    if (message.kind === "progress") {
      show({ name: "downloading", transfer: message.transfer });
    } else if (message.kind === "downloaded") {
      const { held, failed, complete, fetched: more } = message.downloaded;
      ({ hosts } = message);
      const places = complete ? [] : [new URL(".", from).href, ...mirrors];
      const network = lock(places);
      prepare({
        catalogue,
        network,
        places,
        key,
        fetched: [...fetched, ...more],
        all,
        check(typed, listener, isRetry) {
          // What has failed is not downloaded again unless the reader asks for it, and then from the
          // first host on.
          if (isRetry) {
            failed.clear();
          }
          if (isRetry || byItself) {
            byItself = false;
            hosts = withMirrors([from]);
          }
          const known = new Map([...held, ...failed]);
          request({ kind: "check", hosts, catalogue, held: known, typed }, (message) => {
            if (message.kind === "report") {
              hosts = message.hosts ?? hosts;
            }
            listener(message);
          });
        },
      });
    }
  });
}
