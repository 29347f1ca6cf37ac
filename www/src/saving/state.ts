import type { Catalogue } from "../../pkg/cek_nik";
import type { Records } from "./records";

/** The site's current catalogue. */
export interface Current {
  text: string;
  catalogue: Catalogue;
}

/** Free storage in bytes. */
interface StorageSpace {
  free: number;
  /** Whether the browser promised not to evict anything. Unknown before it was asked. */
  persistent?: boolean;
}

/** The state of the saving section and of the text above the frame. */
export interface State extends Records {
  /** Whether this browser can save anything here. */
  possible: boolean;
  activity: "idle" | "fetching" | "preparing" | "saving" | "removing";
  /** While saving: whether another tab does it. */
  elsewhere: boolean;
  /** While saving: whether the network failed and the worker tries again. */
  retrying: boolean;
  current?: Current | undefined;
  /** Stored and total bytes of what is wanted, while `saving` is set. */
  progress: { stored: number; total: number };
  /** Stored and total files of the shell, while it is being installed. */
  shell?: { kept: number; files: number } | undefined;
  /** Bytes to download for each data set by its id, including the shell if it is missing. */
  costs: Record<string, number>;
  /** The same for everything saved, in the current edition, and for a paused download. */
  costOfSaved: number;
  costOfWanted: number;
  /** Whether the offline page is stored. */
  shellKept: boolean;
  /** The number of saved shards that have disappeared. */
  lost: number;
  /** Whether there is anything to remove from the device. */
  traces: boolean;
  space?: StorageSpace | undefined;
  reason?: string | undefined;
  /** Missing bytes, if the storage is too small. */
  needed?: number | undefined;
  /** What has just finished. */
  news?: "saved" | "removed" | undefined;
  /** Whether a new version of the page is waiting. */
  newer: boolean;
  /** Whether the site responds. Not checked if the page has just come from it. */
  site: "asked" | "there" | "away";
  /** Whether the reader asked for the online widget although lists are saved. */
  online: boolean;
}
