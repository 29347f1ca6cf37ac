//! The saving section of the front page: saves lists on the device, and works without a network.

import { isFromDevice, isSiteReachable, loadFrame, showFrame } from "../front/frame";
import { Words, type Language } from "../texts";
import { scriptAddress } from "../trusted";
import { readDevice } from "./device";
import { withLock } from "./locks";
import { channelOf, lockOf, type News } from "./news";
import { fetchCatalogue, isOlder, missingBytes, wantedOf } from "./published";
import { editionOf, isReplaced, Store } from "./records";
import { dropShell, keepShell, obstacle, watchVersions } from "./shell";
import {
  INITIAL,
  reduce,
  type Edition,
  type Event,
  type Notice,
  type Possible,
  type Reason,
} from "./state";
import { View } from "./view";

/** Bytes that the browser needs besides the files. */
const AROUND = 2_000_000;

const site = new URL("./", location.href).href;
const store = new Store(site);
const view = new View(store, {
  fetchLists: () => act(fetchEdition),
  save: (ids) => act(() => save(ids)),
  goOn: () => act(goOn),
  pause: stopWork,
  giveUp: () => act(() => remove(() => store.giveUp(), { kind: "paused" })),
  remove: () => act(removeAll),
  goOnline: () => act(() => checkSite({ kind: "online_requested" })),
  retry: () => act(() => checkSite()),
});
let words: Words;
/** This page's saving worker, while it runs. */
let worker: Worker | undefined;
/** Counters of actions and of reads. The result of an older action or read is ignored. */
let actions = 0;
let reads = 0;
let state = INITIAL;
let channel: BroadcastChannel | undefined;

/** Starts the section. `speak` shows it in another language. */
export function startSaving(language: Language): { speak(language: Language): void } {
  words = new Words(language);
  const reason = obstacle();
  const show = (): void => (reason ? view.show({ name: "impossible", reason }, words) : dispatch());
  if (!reason) {
    channel = channelOf(site);
    void begin(channel);
  }
  show();
  return {
    speak(language) {
      words = new Words(language);
      show();
    },
  };
}

async function begin(channel: BroadcastChannel): Promise<void> {
  channel.onmessage = ({ data }: MessageEvent<News>) => act(() => receive(data));
  addEventListener("appinstalled", () => aside(keepShellHere));
  await act(refresh);
  const { saved, saving } = state.device;
  if (isFromDevice()) {
    void checkSite();
  }
  // A reader who has saved something wants to know whether it is current. For others, the request
  // is not worth its cost.
  if (saved || saving) {
    void act(fetchEdition);
  }
  if (saving) {
    void act(watchOthers);
  }
  // Worded so that a browser that does not know the feature answers no.
  if (
    matchMedia("(display-mode: standalone), (display-mode: minimal-ui), (display-mode: fullscreen)")
      .matches
  ) {
    void aside(keepShellHere);
  }
  void aside(() => watchVersions(() => aside(refresh)));
}

/**
 * Runs an action of the reader. If the browser refuses something, the reader is told and the action
 * ends.
 */
async function act(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch {
    actions++;
    dispatch({ kind: "ended", notice: failed("storage_failed") });
  }
}

/** Runs work in the background. A failure does not end the reader's action. */
async function aside(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch {
    dispatch({ kind: "failed", reason: "storage_failed" });
  }
}

const failed = (reason: Reason, missing?: number): Notice => ({
  kind: "failed",
  reason,
  ...(missing !== undefined && { missing }),
});

/** Applies events and shows the result once. */
function dispatch(...events: Event[]): void {
  state = events.reduce(reduce, state);
  const { site, device, isOnline } = state;
  // A reader with saved lists is led to the offline page, and to the online widget only on request.
  showFrame(site === "reachable" && (!device.saved || isOnline), editionOf(device.saved));
  view.show(state, words);
}

/** Checks whether the site responds. Without it the frame has nothing to show. */
async function checkSite(...events: Event[]): Promise<void> {
  const wasAway = state.site === "unreachable";
  dispatch(...events, { kind: "site_known", site: "asked" });
  const isThere = await isSiteReachable();
  if (isThere && wasAway) {
    loadFrame(words.language);
  }
  dispatch({ kind: "site_known", site: isThere ? "reachable" : "unreachable" });
  if (!isThere) {
    addEventListener("online", checkAgain, { once: true });
  } else if (wasAway && (state.device.saved || state.device.saving)) {
    await act(fetchEdition);
  }
}

const checkAgain = (): void => void checkSite();

/** Stores the shell when the page is installed, so that it opens without a network. */
async function keepShellHere(): Promise<void> {
  const reason = await keepShell(site);
  await refresh(...(reason ? [{ kind: "failed", reason } as const] : []));
}

/** Reads the device, and applies `events` with the result. */
async function refresh(...events: Event[]): Promise<void> {
  const read = ++reads;
  const device = await readDevice(store);
  dispatch(...(read === reads ? [{ kind: "device_read", device } as const] : []), ...events);
}

/** The edition that the site publishes now, unless it is older than the saved one. */
async function fetchCurrent(): Promise<Edition | Reason> {
  const edition = await fetchCatalogue(site);
  const { saved } = await store.records();
  return typeof edition === "object" && isOlder(edition, saved) ? "edition_older" : edition;
}

/** Fetches the catalogue that the site publishes now. */
async function fetchEdition(): Promise<void> {
  dispatch({ kind: "fetch_started" });
  const edition = await fetchCurrent();
  await refresh(
    ...(typeof edition === "string"
      ? [{ kind: "fetch_failed", reason: edition } as const]
      : [{ kind: "fetched", edition } as const, await storageEstimate()]),
  );
}

async function storageEstimate(): Promise<Event> {
  const { storage } = navigator as Partial<Navigator>;
  const { quota, usage = 0 } = (await storage?.estimate?.().catch(() => undefined)) ?? {};
  const free = quota === undefined ? undefined : Math.max(0, quota - usage);
  return { kind: "storage_estimated", free };
}

/**
 * Saves data sets. A record names one edition, so data sets that are saved already are updated too.
 */
async function save(ids: string[]): Promise<void> {
  const { edition, activity } = state;
  if (!edition || activity.name !== "idle") {
    return;
  }
  const action = ++actions;
  const isOff = (): boolean => action !== actions;
  dispatch({ kind: "preparing" });
  // The page may have been open for a week.
  const now = await fetchCurrent();
  const estimate = await storageEstimate();
  if (isOff()) {
    return;
  }
  if (typeof now === "string") {
    await refresh({ kind: "ended", notice: failed(now) });
    return;
  }
  if (now.text !== edition.text) {
    await refresh({ kind: "fetched", edition: now }, { kind: "ended", notice: failed("replaced") });
    return;
  }
  const wanted = wantedOf(edition, ids, state.device.saved);
  if (!wanted.length) {
    dispatch({ kind: "ended", notice: failed("withdrawn") });
    return;
  }
  dispatch(estimate);
  const missing = missingSpace(state, wanted);
  if (missing > 0) {
    dispatch({ kind: "ended", notice: failed("quota", missing) });
    return;
  }
  requestPersistence();
  const failure = await keepShell(site);
  if (isOff()) {
    // Another tab has removed everything in the meantime.
    if (!state.device.saved) {
      await dropShell(site);
      await refresh();
    }
    return;
  }
  if (failure) {
    await refresh({ kind: "ended", notice: failed(failure) });
    return;
  }
  run(edition.text, wanted);
}

/** The bytes that the storage is too small by. */
function missingSpace({ edition, device, storage }: Possible, wanted: string[]): number {
  const bytes = edition ? missingBytes(store, edition, wanted, device.shards) : 0;
  return bytes + SHELL_BYTES + AROUND - (storage.free ?? Infinity);
}

/** Some browsers ask the reader, and the download does not wait. */
function requestPersistence(): void {
  const requested = (navigator as Partial<Navigator>).storage?.persist?.();
  void requested
    ?.then((isPersistent) => dispatch({ kind: "persistence_known", isPersistent }))
    .catch(() => {});
}

function run(catalogue: string, wanted: string[]): void {
  dispatch({ kind: "saving_started" });
  worker = new Worker(scriptAddress("save.js"));
  worker.onerror = () => act(() => refresh({ kind: "ended", notice: failed("worker_failed") }));
  worker.onmessage = () => {
    // Another worker is saving; its messages arrive on the channel.
    dispatch({ kind: "saving_found_elsewhere" });
    void act(watchOthers);
  };
  const { key = "" } = document.documentElement.dataset;
  worker.postMessage({ version: VERSION, key, catalogue, wanted });
}

/**
 * Pauses saving in all tabs. A new worker does not listen to the channel yet, so it is told
 * directly.
 */
function stopWork(): void {
  worker?.postMessage("pause");
  tellOthers({ kind: "pause" });
}

/** Waits until no other tab is saving. */
async function watchOthers(): Promise<void> {
  await withLock(lockOf(site), "shared", async () => {});
  await refresh({ kind: "others_ended" });
}

/**
 * Continues with the same data sets in the current edition. Shards of a replaced edition are not
 * used.
 */
async function goOn(): Promise<void> {
  const { saving } = state.device;
  if (saving && !state.edition) {
    await fetchEdition();
    // The button then shows the new cost.
    if (state.edition && isReplaced(saving, saving.wanted, state.edition)) {
      return;
    }
  }
  if (saving && state.edition) {
    await save(saving.wanted);
  }
}

async function removeAll(): Promise<void> {
  const clear = async (): Promise<void> => {
    await store.clear();
    await dropShell(site);
  };
  await remove(clear, { kind: "removed" }, { kind: "removed" });
}

/** Removes something once no worker is saving. */
async function remove(clear: () => Promise<void>, news: News, notice?: Notice): Promise<void> {
  actions++;
  dispatch({ kind: "removing" });
  stopWork();
  await withLock(lockOf(site), "exclusive", clear);
  tellOthers(news);
  await refresh(cleared(notice), await storageEstimate());
}

const cleared = (notice?: Notice): Event => ({ kind: "cleared", ...(notice && { notice }) });

const tellOthers = (news: News): void => channel?.postMessage(news);

async function receive(news: News): Promise<void> {
  const { activity } = state;
  if (news.kind === "removed" || (news.kind === "pause" && activity.name === "preparing")) {
    actions++;
    await refresh(cleared(news.kind === "removed" ? { kind: "removed" } : undefined));
    return;
  }
  // This tab's own action reports its end itself.
  if (
    activity.name === "removing" ||
    (activity.name === "preparing" && news.kind !== "shell_progress")
  ) {
    return;
  }
  switch (news.kind) {
    case "progress": {
      const { stored, total, retrying } = news;
      dispatch({
        kind: "saving_progressed",
        progress: { stored, total },
        isRetrying: retrying,
      });
      if (activity.name !== "saving") {
        await watchOthers();
      }
      break;
    }
    case "shell_progress":
      dispatch({ kind: "shell_progressed", kept: news.kept, files: news.files });
      break;
    case "saved": {
      // Another tab may have removed the shell: without it no page opens, and saved lists are
      // useless.
      const isElsewhere = activity.name === "saving" && activity.isElsewhere;
      await finish(isElsewhere ? undefined : await keepShell(site));
      break;
    }
    case "paused":
      await refresh({ kind: "ended" }, await storageEstimate());
      break;
    case "failed":
      await finish(news.reason);
      if (news.reason === "replaced") {
        await fetchEdition();
      }
      break;
    case "shell":
    case "heard":
    case "pause":
      break;
  }
}

/** Ends saving, with the reason why it failed. */
async function finish(reason: Reason | undefined): Promise<void> {
  const notice: Notice = reason ? failed(reason) : { kind: "saved" };
  await refresh({ kind: "ended", notice }, await storageEstimate());
}
