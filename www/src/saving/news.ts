//! What the worker that saves, the service worker and every open page of a site say to each other.

/**
 * What the page asks of the worker: to save these data sets of this edition. `version` is the
 * page's own.
 */
export interface SaveRequest {
  version: string;
  catalogue: string;
  wanted: string[];
}

/**
 * Why nothing could be saved, or no more. Reasons of the core are passed on; these are the page's
 * own.
 */
export type SavingReason =
  | "browser_too_old"
  | "not_secure"
  | "quota"
  | "replaced"
  | "withdrawn"
  | "storage_cleared"
  | "storage_failed"
  | "outdated"
  | "shell_unreachable"
  | "shell_damaged"
  | "worker_failed";

export type News =
  /** `retrying`: the network has failed, and is tried again. */
  | { kind: "progress"; stored: number; total: number; retrying: boolean }
  | { kind: "saved" }
  | { kind: "paused" }
  | { kind: "failed"; reason: SavingReason | (string & {}) }
  /**
   * The service worker: how many files of the shell it keeps, and why it could not be installed.
   */
  | { kind: "shell_progress"; kept: number; files: number }
  | { kind: "shell"; reason: SavingReason }
  | { kind: "heard" }
  /** From one page to the others. */
  | { kind: "pause" }
  | { kind: "removed" };

/** Every page and worker of the site hears what is said there. */
export const channelOf = (site: string): BroadcastChannel =>
  new BroadcastChannel(`cek-nik ${site}`);

/** Held by whoever is changing what is saved. */
export const lockOf = (site: string): string => `cek-nik ${site}`;
