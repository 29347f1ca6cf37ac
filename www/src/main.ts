//! The widget: from the start button to the input, with lists from a host.

import type { Catalogue } from "../pkg/cek_nik";
import {
  actions,
  begin,
  checker,
  chosen,
  fail,
  load,
  prepare,
  request,
  settings,
  show,
} from "./flow";
import { lock } from "./lock";
import type { Opened } from "./worker/protocol";
import { fitStart, fixHeight } from "./embedding/frame-height";
import type { Prepared } from "./state";
import { View } from "./view/view";

/**
 * Whole lists up to this many bytes are downloaded without asking: less than most pictures in an
 * article.
 */
const WITHOUT_ASKING = 300_000;

const from = settings.catalogue ?? new URL("catalogue.json", location.href).href;
let opened: Pick<Prepared, "catalogue" | "fetched" | "all"> | undefined;

begin(new View({ ...actions, start, download }), loaded);
fitStart();

function loaded(): void {
  show({ name: "start" });
}

/** Opens the catalogue. The widget sends no request before this click. */
function start(): void {
  if (!checker) {
    void load(loaded);
    return;
  }
  fixHeight();
  show({ name: "opening" });
  request({ kind: "open", from }, (message) => {
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
  const catalogue = chosen(found.catalogue);
  if (!catalogue.datasets.length) {
    fail("dataset_missing");
    return;
  }
  opened = { catalogue, fetched: found.fetched, all: found.catalogue.datasets.length };
  const bytes = wholeBytes(catalogue);
  if (bytes > WITHOUT_ASKING) {
    show({ name: "offered", bytes });
  } else {
    download();
  }
}

/** The size of the lists to download. Only for the text: the core validates each data set. */
function wholeBytes({ datasets }: Catalogue): number {
  return datasets
    .filter(({ prefix_bits }) => prefix_bits === 0)
    .reduce((sum, { shard_bytes }) => sum + (shard_bytes || 0), 0);
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
      const { held, complete, fetched: more } = message.downloaded;
      const network = lock(complete ? undefined : new URL(".", from).href);
      prepare({
        catalogue,
        network,
        fetched: [...fetched, ...more],
        all,
        check: (typed, listener) =>
          request({ kind: "check", from, catalogue, held, typed }, listener),
      });
    }
  });
}
