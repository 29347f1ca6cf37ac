//! The page for readers: what it does to save lists on the device, and when there is no network.

import type { Catalogue } from "../../pkg/cek_nik";
import { Words, type Language } from "../texts";
import { guardFrame } from "./front";
import { channelOf, lockOf, type News, type Order } from "./news";
import { Store, sum, type Records, type Saved } from "./records";
import { dropShell, keepShell, obstacle, waits } from "./shell";
import type { Current, State } from "./state";
import { View } from "./view";

/** Room for the shell and for what the browser itself writes around each file, in bytes. */
const AROUND = 2_000_000;

const site = new URL("./", location.href).href;
const store = new Store(site);
const view = new View({ look, save, pause, goOn, remove, speak });
let words = new Words("id");
let state: State = { activity: "idle", elsewhere: false, saved: undefined, saving: undefined, progress: { stored: 0, total: 0 }, lost: 0, newer: false };
let away = false;

nameIcon();
const reason = obstacle();
const channel = reason ? undefined : channelOf(site);
if (reason) {
  show({ reason });
} else {
  void begin();
}

async function begin(): Promise<void> {
  channel?.addEventListener("message", ({ data }: MessageEvent<News>) => void hear(data));
  show({});
  await refresh();
  const { saved, saving } = state;
  // Whoever has saved something wants to know whether it is still what the site publishes. Nobody else pays for the question.
  if (saved || saving) {
    void look();
  }
  if (saving) {
    void watchOthers();
  }
  addEventListener("appinstalled", () => void keepShell(site));
  // Asked so that a browser which does not know the question says no.
  if (matchMedia("(display-mode: standalone), (display-mode: minimal-ui), (display-mode: fullscreen)").matches) {
    void keepShell(site);
  }
  await guardFrame((isAway) => {
    away = isAway;
    show({});
  });
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
  view.show(state, words, away);
}

function speak(language: Language): void {
  words = new Words(language);
  show({});
}

/** Reads what is there, which another tab or the browser itself may have changed. */
async function refresh(change: Partial<State> = {}): Promise<void> {
  const { saved, saving } = withoutDone(await store.records());
  const there = saved || saving ? await store.shards() : new Set<string>();
  const of = (record: Saved | undefined, ids: string[] = []) => (record ? store.pieces(JSON.parse(record.catalogue) as Catalogue, ids) : []);
  const wanted = of(saving, saving?.wanted);
  const progress = { stored: sum(wanted.filter(({ url }) => there.has(url))), total: sum(wanted) };
  const lost = of(saved, saved?.datasets).filter(({ url }) => !there.has(url)).length;
  show({ saved, saving, progress, lost, newer: await waits(), ...change });
}

/** A worker that was ended between its last two steps has left a record of what is complete. */
function withoutDone({ saved, saving }: Records): Records {
  const done = saved?.catalogue === saving?.catalogue && saving?.wanted.every((id) => saved?.datasets.includes(id));
  return { saved, saving: done ? undefined : saving };
}

/** Asks the site what it publishes now. */
async function look(): Promise<void> {
  show({ activity: state.activity === "idle" ? "looking" : state.activity });
  const answer = await fetchCatalogue();
  const done = state.activity === "looking" ? { activity: "idle" as const } : {};
  if (typeof answer === "string") {
    show({ ...done, reason: answer });
  } else {
    show({ ...done, current: answer, room: await room(), reason: state.reason?.startsWith("catalogue_") ? undefined : state.reason });
  }
}

async function fetchCatalogue(): Promise<Current | string> {
  let response;
  try {
    response = await fetch("catalogue.json", { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" });
  } catch {
    return "catalogue_unreachable";
  }
  if (response.status !== 200) {
    return response.status === 404 ? "catalogue_not_found" : "catalogue_status";
  }
  try {
    const text = await response.text();
    const catalogue = JSON.parse(text) as Catalogue;
    // Whether it is one to its last field is for the core to say, before anything is stored.
    return catalogue.format === "cek-nik catalogue" && catalogue.datasets.every(({ id }) => typeof id === "string") ? { text, catalogue } : "catalogue_not_a_catalogue";
  } catch {
    return "catalogue_not_json";
  }
}

async function room(): Promise<State["room"]> {
  const { storage } = navigator as Partial<Navigator>;
  const { quota, usage = 0 } = (await storage?.estimate?.()) ?? {};
  return quota === undefined ? undefined : { ...state.room, free: Math.max(0, quota - usage) };
}

/** Data sets that are saved already stay in the new record, in the edition of now: a record names one edition. */
async function save(ids: string[]): Promise<void> {
  const { current, saved } = state;
  if (!current || state.activity !== "idle") {
    return;
  }
  show({ activity: "preparing", elsewhere: false, reason: undefined, needed: undefined, news: undefined });
  const known = current.catalogue.datasets.map(({ id }) => id);
  const wanted = known.filter((id) => ids.includes(id) || saved?.datasets.includes(id));
  if (!wanted.length) {
    show({ activity: "idle", reason: "withdrawn" });
    return;
  }
  const there = await store.shards();
  const missing = sum(store.pieces(current.catalogue, wanted).filter(({ url }) => !there.has(url)));
  const space = await room();
  if (space && missing + AROUND > space.free) {
    show({ activity: "idle", room: space, reason: "quota", needed: missing + AROUND - space.free });
    return;
  }
  askToKeep();
  await run({ version: VERSION, catalogue: current.text, wanted });
}

/** Some browsers ask the reader first: the download does not wait for the answer. */
function askToKeep(): void {
  void (navigator as Partial<Navigator>).storage?.persist?.().then((kept) => show({ ...(state.room && { room: { ...state.room, kept } }) }));
}

async function run(order: Order): Promise<void> {
  const failure = await keepShell(site);
  if (failure) {
    show({ activity: "idle", reason: failure });
    return;
  }
  const worker = new Worker("save.js");
  worker.onerror = () => void refresh({ activity: "idle", reason: "worker_failed" });
  worker.onmessage = () => {
    // It has found another at work, whose news come by the channel.
    show({ activity: "saving", elsewhere: true });
    void watchOthers();
  };
  worker.postMessage(order);
}

/** Until nobody else is at work. */
async function watchOthers(): Promise<void> {
  const { locks } = navigator as Partial<Navigator>;
  await locks?.request(lockOf(site), { mode: "shared" }, () => {});
  if (state.elsewhere || state.activity === "idle") {
    await refresh({ activity: "idle", elsewhere: false });
  }
}

function pause(): void {
  tellOthers({ kind: "pause" });
}

/** With what was wanted before, in the edition of now: what is there of an edition that has been replaced is not used. */
async function goOn(): Promise<void> {
  const { saving, current } = state;
  if (!saving) {
    return;
  }
  if (!current) {
    await look();
  }
  if (state.current) {
    await save(saving.wanted);
  }
}

async function remove(): Promise<void> {
  show({ activity: "removing" });
  tellOthers({ kind: "pause" });
  const { locks } = navigator as Partial<Navigator>;
  const clear = async (): Promise<void> => {
    await store.clear();
    await dropShell(site);
  };
  await (locks ? locks.request(lockOf(site), clear) : clear());
  tellOthers({ kind: "removed" });
  await refresh({ activity: "idle", elsewhere: false, reason: undefined, needed: undefined, news: "removed", room: await room() });
}

const tellOthers = (news: News): void => channel?.postMessage(news);

async function hear(news: News): Promise<void> {
  switch (news.kind) {
    case "progress":
      show({ activity: "saving", elsewhere: state.activity === "idle" || state.elsewhere, progress: { stored: news.stored, total: news.total } });
      break;
    case "saved":
      await refresh({ activity: "idle", elsewhere: false, news: "saved", room: await room() });
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
    case "shell":
    case "heard":
    case "pause":
      break;
    case "removed":
      await refresh({ activity: "idle", elsewhere: false, news: "removed" });
      break;
  }
}
