//! Messages between the saving worker, the service worker and all open pages of a site.

/**
 * A request to the saving worker: save these data sets of this edition. `version` is the page's, and
 * `key` the key that it was built with, or empty.
 */
export interface SaveRequest {
  version: string;
  key: string;
  catalogue: string;
  wanted: string[];
}

/** Why saving failed or stopped. The core's reasons are passed on; these are the page's own. */
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
  /** `retrying`: the network failed and the worker tries again. */
  | { kind: "progress"; stored: number; total: number; retrying: boolean }
  | { kind: "saved" }
  | { kind: "paused" }
  | { kind: "failed"; reason: SavingReason | (string & {}) }
  /**
   * From the service worker: how many files of the shell it has stored, and why it could not be
   * installed.
   */
  | { kind: "shell_progress"; kept: number; files: number }
  | { kind: "shell"; reason: SavingReason }
  | { kind: "heard" }
  /** From one page to the others. */
  | { kind: "pause" }
  | { kind: "removed" };

/** The channel that every page and worker of the site listens to. */
export const channelOf = (site: string): BroadcastChannel =>
  new BroadcastChannel(`cek-nik ${site}`);

/** The name of the lock to hold while changing what is saved. */
export const lockOf = (site: string): string => `cek-nik ${site}`;
