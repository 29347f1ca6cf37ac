//! The page for readers: saves lists on the device, and works without a network.

import { Words, type Language } from "../texts";
import { isFromDevice, isSiteReachable, reloadFrame, showFrame } from "./front";
import { withLock } from "./locks";
import { channelOf, lockOf, type News } from "./news";
import { fetchCatalogue, missingBytes, wantedOf } from "./published";
import { catalogueOf, isReplaced, Store, sum, type Records, type Saved } from "./records";
import { dropShell, keepShell, obstacle, shellOf, waits, watchVersions } from "./shell";
import type { State } from "./state";
import { View } from "./view";

/** Bytes that the browser needs besides the files. */
const AROUND = 2_000_000;

const site = new URL("./", location.href).href;
const store = new Store(site);
const view = new View({
  showLists: () => act(fetchEdition),
  save: (ids) => act(() => save(ids)),
  goOn: () => act(goOn),
  pause: stopWork,
  giveUp: () => act(() => remove(() => store.giveUp(), { kind: "paused" })),
  remove: () => act(removeAll),
  goOnline: () => act(() => checkSite({ online: true })),
  retry: () => act(() => checkSite({})),
  speak,
});
let words = new Words("id");
let there: ReadonlySet<string> = new Set();
/** This page's saving worker, while it runs. */
let worker: Worker | undefined;
/** Counters of actions and of reads. The result of an older action or read is ignored. */
let orders = 0;
let readings = 0;
let state: State = {
  possible: true,
  activity: "idle",
  elsewhere: false,
  retrying: false,
  saved: undefined,
  saving: undefined,
  progress: { stored: 0, total: 0 },
  costs: {},
  costOfSaved: 0,
  costOfWanted: 0,
  lost: 0,
  shellKept: true,
  traces: false,
  newer: false,
  site: "there",
  online: false,
};

nameIcon();
const reason = obstacle();
const channel = reason ? undefined : channelOf(site);
if (reason) {
  show({ reason, possible: false });
} else {
  void begin();
}

async function begin(): Promise<void> {
  channel?.addEventListener("message", ({ data }: MessageEvent<News>) => act(() => hear(data)));
  addEventListener("appinstalled", () => aside(keepShellHere));
  show({});
  await act(refresh);
  const { saved, saving } = state;
  if (isFromDevice()) {
    void checkSite({});
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
    orders++;
    show({ activity: "idle", elsewhere: false, reason: "storage_failed" });
  }
}

/** Runs work in the background. A failure does not end the reader's action. */
async function aside(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch {
    show({ reason: "storage_failed" });
  }
}

/** Only iOS looks for the icon there. Other browsers would fetch it for every visitor. */
function nameIcon(): void {
  if ("standalone" in navigator) {
    const link = document.createElement("link");
    link.rel = "apple-touch-icon";
    link.href = "apple-touch-icon.png";
    document.head.append(link);
  }
}

function show(change: Partial<State>): void {
  state = { ...state, ...change };
  // A reader with saved lists is led to the offline page, and to the online widget only on request.
  showFrame(state.site === "there" && (!state.saved || state.online));
  view.show(state, words);
}

function speak(language: Language): void {
  words = new Words(language);
  show({});
}

/** Checks whether the site responds. Without it the frame has nothing to show. */
async function checkSite(change: Partial<State>): Promise<void> {
  const wasAway = state.site === "away";
  show({ ...change, site: "asked" });
  const isThere = await isSiteReachable();
  if (isThere && wasAway) {
    reloadFrame();
  }
  show({ site: isThere ? "there" : "away" });
  if (!isThere) {
    addEventListener("online", checkAgain, { once: true });
  } else if (wasAway && (state.saved || state.saving)) {
    await act(fetchEdition);
  }
}

const checkAgain = (): void => void checkSite({});

/** Stores the shell when the page is installed, so that it opens without a network. */
async function keepShellHere(): Promise<void> {
  const reason = await keepShell(site);
  await refresh(reason && { reason });
}

/**
 * Reads what is saved, which another tab or the browser may have changed. `change` is applied with
 * the result.
 */
async function refresh(change: Partial<State> | (() => Partial<State>) = {}): Promise<void> {
  const reading = ++readings;
  const { saved, saving } = withoutDone(await store.records());
  const shards = await store.shards();
  const { registered, kept } = await shellOf(site);
  const newer = await waits();
  const changed = typeof change === "function" ? change() : change;
  if (reading !== readings) {
    show(changed);
    return;
  }
  there = shards;
  const of = (record: Saved | undefined, ids: string[] = []) =>
    record ? store.shardFiles(catalogueOf(record), ids) : [];
  const wanted = of(saving, saving?.wanted);
  const progress = { stored: sum(wanted.filter(({ url }) => there.has(url))), total: sum(wanted) };
  const lost = of(saved, saved?.datasets).filter(({ url }) => !there.has(url)).length;
  const traces = Boolean(saved || saving || there.size || registered);
  state = { ...state, saved, saving, progress, lost, shellKept: kept, traces, newer, ...changed };
  show(costs(kept));
}

/** If a worker ended between its last two steps, `saving` describes what is saved already. */
function withoutDone({ saved, saving }: Records): Records {
  const done =
    saved?.catalogue === saving?.catalogue &&
    saving?.wanted.every((id) => saved?.datasets.includes(id));
  return { saved, saving: done ? undefined : saving };
}

/** The bytes that each save button would download. */
function costs(shell: boolean): Partial<State> {
  const { current, saved, saving } = state;
  if (!current) {
    return {};
  }
  const cost = (ids: string[]): number =>
    missingBytes(store, current, wantedOf(current, ids, saved), there) + (shell ? 0 : SHELL_BYTES);
  return {
    costs: Object.fromEntries(current.catalogue.datasets.map(({ id }) => [id, cost([id])])),
    costOfSaved: cost([]),
    costOfWanted: cost(saving?.wanted ?? []),
  };
}

/** Fetches the catalogue that the site publishes now. */
async function fetchEdition(): Promise<void> {
  show({ activity: state.activity === "idle" ? "fetching" : state.activity });
  const answer = await fetchCatalogue(site);
  const found =
    typeof answer === "string"
      ? { reason: answer }
      : { current: answer, space: await estimateSpace() };
  const done = (): Partial<State> => ({
    ...(state.activity === "fetching" && { activity: "idle" }),
    ...(state.reason?.startsWith("catalogue_") && { reason: undefined }),
    ...found,
  });
  await refresh(done);
}

async function estimateSpace(): Promise<State["space"]> {
  const { storage } = navigator as Partial<Navigator>;
  const { quota, usage = 0 } = (await storage?.estimate?.().catch(() => undefined)) ?? {};
  return quota === undefined ? undefined : { ...state.space, free: Math.max(0, quota - usage) };
}

/**
 * Saves data sets. A record names one edition, so data sets that are saved already are updated too.
 */
async function save(ids: string[]): Promise<void> {
  const { current, saved, activity } = state;
  if (!current || activity !== "idle") {
    return;
  }
  const order = ++orders;
  const isOff = (): boolean => order !== orders;
  show({
    activity: "preparing",
    elsewhere: false,
    reason: undefined,
    needed: undefined,
    news: undefined,
    shell: undefined,
  });
  // The page may have been open for a week.
  const now = await fetchCatalogue(site);
  const space = await estimateSpace();
  if (isOff()) {
    return;
  }
  if (typeof now === "string" || now.text !== current.text) {
    await refresh({
      activity: "idle",
      ...(typeof now === "string" ? { reason: now } : { current: now, reason: "replaced" }),
    });
    return;
  }
  const wanted = wantedOf(current, ids, saved);
  if (!wanted.length) {
    show({ activity: "idle", reason: "withdrawn" });
    return;
  }
  const needed =
    missingBytes(store, current, wanted, there) + SHELL_BYTES + AROUND - (space?.free ?? Infinity);
  if (needed > 0) {
    show({ activity: "idle", space, reason: "quota", needed });
    return;
  }
  askToKeep();
  const failure = await keepShell(site);
  if (isOff()) {
    // Another tab has removed everything in the meantime.
    if (!state.saved) {
      await dropShell(site);
      await refresh();
    }
    return;
  }
  if (failure) {
    await refresh({ activity: "idle", reason: failure });
    return;
  }
  run(current.text, wanted);
}

/** Asks for persistent storage. Some browsers ask the reader, and the download does not wait. */
function askToKeep(): void {
  const asked = (navigator as Partial<Navigator>).storage?.persist?.();
  void asked
    ?.then((persistent) => show({ ...(state.space && { space: { ...state.space, persistent } }) }))
    .catch(() => {});
}

function run(catalogue: string, wanted: string[]): void {
  show({ activity: "saving", retrying: false });
  worker = new Worker("save.js");
  worker.onerror = () => act(() => refresh({ activity: "idle", reason: "worker_failed" }));
  worker.onmessage = () => {
    // Another worker is saving; its messages arrive on the channel.
    show({ elsewhere: true });
    void act(watchOthers);
  };
  worker.postMessage({ version: VERSION, catalogue, wanted });
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
  await refresh(() =>
    state.elsewhere || state.activity === "idle" ? { activity: "idle", elsewhere: false } : {},
  );
}

/**
 * Continues with the same data sets in the current edition. Shards of a replaced edition are not
 * used.
 */
async function goOn(): Promise<void> {
  const { saving } = state;
  if (saving && !state.current) {
    await fetchEdition();
    // The button then shows the new cost.
    if (state.current && isReplaced(saving, saving.wanted, state.current)) {
      return;
    }
  }
  if (saving && state.current) {
    await save(saving.wanted);
  }
}

async function removeAll(): Promise<void> {
  const clear = async (): Promise<void> => {
    await store.clear();
    await dropShell(site);
  };
  await remove(clear, { kind: "removed" }, { news: "removed" });
}

/** Removes something once no worker is saving. */
async function remove(
  clear: () => Promise<void>,
  news: News,
  change: Partial<State> = {},
): Promise<void> {
  orders++;
  show({ activity: "removing" });
  stopWork();
  await withLock(lockOf(site), "exclusive", clear);
  tellOthers(news);
  await refresh({ ...AFTER_REMOVING, space: await estimateSpace(), ...change });
}

const AFTER_REMOVING = {
  activity: "idle",
  elsewhere: false,
  reason: undefined,
  needed: undefined,
  online: false,
} as const;

const tellOthers = (news: News): void => channel?.postMessage(news);

async function hear(news: News): Promise<void> {
  const { activity, elsewhere } = state;
  if (news.kind === "removed" || (news.kind === "pause" && activity === "preparing")) {
    orders++;
    await refresh({ ...AFTER_REMOVING, ...(news.kind === "removed" && { news: "removed" }) });
    return;
  }
  // This tab's own action reports its end itself.
  if (activity === "removing" || (activity === "preparing" && news.kind !== "shell_progress")) {
    return;
  }
  switch (news.kind) {
    case "progress": {
      const { stored, total, retrying } = news;
      const change = { progress: { stored, total }, retrying, reason: undefined, news: undefined };
      if (activity === "saving") {
        show(change);
      } else {
        show({ ...change, activity: "saving", elsewhere: true });
        await watchOthers();
      }
      break;
    }
    case "shell_progress":
      if (activity === "preparing") {
        show({ shell: news });
      }
      break;
    case "saved":
      await finish(elsewhere ? undefined : await keepShell(site));
      break;
    case "paused":
      await refresh({ activity: "idle", elsewhere: false, space: await estimateSpace() });
      break;
    case "failed":
      await refresh({
        activity: "idle",
        elsewhere: false,
        reason: news.reason,
        space: await estimateSpace(),
      });
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

/**
 * Ends saving. Another tab may have removed the shell: without it no page opens, and saved lists
 * are useless.
 */
async function finish(reason: string | undefined): Promise<void> {
  await refresh({
    activity: "idle",
    elsewhere: false,
    reason,
    ...(!reason && { news: "saved" }),
    space: await estimateSpace(),
  });
}
