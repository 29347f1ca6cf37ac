//! The page for readers: what it does to save lists on the device, and when there is no network.

import { Words, type Language } from "../texts";
import { answers, isFromDevice, reloadFrame, showFrame } from "./front";
import { channelOf, lockOf, type News } from "./news";
import { fetchCatalogue, missingBytes, wantedOf } from "./published";
import { catalogueOf, Store, sum, type Records, type Saved } from "./records";
import { dropShell, hasShell, keepShell, obstacle, waits, watchVersions } from "./shell";
import type { State } from "./state";
import { View } from "./view";

/** Room for what the browser itself writes around each file, in bytes. */
const AROUND = 2_000_000;

const site = new URL("./", location.href).href;
const store = new Store(site);
const view = new View({
  look: () => act(look),
  save: (ids) => act(() => save(ids)),
  goOn: () => act(goOn),
  pause: () => tellOthers({ kind: "pause" }),
  giveUp: () => act(() => remove(() => store.giveUp(), { kind: "paused" })),
  remove: () => act(removeAll),
  goOnline: () => act(() => ask({ online: true })),
  ask: () => act(() => ask({})),
  speak,
});
let words = new Words("id");
let there: ReadonlySet<string> = new Set();
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
  addEventListener("appinstalled", () => act(install));
  show({});
  await act(refresh);
  const { saved, saving } = state;
  if (isFromDevice()) {
    void ask({});
  }
  // Whoever has saved something wants to know whether it is still what the site publishes. Nobody else pays for the question.
  if (saved || saving) {
    void act(look);
  }
  if (saving) {
    void act(watchOthers);
  }
  // Asked so that a browser which does not know the question says no.
  if (matchMedia("(display-mode: standalone), (display-mode: minimal-ui), (display-mode: fullscreen)").matches) {
    void act(install);
  }
  void act(() => watchVersions(() => act(refresh)));
}

/** Whatever the browser refuses in the middle has an end, with words. */
async function act(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch {
    show({ activity: "idle", elsewhere: false, reason: "storage_failed" });
  }
}

/** Only Apple's telephones look for it there. Others would fetch it for everybody who opens the page. */
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
async function ask(change: Partial<State>): Promise<void> {
  const wasAway = state.site === "away";
  show({ ...change, site: "asked" });
  const isThere = await answers();
  if (isThere && wasAway) {
    reloadFrame();
  }
  show({ site: isThere ? "there" : "away" });
  if (!isThere) {
    addEventListener("online", () => void ask({}), { once: true });
  }
}

/** The page keeps itself once it is installed, so that it opens without a network. */
async function install(): Promise<void> {
  const reason = await keepShell(site);
  await refresh(reason && { reason });
}

/** Reads what is there, which another tab or the browser itself may have changed. */
async function refresh(change: Partial<State> = {}): Promise<void> {
  const { saved, saving } = withoutDone(await store.records());
  there = await store.shards();
  const of = (record: Saved | undefined, ids: string[] = []) => (record ? store.pieces(catalogueOf(record), ids) : []);
  const wanted = of(saving, saving?.wanted);
  const progress = { stored: sum(wanted.filter(({ url }) => there.has(url))), total: sum(wanted) };
  const lost = of(saved, saved?.datasets).filter(({ url }) => !there.has(url)).length;
  const shell = await hasShell(site);
  const traces = Boolean(saved || saving || there.size || shell);
  state = { ...state, saved, saving, progress, lost, traces, newer: await waits(), ...change };
  show(costs(shell));
}

/** A worker that was ended between its last two steps has left a record of what is complete. */
function withoutDone({ saved, saving }: Records): Records {
  const done = saved?.catalogue === saving?.catalogue && saving?.wanted.every((id) => saved?.datasets.includes(id));
  return { saved, saving: done ? undefined : saving };
}

/** What each button that saves something would download. */
function costs(shell: boolean): Partial<State> {
  const { current, saved, saving } = state;
  if (!current) {
    return {};
  }
  const cost = (ids: string[]): number => missingBytes(store, current, wantedOf(current, ids, saved), there) + (shell ? 0 : SHELL_BYTES);
  return {
    costs: Object.fromEntries(current.catalogue.datasets.map(({ id }) => [id, cost([id])])),
    costOfSaved: cost([]),
    costOfWanted: cost(saving?.wanted ?? []),
  };
}

/** Asks the site what it publishes now. */
async function look(): Promise<void> {
  show({ activity: state.activity === "idle" ? "looking" : state.activity });
  const answer = await fetchCatalogue(site);
  const done = state.activity === "looking" ? { activity: "idle" as const } : {};
  if (typeof answer === "string") {
    show({ ...done, reason: answer });
  } else {
    await refresh({ ...done, current: answer, room: await room(), reason: state.reason?.startsWith("catalogue_") ? undefined : state.reason });
  }
}

async function room(): Promise<State["room"]> {
  const { storage } = navigator as Partial<Navigator>;
  const { quota, usage = 0 } = (await storage?.estimate?.().catch(() => undefined)) ?? {};
  return quota === undefined ? undefined : { ...state.room, free: Math.max(0, quota - usage) };
}

/** Data sets that are saved already stay in the new record, in the edition of now: a record names one edition. */
async function save(ids: string[]): Promise<void> {
  const { current, saved, activity } = state;
  if (!current || activity !== "idle") {
    return;
  }
  show({ activity: "preparing", elsewhere: false, reason: undefined, needed: undefined, news: undefined, shell: undefined });
  // A page may have been open for a week.
  const now = await fetchCatalogue(site);
  if (typeof now === "string" || now.text !== current.text) {
    await refresh({ activity: "idle", ...(typeof now === "string" ? { reason: now } : { current: now, reason: "replaced" }) });
    return;
  }
  const wanted = wantedOf(current, ids, saved);
  if (!wanted.length) {
    show({ activity: "idle", reason: "withdrawn" });
    return;
  }
  const space = await room();
  const needed = missingBytes(store, current, wanted, there) + SHELL_BYTES + AROUND - (space?.free ?? Infinity);
  if (needed > 0) {
    show({ activity: "idle", room: space, reason: "quota", needed });
    return;
  }
  askToKeep();
  await run(current.text, wanted);
}

/** Some browsers ask the reader first: the download does not wait for the answer. */
function askToKeep(): void {
  const asked = (navigator as Partial<Navigator>).storage?.persist?.();
  void asked?.then((kept) => show({ ...(state.room && { room: { ...state.room, kept } }) })).catch(() => {});
}

async function run(catalogue: string, wanted: string[]): Promise<void> {
  const failure = await keepShell(site);
  if (failure) {
    await refresh({ activity: "idle", reason: failure });
    return;
  }
  show({ activity: "saving", retrying: false });
  const worker = new Worker("save.js");
  worker.onerror = () => act(() => refresh({ activity: "idle", reason: "worker_failed" }));
  worker.onmessage = () => {
    // It has found another at work, whose news come by the channel.
    show({ elsewhere: true });
    void act(watchOthers);
  };
  worker.postMessage({ version: VERSION, catalogue, wanted });
}

/** Until nobody else is at work. */
async function watchOthers(): Promise<void> {
  const { locks } = navigator as Partial<Navigator>;
  await locks?.request(lockOf(site), { mode: "shared" }, () => {});
  if (state.elsewhere || state.activity === "idle") {
    await refresh({ activity: "idle", elsewhere: false });
  }
}

/** With what was wanted before, in the edition of now: what is there of an edition that has been replaced is not used. */
async function goOn(): Promise<void> {
  const { saving } = state;
  if (saving && !state.current) {
    await look();
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
async function remove(clear: () => Promise<void>, news: News, change: Partial<State> = {}): Promise<void> {
  show({ activity: "removing" });
  tellOthers({ kind: "pause" });
  const { locks } = navigator as Partial<Navigator>;
  await (locks ? locks.request(lockOf(site), clear) : clear());
  tellOthers(news);
  await refresh({ activity: "idle", elsewhere: false, reason: undefined, needed: undefined, online: false, room: await room(), ...change });
}

const tellOthers = (news: News): void => channel?.postMessage(news);

async function hear(news: News): Promise<void> {
  const { activity, elsewhere } = state;
  switch (news.kind) {
    case "progress":
      if (activity === "saving") {
        show({ progress: news, retrying: news.retrying, reason: undefined });
      } else if (activity !== "preparing" && activity !== "removing") {
        show({ activity: "saving", elsewhere: true, progress: news, retrying: news.retrying, reason: undefined });
        await watchOthers();
      }
      break;
    case "shell_progress":
      if (activity === "preparing") {
        show({ shell: news });
      }
      break;
    case "saved":
      await finish(elsewhere ? undefined : await keepShell(site));
      break;
    case "paused":
      await refresh({ activity: "idle", elsewhere: false, room: await room() });
      break;
    case "failed":
      await refresh({ activity: "idle", elsewhere: false, reason: news.reason, room: await room() });
      if (news.reason === "replaced") {
        await look();
      }
      break;
    case "removed":
      await refresh({ activity: "idle", elsewhere: false, news: "removed" });
      break;
    case "shell":
    case "heard":
    case "pause":
      break;
  }
}

/** Another tab may have removed the shell meanwhile: lists are of no use where no page opens. */
async function finish(reason: string | undefined): Promise<void> {
  await refresh({ activity: "idle", elsewhere: false, reason, ...(!reason && { news: "saved" }), room: await room() });
}
