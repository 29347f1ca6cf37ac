//! The state of the saving section and of the text above the frame, and how events change it.

import type { Catalogue } from "../../pkg/cek_nik";
import type { SavingReason } from "./news";
import type { Records } from "./records";

/** The edition that the site publishes now. */
export interface Edition {
  /** The text of catalogue.json. */
  text: string;
  catalogue: Catalogue;
}

/** The content of this device, read at once. */
export interface Device extends Records {
  /** The addresses of stored shards. */
  shards: ReadonlySet<string>;
  /** Whether the site's service worker is registered, and whether its files are stored. */
  shell: { registered: boolean; kept: boolean };
  /** Whether a new version of the page waits until all tabs are closed. */
  isVersionWaiting: boolean;
}

/** Bytes of a download. */
export interface Progress {
  stored: number;
  total: number;
}

export type Activity =
  | { name: "idle" }
  /** The catalogue is being fetched. */
  | { name: "fetching" }
  /** Files of the shell are being stored: how many of them, once that is known. */
  | { name: "preparing"; shell?: { kept: number; files: number } }
  /** `isElsewhere`: another tab does it. `isRetrying`: the network failed. */
  | { name: "saving"; isElsewhere: boolean; isRetrying: boolean; progress?: Progress }
  | { name: "removing" };

/** What the reader is told about the last action. */
export type Notice =
  | { kind: "saved" }
  | { kind: "removed" }
  /** `missing`: bytes that the storage is too small by. */
  | { kind: "failed"; reason: Reason; missing?: number };

/** The page's own reasons, and those of the core. */
export type Reason = SavingReason | (string & {});

/** Whether the site responds. Not checked if the page has just come from it. */
export type SiteStatus = "asked" | "reachable" | "unreachable";

export type State =
  /** This browser cannot save anything here. */
  { name: "impossible"; reason: Reason } | Possible;

export interface Possible {
  name: "possible";
  site: SiteStatus;
  /** Whether the reader asked for the online widget although lists are saved. */
  isOnline: boolean;
  device: Device;
  activity: Activity;
  notice: Notice | undefined;
  /** Unknown before it was fetched. */
  edition: Edition | undefined;
  /**
   * Free storage in bytes, and whether the browser promised not to evict anything. Unknown before
   * it was asked.
   */
  storage: { free: number | undefined; isPersistent: boolean | undefined };
}

export const INITIAL: Possible = {
  name: "possible",
  site: "reachable",
  isOnline: false,
  device: {
    saved: undefined,
    saving: undefined,
    shards: new Set(),
    shell: { registered: false, kept: true },
    isVersionWaiting: false,
  },
  activity: { name: "idle" },
  notice: undefined,
  edition: undefined,
  storage: { free: undefined, isPersistent: undefined },
};

export type Event =
  | { kind: "device_read"; device: Device }
  | { kind: "storage_estimated"; free: number | undefined }
  | { kind: "persistence_known"; isPersistent: boolean }
  | { kind: "site_known"; site: SiteStatus }
  | { kind: "online_requested" }
  | { kind: "fetch_started" }
  | { kind: "fetched"; edition: Edition }
  | { kind: "fetch_failed"; reason: Reason }
  | { kind: "preparing" }
  | { kind: "shell_progressed"; kept: number; files: number }
  /** This page's worker runs. */
  | { kind: "saving_started" }
  | { kind: "saving_found_elsewhere" }
  | { kind: "saving_progressed"; progress: Progress; isRetrying: boolean }
  /** No other tab is saving any more. */
  | { kind: "others_ended" }
  | { kind: "removing" }
  /** Something is removed from the device, and no action is under way. */
  | { kind: "cleared"; notice?: Notice }
  /** The action has ended. Without a notice there is nothing to tell. */
  | { kind: "ended"; notice?: Notice }
  /** Work in the background failed. */
  | { kind: "failed"; reason: Reason };

const IDLE: Activity = { name: "idle" };

export function reduce(state: Possible, event: Event): Possible {
  const { activity, notice } = state;
  switch (event.kind) {
    case "device_read":
      return { ...state, device: event.device };
    case "storage_estimated":
      return { ...state, storage: { ...state.storage, free: event.free } };
    case "persistence_known":
      return { ...state, storage: { ...state.storage, isPersistent: event.isPersistent } };
    case "site_known":
      return { ...state, site: event.site };
    case "online_requested":
      return { ...state, isOnline: true };
    case "fetch_started":
      return activity.name === "idle" ? { ...state, activity: { name: "fetching" } } : state;
    case "fetched":
      return {
        ...state,
        edition: event.edition,
        activity: afterFetch(activity),
        notice: isAboutFetching(notice) ? undefined : notice,
      };
    case "fetch_failed":
      return {
        ...state,
        activity: afterFetch(activity),
        notice: { kind: "failed", reason: event.reason },
      };
    case "preparing":
      return { ...state, activity: { name: "preparing" }, notice: undefined };
    case "shell_progressed": {
      const { kept, files } = event;
      return activity.name === "preparing"
        ? { ...state, activity: { name: "preparing", shell: { kept, files } } }
        : state;
    }
    case "saving_started":
      return { ...state, activity: { name: "saving", isElsewhere: false, isRetrying: false } };
    case "saving_found_elsewhere":
      return { ...state, activity: { name: "saving", isElsewhere: true, isRetrying: false } };
    case "saving_progressed": {
      const { progress, isRetrying } = event;
      const isElsewhere = activity.name !== "saving" || activity.isElsewhere;
      return {
        ...state,
        activity: { name: "saving", isElsewhere, isRetrying, progress },
        notice: undefined,
      };
    }
    case "others_ended":
      return activity.name === "saving" && activity.isElsewhere
        ? { ...state, activity: IDLE }
        : state;
    case "removing":
      return { ...state, activity: { name: "removing" } };
    case "cleared":
      return { ...state, activity: IDLE, isOnline: false, notice: event.notice };
    case "ended":
      return { ...state, activity: IDLE, notice: event.notice };
    case "failed":
      return { ...state, notice: { kind: "failed", reason: event.reason } };
  }
}

const afterFetch = (activity: Activity): Activity =>
  activity.name === "fetching" ? IDLE : activity;

export const isAboutFetching = (notice: Notice | undefined): boolean =>
  notice?.kind === "failed" && /^(catalogue|edition)_/.test(notice.reason);

/** Whether two states differ in nothing but the bytes of a download. */
export function isOnlyProgress(before: State | undefined, state: State): boolean {
  if (before?.name !== "possible" || state.name !== "possible") {
    return before === state;
  }
  const { activity: was, ...rest } = before;
  const { activity } = state;
  return (
    was.name === "saving" &&
    activity.name === "saving" &&
    was.isElsewhere === activity.isElsewhere &&
    was.isRetrying === activity.isRetrying &&
    Boolean(was.progress) === Boolean(activity.progress) &&
    Object.entries(rest).every(([name, value]) => state[name as keyof Possible] === value)
  );
}
