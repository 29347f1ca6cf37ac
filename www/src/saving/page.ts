//! The page for readers: what it does to save lists on the device, and when there is no network.

import { Words, type Language } from "../texts";
import { isFromDevice, isSiteReachable, reloadFrame, showFrame } from "./front";
import { channelOf, lockOf, type News } from "./news";
import { fetchCatalogue, missingBytes, wantedOf } from "./published";
import { catalogueOf, isReplaced, Store, sum, type Records, type Saved } from "./records";
import { dropShell, keepShell, obstacle, shellOf, waits, watchVersions } from "./shell";
import type { State } from "./state";
import { View } from "./view";

/** Room for what the browser itself writes around each file, in bytes. */
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
/** This page's own, as long as it saves something. */
let worker: Worker | undefined;
/**
 * How often something was begun or called off, and how often what is there was read: what has been
 * overtaken is of no use.
 */
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
  // Whoever has saved something wants to know whether it is still what the site publishes. Nobody
  // else pays for the question.
  if (saved || saving) {
    void act(fetchEdition);
  }
  if (saving) {
    void act(watchOthers);
  }
  // Asked so that a browser which does not know the question says no.
  if (
    matchMedia("(display-mode: standalone), (display-mode: minimal-ui), (display-mode: fullscreen)")
      .matches
  ) {
    void aside(keepShellHere);
  }
  void aside(() => watchVersions(() => aside(refresh)));
}

/** Whatever the browser refuses in the middle has an end, with words. */
async function act(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch {
    orders++;
    show({ activity: "idle", elsewhere: false, reason: "storage_failed" });
  }
}

/** The same of what goes on beside whatever the reader does. */
async function aside(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch {
    show({ reason: "storage_failed" });
  }
}

/**
 * Only Apple's telephones look for it there. Others would fetch it for everybody who opens the
 * page.
 */
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
  // Who has saved lists is led to the tool that sends nothing, and to this one only on demand.
  showFrame(state.site === "there" && (!state.saved || state.online));
  view.show(state, words);
}

function speak(language: Language): void {
  words = new Words(language);
  show({});
}

/** Asks whether the site answers, without which the frame has nothing to show. */
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

/** Once it is installed, the page opens without a network. */
async function keepShellHere(): Promise<void> {
  const reason = await keepShell(site);
  await refresh(reason && { reason });
}

/**
 * Reads what is there, which another tab or the browser itself may have changed; `change` is of the
 * moment when that is known.
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

/** A worker that was ended between its last two steps has left a record of what is complete. */
function withoutDone({ saved, saving }: Records): Records {
  const done =
    saved?.catalogue === saving?.catalogue &&
    saving?.wanted.every((id) => saved?.datasets.includes(id));
  return { saved, saving: done ? undefined : saving };
}

/** What each button that saves something would download. */
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

/** Asks the site what it publishes now. */
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
 * Data sets that are saved already stay in the new record, in the edition of now: a record names
 * one edition.
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
  // A page may have been open for a week.
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
    // Another tab has removed everything meanwhile.
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

/** Some browsers ask the reader first: the download does not wait for the answer. */
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
    // It has found another at work, whose news come by the channel.
    show({ elsewhere: true });
    void act(watchOthers);
  };
  worker.postMessage({ version: VERSION, catalogue, wanted });
}

/**
 * In this tab and in all others. A worker that has just been made does not hear the channel yet.
 */
function stopWork(): void {
  worker?.postMessage("pause");
  tellOthers({ kind: "pause" });
}

/** Until nobody else is at work. */
async function watchOthers(): Promise<void> {
  const { locks } = navigator as Partial<Navigator>;
  await locks?.request(lockOf(site), { mode: "shared" }, () => {});
  await refresh(() =>
    state.elsewhere || state.activity === "idle" ? { activity: "idle", elsewhere: false } : {},
  );
}

/**
 * With what was wanted before, in the edition of now: what is there of an edition that has been
 * replaced is not used.
 */
async function goOn(): Promise<void> {
  const { saving } = state;
  if (saving && !state.current) {
    await fetchEdition();
    // Then the button says what that costs.
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

/** When nobody is at work any more. */
async function remove(
  clear: () => Promise<void>,
  news: News,
  change: Partial<State> = {},
): Promise<void> {
  orders++;
  show({ activity: "removing" });
  stopWork();
  const { locks } = navigator as Partial<Navigator>;
  await (locks ? locks.request(lockOf(site), clear) : clear());
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
  // What this tab does has an end of its own.
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

/** Another tab may have removed the shell meanwhile: lists are of no use where no page opens. */
async function finish(reason: string | undefined): Promise<void> {
  await refresh({
    activity: "idle",
    elsewhere: false,
    reason,
    ...(!reason && { news: "saved" }),
    space: await estimateSpace(),
  });
}
